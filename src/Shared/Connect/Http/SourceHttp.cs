using System.Net;
using DataIngestion.Contracts;
using Polly;

namespace DataIngestion.Connect;

/// <summary>Sends requests through the pipelines of their sources.</summary>
internal sealed class SourceHttp(
    IHttpClientFactory clients, SecretReader secretReader, Authentications authentications, SourcePipelines pipelines, TimeProvider time, ConnectMetrics metrics, TlsPolicies policies) : ISourceHttp
{
    public Task<SourceExchange<T>> SendAsync<T>(
        SourceDefinition source, SourceRequest request, Func<SourceResponse, CancellationToken, Task<T>> read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        return ExecuteAsync(source, request, isHedged: request?.Method == "GET", ReadAsync, cancellationToken);

        async Task<T> ReadAsync(SourcePipeline pool, SourceCall call, HedgeRace? race, CancellationToken attempt)
        {
            call.Finished = null;
            pool.Begin();
            try
            {
                await using var response = await AskAsync(pool, call, pool.Limits.MaxResponseBytes, attempt);
                race?.Claim();
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
        return ExecuteAsync(source, request, isHedged: false, OpenOnceAsync, cancellationToken);

        async Task<SourceResponse> OpenOnceAsync(SourcePipeline pool, SourceCall call, HedgeRace? race, CancellationToken attempt)
        {
            pool.Begin();
            call.Finished = pool.End;
            try
            {
                return await AskAsync(pool, call, long.MaxValue, attempt, isEndless: true);
            }
            catch
            {
                pool.End();
                throw;
            }
        }
    }

    public Task<SourceExchange<SourceResponse>> DownloadAsync(
        SourceDefinition source, SourceRequest request, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(destination);
        return new RangeDownload(this, source, request, destination, time).RunAsync(cancellationToken);
    }

    async Task<SourceExchange<T>> ExecuteAsync<T>(
        SourceDefinition source, SourceRequest request, bool isHedged, Func<SourcePipeline, SourceCall, HedgeRace?, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Auth is { } own && source.Connection is { } shared)
            source = source with { Connection = shared with { Auth = own } };
        source = authentications.Complete(source);
        var connection = source.Connection ?? throw new StepFailedException(new() { Code = "connection-missing", Message = $"The source '{source.Source}' has no 'connection': there is nothing to ask." });
        var secrets = await secretReader.ReadAsync(connection, request, cancellationToken);
        try
        {
            return await ExecuteAsync(new SourceCall(source, request, secrets), isHedged, attempt, cancellationToken);
        }
        catch (StepFailedException refused) when (refused.Failure.HttpStatus == (int)HttpStatusCode.Unauthorized)
        {
            // Outside the pipeline, because the second request counts towards the limits like any other.
            if (!await authentications.RenewAsync(source.Source, secrets, cancellationToken))
                throw;
            var (value, requests, roundTrip) = await ExecuteAsync(new SourceCall(source, request, secrets), isHedged, attempt, cancellationToken);
            return new(value, requests + 1, roundTrip);
        }
    }

    async Task<SourceExchange<T>> ExecuteAsync<T>(
        SourceCall call, bool isHedged, Func<SourcePipeline, SourceCall, HedgeRace?, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var pool = pipelines.Of(call.Source, call.Connection);
        var attempts = 0;
        var began = time.GetTimestamp();
        var deadline = time.GetUtcNow() + pool.Limits.TotalTimeout;
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(SourcePipeline.Deadline, deadline);
        try
        {
            var value = await pool.Request.ExecuteAsync(
                async (inner, _) => isHedged && pool.Limits.HedgeAfter is { } after
                    ? await Hedging.RunAsync(OnceAsync, pool.Limits.Hedges, after, pool.MayHedge, time, inner.CancellationToken)
                    : await OnceAsync(race: null, inner.CancellationToken),
                context,
                state: 0);
            return new(value, attempts, time.GetElapsedTime(began));
        }
        catch (Exception fault) when (PipelineFailures.IsOne(fault))
        {
            throw PipelineFailures.Of(fault, call.Display, pool, attempts, time.GetUtcNow());
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        async Task<T> OnceAsync(HedgeRace? race, CancellationToken stop)
        {
            // A context of its own, because attempts may run beside each other.
            var mine = ResilienceContextPool.Shared.Get(stop);
            mine.Properties.Set(SourcePipeline.Deadline, deadline);
            mine.Properties.Set(SourcePipeline.Weight, call.Request.Weight);
            try
            {
                return await pool.Attempt.ExecuteAsync(
                    async (inner, _) =>
                    {
                        Interlocked.Increment(ref attempts);
                        Interlocked.Exchange(ref began, time.GetTimestamp());
                        return await attempt(pool, call, race, inner.CancellationToken);
                    },
                    mine,
                    state: 0);
            }
            finally
            {
                ResilienceContextPool.Shared.Return(mine);
            }
        }
    }

    async Task<SourceResponse> AskAsync(SourcePipeline pool, SourceCall call, long maxBytes, CancellationToken cancellationToken, bool isEndless = false)
    {
        var client = clients.CreateClient(SourceClientOptions.NameOf(call.Source, call.Connection.AllowPrivateNetwork, policies.FingerprintOf(call.Connection, call.BaseAddress, call.Secrets)));
        var began = time.GetTimestamp();
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
            var now = time.GetUtcNow();
            JudgedBody? judged = null;
            try
            {
                judged = await JudgedBody.OfAsync(message, call, isEndless, maxBytes, cancellationToken);
            }
            finally
            {
                pool.Heard(message, now, isRefused: judged?.Verdict?.Means is AnswerMeaning.Limited);
            }

            var failure = judged?.Verdict is { } verdict
                ? JudgedBody.FailureOf(verdict, message, call, now)
                : await HttpFailures.OfAsync(message, call, now, judged?.Head, cancellationToken);
            if (failure is not null)
            {
                if (failure.Failure.HttpStatus == (int)HttpStatusCode.TooManyRequests)
                    pool.NoteRateLimited(failure.Failure.RetryNotBefore);
                throw failure;
            }

            if (message.Content.Headers.ContentLength > maxBytes)
                throw BoundedBody.TooLarge(call.Display, maxBytes);
            var body = judged?.Body ?? new BoundedBody(await ResponseBody.OpenAsync(message, call.Display, cancellationToken), maxBytes, call.Display);
            if (call.Request.IsGraphql)
                body = new GraphqlBody(body, call, RetryAfter.Of(message, now));
            var response = new SourceResponse(message, message.RequestMessage?.RequestUri ?? call.Address, body, call, now) { IsEmpty = judged?.Verdict?.Means is AnswerMeaning.Empty };
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
            metrics.Answered(call.Source, outcome, time.GetElapsedTime(began));
        }
    }
}
