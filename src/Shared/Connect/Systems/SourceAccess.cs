using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>Gives out connections to systems.</summary>
public interface ISourceAccess
{
    /// <summary>Uses a connection of a source. A failure that another attempt may cure is tried again with another connection, within the source's limits.</summary>
    /// <param name="source">The source, with its connection.</param>
    /// <param name="work">What to do; called again when an attempt fails, and then continues where the last one got to.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">No attempt succeeded.</exception>
    Task<T> UseAsync<T>(SourceDefinition source, Func<ISourceConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default);
}

/// <summary>Opens a connection for each use.</summary>
internal sealed class SourceAccess(SourceSystems systems, IConfiguration settings, AddressGuard guard, TimeProvider time) : ISourceAccess
{
    public async Task<T> UseAsync<T>(SourceDefinition source, Func<ISourceConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(work);
        var system = systems.Of(source);
        var site = new SourceSite(source, new(source.Connection!, name => settings[name]), guard, time);
        await using var connection = await system.OpenAsync(site, cancellationToken);
        return await work(connection, cancellationToken);
    }
}
