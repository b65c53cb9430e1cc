using DataIngestion.Contracts;
using Polly;

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

/// <summary>
/// Rents connections from the pools of their sources and uses them in the sources' pipelines. Work has no time limit of its own; waiting
/// has: the total timeout bounds each wait for a turn, for a connection and between attempts, the attempt timeout the opening.
/// </summary>
internal sealed class SourceAccess(
    SourceSystems systems, SecretReader secrets, Authentications authentications, AddressGuard guard,
    ConnectionPools<ISourceConnection> pools, SourcePipelines pipelines, TimeProvider time) : ISourceAccess
{
    public async Task<T> UseAsync<T>(SourceDefinition source, Func<ISourceConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(work);
        var system = systems.Of(source);
        source = authentications.Complete(source);
        var target = source.Connection!;
        var pipeline = pipelines.Of(source.Source, target);
        var key = PoolKey.Of(source);
        var read = await secrets.ReadAsync(target, request: null, cancellationToken);
        try
        {
            return await RepeatAsync();
        }
        catch (StepFailedException refused) when (refused.Failure.Code == "unauthorized")
        {
            // A secret that was changed while we held it: once more with the new one, on a connection that has seen no other.
            if (!await authentications.RenewAsync(source.Source, read, cancellationToken))
                throw;
            pools.Expire(key);
            return await RepeatAsync();
        }

        async Task<T> RepeatAsync()
        {
            var attempts = 0;
            var context = ResilienceContextPool.Shared.Get(cancellationToken);
            try
            {
                return await pipeline.Repeat.ExecuteAsync(
                    async (outer, _) =>
                    {
                        SetDeadline();
                        try
                        {
                            return await pipeline.Use.ExecuteAsync(
                                async (inner, _) =>
                                {
                                    attempts++;
                                    return await OnceAsync(inner.CancellationToken);
                                },
                                outer,
                                state: 0);
                        }
                        finally
                        {
                            SetDeadline(); // of the wait for the next attempt
                        }

                        void SetDeadline() => outer.Properties.Set(SourcePipeline.Deadline, time.GetUtcNow() + pipeline.Limits.TotalTimeout);
                    },
                    context,
                    state: 0);
            }
            catch (Exception fault) when (PipelineFailures.IsOne(fault))
            {
                throw PipelineFailures.Of(fault, target.BaseUrl, pipeline, attempts, time.GetUtcNow());
            }
            finally
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }

        async Task<T> OnceAsync(CancellationToken stop)
        {
            pipeline.Begin();
            try
            {
                using var lease = await RentAsync(stop);
                var result = await work(lease.Connection, stop);
                lease.MarkClean();
                return result;
            }
            catch (StepFailedException failed) when (failed.Failure.Code == "rate-limited")
            {
                pipeline.NoteRateLimited(failed.Failure.RetryNotBefore);
                throw;
            }
            finally
            {
                pipeline.End();
            }
        }

        async Task<ConnectionLease<ISourceConnection>> RentAsync(CancellationToken stop)
        {
            var handlers = new PoolHandlers<ISourceConnection>(OpenAsync, (connection, probe) => connection.ProbeAsync(probe), connection => connection.CanBeReused);
            return await WithinAsync(
                wait => pools.RentAsync(key, pipeline.Limits.MaxConcurrent, handlers, wait),
                pipeline.Limits.TotalTimeout,
                "no connection became free",
                stop);
        }

        Task<ISourceConnection> OpenAsync(CancellationToken stop) => WithinAsync(
            async wait => await system.OpenAsync(new(source, await secrets.ReadAsync(target, request: null, wait), guard, time), wait),
            pipeline.Limits.AttemptTimeout,
            "it did not let us in",
            stop);

        async Task<TValue> WithinAsync<TValue>(Func<CancellationToken, Task<TValue>> action, TimeSpan limit, string what, CancellationToken stop)
        {
            using var late = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
            try
            {
                return await action(either.Token);
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                throw new StepFailedException(new()
                {
                    Code = "timeout",
                    Message = $"{target.BaseUrl}: {what} within {limit}.",
                    IsTransient = true,
                    ErrorType = nameof(TimeoutException),
                });
            }
        }
    }
}
