using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// One large answer, in as many requests as it takes (RFC 9110, 14). What came is kept: the next request asks for the rest, on the
/// condition that the answer is still the same one. Where that cannot be known, or the source does not do it, it begins anew.
/// </summary>
internal sealed class RangeDownload(ISourceHttp http, SourceDefinition source, SourceRequest request, Stream destination, TimeProvider time)
{
    // Less than this between two breaks is no progress: a source that sends a few bytes a connection would be asked for ever.
    const long Progress = 64 << 10;

    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    static readonly TimeSpan ClockDoubt = TimeSpan.FromSeconds(60);

    readonly LimitsDefinition _limits = source.Connection?.Limits ?? new();
    SourceResponse? _whole;
    Checksums? _checksums;
    string? _validator;
    long? _total;
    long _length;
    bool _isNoPartTaken;
    int _requests;

    /// <summary>Fetches it.</summary>
    public async Task<SourceExchange<SourceResponse>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (failures, reached) = (0, 0L);
            while (true)
            {
                try
                {
                    if (await OpenAsync(cancellationToken) is { } exchange)
                    {
                        await using var response = exchange.Value;
                        await TakeAsync(response, cancellationToken);
                        return new(_whole ?? response, _requests, exchange.RoundTrip);
                    }
                }
                catch (BrokenOffException broken)
                {
                    failures = _length - reached >= Progress ? 1 : failures + 1;
                    reached = _length;
                    if (failures >= _limits.Attempts)
                        throw broken.Failure;
                    var pause = _limits.Backoff * Math.Pow(2, failures - 1);
                    await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellationToken);
                }
            }
        }
        finally
        {
            _checksums?.Dispose();
        }
    }

    // Null when it has to be asked for anew.
    async Task<SourceExchange<SourceResponse>?> OpenAsync(CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase) { ["Accept-Encoding"] = "identity" };
        var from = _length;
        if (from > 0)
        {
            headers["Range"] = $"bytes={from}-";
            headers["If-Range"] = _validator!;
            headers.Remove("If-None-Match");
            headers.Remove("If-Modified-Since");
        }

        try
        {
            var exchange = await http.OpenAsync(source, request with { Headers = headers }, cancellationToken);
            _requests += exchange.Requests;
            return exchange;
        }
        catch (StepFailedException refused) when (from > 0 && refused.Failure.HttpStatus == (int)HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            _requests++;
            BeginAnew(mayContinue: false);
            return null;
        }
    }

    async Task TakeAsync(SourceResponse response, CancellationToken cancellationToken)
    {
        if (response.Status is HttpStatusCode.NotModified)
            return;
        if (response.Status is not HttpStatusCode.PartialContent)
        {
            BeginAnew(mayContinue: !_isNoPartTaken);
            _whole = response;
            _checksums = Checksums.Of(response.Message);
            _validator = _isNoPartTaken ? null : ValidatorOf(response.Message);
            _total = response.Message.Content.Headers is { ContentEncoding.Count: 0, ContentLength: { } length } ? length : null;
            if (_total > _limits.MaxResponseBytes)
                throw BoundedBody.TooLarge(response.Endpoint, _limits.MaxResponseBytes);
        }
        else if (!IsTheRest(response.Message.Content.Headers.ContentRange))
        {
            BeginAnew(mayContinue: false);
            throw new BrokenOffException(Fail("protocol-error", $"{response.Endpoint} answered with another part than was asked for."));
        }

        try
        {
            await CopyAsync(response, cancellationToken);
            if (_total is { } total && _length != total)
                throw Fail("source-unavailable", $"The answer of {response.Endpoint} ended after {_length:N0} bytes: expected {total:N0}.");
            if (_checksums?.FindMismatch() is { } header)
                throw Checksums.Mismatch(response.Endpoint, header);
        }
        catch (StepFailedException broken) when (broken.Failure is { IsTransient: true, RetryNotBefore: null })
        {
            // Bytes that are wrong do not become right by adding to them.
            if (_validator is null || broken.Failure.Code == "checksum-mismatch")
                BeginAnew(mayContinue: broken.Failure.Code != "checksum-mismatch");
            throw new BrokenOffException(broken);
        }
    }

    async Task CopyAsync(SourceResponse response, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource();
        await using var timer = time.CreateTimer(_ => silence.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        try
        {
            while (true)
            {
                timer.Change(_limits.AttemptTimeout, Timeout.InfiniteTimeSpan);
                var read = await response.Body.ReadAsync(buffer, either.Token);
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // a slow destination is not the source's silence
                if (read == 0)
                    return;
                if (_length + read > _limits.MaxResponseBytes)
                    throw BoundedBody.TooLarge(response.Endpoint, _limits.MaxResponseBytes);
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                _checksums?.Append(buffer.AsSpan(0, read));
                _length += read;
            }
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Fail("timeout", $"{response.Endpoint} sent nothing for {_limits.AttemptTimeout} after {_length:N0} bytes: expected more.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void BeginAnew(bool mayContinue)
    {
        _checksums?.Dispose();
        (_checksums, _validator, _total, _whole) = (null, null, null, null);
        _isNoPartTaken |= !mayContinue;
        if (_length > 0)
            destination.SetLength(0);
        _length = 0;
    }

    bool IsTheRest(ContentRangeHeaderValue? range) =>
        range is { Unit: "bytes", From: { } from, To: { } to } && from == _length && (range.Length is not { } total || (to == total - 1 && (_total ??= total) == total));

    // Only what stands for the very bytes: a weak tag does not, and of two changes within a second a date tells nothing.
    static string? ValidatorOf(HttpResponseMessage message)
    {
        if (message.Content.Headers.ContentEncoding.Count > 0 || message.Headers.AcceptRanges.Contains("none", StringComparer.OrdinalIgnoreCase))
            return null;
        if (message.Headers.ETag is { IsWeak: false, Tag: var tag })
            return tag;
        return message.Headers.ETag is null && message.Content.Headers.LastModified is { } modified && message.Headers.Date - modified >= ClockDoubt
            ? modified.ToString("R", CultureInfo.InvariantCulture)
            : null;
    }

    static StepFailedException Fail(string code, string message) => new(new() { Code = code, Message = message, IsTransient = true });

    /// <summary>It broke off: what is there is kept, or has been given up.</summary>
    sealed class BrokenOffException(StepFailedException failure) : Exception(failure.Message, failure)
    {
        public StepFailedException Failure => failure;
    }
}
