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

/// <summary>Rents connections from the pools of their sources.</summary>
internal sealed class SourceAccess(
    SourceSystems systems, SecretReader secrets, Authentications authentications, AddressGuard guard, ConnectionPools<ISourceConnection> pools, TimeProvider time) : ISourceAccess
{
    public async Task<T> UseAsync<T>(SourceDefinition source, Func<ISourceConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(work);
        var system = systems.Of(source);
        source = authentications.Complete(source);
        var handlers = new PoolHandlers<ISourceConnection>(
            async stop => await system.OpenAsync(new(source, await secrets.ReadAsync(source.Connection!, request: null, stop), guard, time), stop),
            (connection, stop) => connection.ProbeAsync(stop),
            connection => connection.CanBeReused);
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
            using var lease = await pools.RentAsync(PoolKey.Of(source), source.Connection!.Limits.MaxConcurrent, handlers, cancellationToken);
            var result = await work(lease.Connection, cancellationToken);
            lease.MarkClean();
            return result;
        }
    }
}
