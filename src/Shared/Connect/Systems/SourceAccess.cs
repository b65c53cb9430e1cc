using DataIngestion.Contracts;

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
internal sealed class SourceAccess(SourceSystems systems, SecretReader secrets, Authentications authentications, AddressGuard guard, TimeProvider time) : ISourceAccess
{
    public async Task<T> UseAsync<T>(SourceDefinition source, Func<ISourceConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(work);
        var system = systems.Of(source);
        source = authentications.Complete(source);
        var read = await secrets.ReadAsync(source.Connection!, request: null, cancellationToken);
        try
        {
            return await OnceAsync();
        }
        catch (StepFailedException refused) when (refused.Failure.Code == "unauthorized")
        {
            // A secret that was changed while we held it: once more with the new one.
            if (!await authentications.RenewAsync(source.Source, read, cancellationToken))
                throw;
            return await OnceAsync();
        }

        async Task<T> OnceAsync()
        {
            await using var connection = await system.OpenAsync(new(source, read, guard, time), cancellationToken);
            return await work(connection, cancellationToken);
        }
    }
}
