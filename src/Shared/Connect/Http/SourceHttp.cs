using System.Collections.Concurrent;
using System.Net;
using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace DataIngestion.Connect;

/// <summary>Sends requests through the pipelines of their sources.</summary>
internal sealed class SourceHttp : ISourceHttp, ISourceConnections
{
    readonly IHttpClientFactory _clients;
    readonly SecretReader _secrets;
    readonly Authentications _authentications;
    readonly TimeProvider _time;
    readonly ConnectMetrics _metrics;
    readonly ILogger<SourceHttp> _logger;

    // By limits too: runs carry the configuration they began with, and while old and new ones overlap neither resets the other's.
    readonly ConcurrentDictionary<(string Source, LimitsDefinition Limits), SourcePool> _pools = [];

    public SourceHttp(IHttpClientFactory clients, SecretReader secrets, Authentications authentications, TimeProvider time, ConnectMetrics metrics, ILogger<SourceHttp> logger)
    {
        (_clients, _secrets, _authentications, _time, _metrics, _logger) = (clients, secrets, authentications, time, metrics, logger);
        metrics.Observe(() => States);
    }

    public IReadOnlyList<SourceConnectionState> States =>
    [
        .. _pools.Values.GroupBy(pool => pool.Source).OrderBy(pools => pools.Key, StringComparer.Ordinal)
            .Select(pools => pools.OrderByDescending(pool => pool.LastUsed).Select(pool => pool.State).Aggregate((newest, older) => newest with
            {
                InFlight = newest.InFlight + older.InFlight,
                Requests = newest.Requests + older.Requests,
                Retries = newest.Retries + older.Retries,
                RateLimited = newest.RateLimited + older.RateLimited,
                Waited = newest.Waited + older.Waited,
            })),
    ];

    public Task<SourceExchange<T>> SendAsync<T>(
        SourceDefinition source, SourceRequest request, Func<SourceResponse, CancellationToken, Task<T>> read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        return ExecuteAsync(source, request, ReadAsync, cancellationToken);

        async Task<T> ReadAsync(SourcePool pool, SourceCall call, CancellationToken attempt)
        {
            call.Finished = null;
            pool.Begin();
            try
            {
                await using var response = await AskAsync(pool, call, pool.Limits.MaxResponseBytes, attempt);
                return await read(response, attempt);
            }
            finally
            {
                pool.End();
            }
        }
    }

    public Task<SourceExchange<SourceResponse>> OpenAsync(SourceDefinition source, SourceRequest request, CancellationToken cancellationToken = default)
    {
        return ExecuteAsync(source, request, OpenOnceAsync, cancellationToken);

        async Task<SourceResponse> OpenOnceAsync(SourcePool pool, SourceCall call, CancellationToken attempt)
        {
            pool.Begin();
            call.Finished = pool.End;
            try
            {
                return await AskAsync(pool, call, long.MaxValue, attempt);
            }
            catch
            {
                pool.End();
                throw;
            }
        }
    }

    async Task<SourceExchange<T>> ExecuteAsync<T>(
        SourceDefinition source, SourceRequest request, Func<SourcePool, SourceCall, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(request);
        source = _authentications.Complete(source);
        var connection = source.Connection ?? throw new StepFailedException(new() { Code = "connection-missing", Message = $"The source '{source.Source}' has no 'connection': there is nothing to ask." });
        var secrets = await _secrets.ReadAsync(connection, request, cancellationToken);
        try
        {
            return await ExecuteAsync(new SourceCall(source, request, secrets), attempt, cancellationToken);
        }
        catch (StepFailedException refused) when (refused.Failure.HttpStatus == (int)HttpStatusCode.Unauthorized)
        {
            // Outside the pipeline, because the second request counts towards the limits like any other.
            if (!await _authentications.RenewAsync(source.Source, secrets, cancellationToken))
                throw;
            var (value, requests, roundTrip) = await ExecuteAsync(new SourceCall(source, request, secrets), attempt, cancellationToken);
            return new(value, requests + 1, roundTrip);
        }
    }

    async Task<SourceExchange<T>> ExecuteAsync<T>(SourceCall call, Func<SourcePool, SourceCall, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var pool = PoolOf(call.Source, call.Connection.Limits);
        var attempts = 0;
        var began = _time.GetTimestamp();
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(SourcePool.Deadline, _time.GetUtcNow() + pool.Limits.TotalTimeout);
        try
        {
            var value = await pool.Pipeline.ExecuteAsync(
                async (inner, _) =>
                {
                    attempts++;
                    began = _time.GetTimestamp();
                    return await attempt(pool, call, inner.CancellationToken);
                },
                context,
                state: 0);
            return new(value, attempts, _time.GetElapsedTime(began));
        }
        catch (TimeoutRejectedException late)
        {
            throw new StepFailedException(
                new()
                {
                    Code = "timeout",
                    Message = $"{call.Display} did not answer within {late.Timeout} ({attempts} attempt{(attempts == 1 ? "" : "s")}).",
                    IsTransient = true,
                    ErrorType = nameof(TimeoutException),
                },
                late);
        }
        catch (BrokenCircuitException open)
        {
            throw new StepFailedException(
                new()
                {
                    Code = "source-unavailable",
                    Message = $"{call.Display} was not asked: the source '{call.Source}' has failed too often and is left alone for a while.",
                    IsTransient = true,
                    RetryNotBefore = _time.GetUtcNow() + (open.RetryAfter ?? pool.Limits.BreakerDuration),
                },
                open);
        }
        catch (RateLimiterRejectedException refused)
        {
            throw new StepFailedException(
                new()
                {
                    Code = "rate-limited",
                    Message = $"{call.Display} was not asked: its turn within the rate limit of the source '{call.Source}' comes after the request's total timeout.",
                    IsTransient = true,
                    RetryNotBefore = refused.RetryAfter is { } wait ? _time.GetUtcNow() + wait : null,
                },
                refused);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    async Task<SourceResponse> AskAsync(SourcePool pool, SourceCall call, long maxBytes, CancellationToken cancellationToken)
    {
        var client = _clients.CreateClient(SourceClientOptions.NameOf(call.Source, call.Connection.AllowPrivateNetwork));
        var began = _time.GetTimestamp();
        var outcome = "failed";
        HttpResponseMessage? message = null;
        try
        {
            // The real address is put in by SourceHandler.
            using var request = new HttpRequestMessage(new(call.Request.Method), call.Address.GetLeftPart(UriPartial.Authority))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            };
            request.Options.Set(SourceCall.Key, call);
            message = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            outcome = ((int)message.StatusCode).ToString();
            var now = _time.GetUtcNow();
            if (await HttpFailures.OfAsync(message, call, now, cancellationToken) is { } failure)
            {
                if (failure.Failure.HttpStatus == (int)HttpStatusCode.TooManyRequests)
                    pool.NoteRateLimited(failure.Failure.RetryNotBefore);
                throw failure;
            }

            if (message.Content.Headers.ContentLength > maxBytes)
                throw BoundedBody.TooLarge(call.Display, maxBytes);
            var body = new BoundedBody(await ResponseBody.OpenAsync(message, call.Display, cancellationToken), maxBytes, call.Display);
            var response = new SourceResponse(message, message.RequestMessage?.RequestUri ?? call.Address, body, call, now);
            message = null;
            return response;
        }
        catch (HttpRequestException fault)
        {
            throw HttpFailures.Of(fault, call);
        }
        finally
        {
            message?.Dispose();
            _metrics.Answered(call.Source, outcome, _time.GetElapsedTime(began));
        }
    }

    SourcePool PoolOf(string source, LimitsDefinition limits) =>
        _pools.GetOrAdd((source, limits), key => new(key.Source, key.Limits, _time, _metrics, _logger.CircuitOpened));
}
