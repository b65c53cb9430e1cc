using System.Globalization;
using System.Text.Json;
using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>
/// Reads one window of a WebSocket. A connection that breaks is opened again within the window; what came is in the part either way.
/// Position: the last sequence number, where there is one.
/// </summary>
internal sealed class WebSocketReader : ISourceReader
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    readonly WebSocketConnection _connection;
    readonly SourceRead _read;
    readonly WebSocketReadOptions _options;
    readonly SequenceWatch? _sequence;
    readonly MessageCondition[] _ignore;
    readonly MessageCondition[] _errors;
    readonly List<string> _gaps = [];
    long _repeated;
    int _reconnects;
    bool _isAfterBreak;
    bool _hasListened;
    (long From, long To)? _askedAgain;

    public WebSocketReader(WebSocketConnection connection, SourceRead read)
    {
        (_connection, _read, _options) = (connection, read, OptionsBinder.Bind<WebSocketReadOptions>(read.Read.Options));
        long? last = read.Position is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        if (_options.Sequence is { } path)
            _sequence = new(path, last, _options.ResumeMessage is not null);
        _ignore = [.. _options.Ignore.Select(MessageCondition.Parse)];
        _errors = [.. _options.Errors.Select(MessageCondition.Parse)];
    }

    SourceSite Site => _connection.Site;

    bool NeedsFields => _sequence is not null || _ignore.Length > 0 || _errors.Length > 0;

    public async Task<SourcePart?> ReadNextAsync(Stream destination, CancellationToken cancellationToken)
    {
        var lines = new MessageLines(destination);
        using var window = new CancellationTokenSource(_read.Read.Window, Site.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(window.Token, cancellationToken);
        var pause = FirstPause;
        try
        {
            while (true)
            {
                var before = lines.Records;
                try
                {
                    await ListenAsync(lines, either.Token);
                    break; // full
                }
                catch (StepFailedException broken) when (broken.Failure.IsTransient)
                {
                    if (lines.Records > before)
                        pause = FirstPause;
                    if (_reconnects >= _options.Reconnects || broken.Failure.RetryNotBefore is not null)
                    {
                        if (lines.Records == 0)
                            throw;
                        break; // the window closes early
                    }

                    _reconnects++;
                    _isAfterBreak = true;
                    _connection.Logger.Reconnecting(Site.Source.Source, _read.Dataset.Dataset, broken.Failure.Message);
                }

                await Task.Delay(pause, Site.Time, either.Token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException) when (window.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            if (!_hasListened)
                throw Site.Fail("timeout", $"the connection was not open within the window of {_read.Read.Window}.", isTransient: true);
        }

        await lines.FlushAsync(cancellationToken);
        if (_sequence is { Older: > 0 } && lines.Records == 0)
        {
            throw Site.Fail(
                "source-changed",
                $"It was asked for what comes behind {_sequence.Last} and sent nothing but what comes before: it seems to count anew. Reset the dataset's position.",
                isTransient: false);
        }

        return lines.Records == 0 ? null : PartOf(lines);
    }

    public Task LandedAsync(SourcePart part, CancellationToken cancellationToken) => Task.CompletedTask; // nothing to acknowledge

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Returns when the window is full.
    async Task ListenAsync(MessageLines lines, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        _sequence?.Connected(_options.SequenceScope);
        var isResumed = _options.ResumeMessage is not null && _sequence?.Last is not null;
        foreach (var message in isResumed ? [_options.ResumeMessage!] : _options.Subscribe)
        {
            var position = _sequence?.Last?.ToString(CultureInfo.InvariantCulture) ?? "";
            await session.SendAsync(message.Replace("{position}", position, StringComparison.Ordinal), cancellationToken);
        }

        _hasListened = true;
        using var silence = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        await using var timer = Site.Time.CreateTimer(_ => silence.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (lines.Records < _read.Read.WindowRecords && lines.Bytes < _read.Read.ArtefactBytes)
        {
            cancellationToken.ThrowIfCancellationRequested(); // a stream that never pauses does not wait either
            if (_connection.Options.SilentFor is { } limit)
                timer.Change(limit, Timeout.InfiniteTimeSpan);
            ReadOnlyMemory<byte> message;
            try
            {
                message = await session.ReceiveAsync(either.Token);
            }
            catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw Site.Fail("timeout", $"no message came for {_connection.Options.SilentFor}: the connection counts as dead.", isTransient: true);
            }

            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // a slow landing is not the source's silence
            Take(message.Span, NeedsFields ? WebSocketSession.TryParse(message) : null, lines);
            if (lines.IsFull)
                await lines.FlushAsync(cancellationToken);
        }
    }

    async Task<WebSocketSession> OpenAsync(CancellationToken cancellationToken)
    {
        var patience = Site.Connection.Limits.AttemptTimeout;
        using var late = new CancellationTokenSource(patience, Site.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await _connection.OpenAsync(_read.Read.Object, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Site.Fail("timeout", $"the connection was not open within {patience}.", isTransient: true);
        }
    }

    void Take(ReadOnlySpan<byte> bytes, JsonDocument? message, MessageLines lines)
    {
        using (message)
        {
            var (step, number) = (SequenceStep.Next, (long?)null);
            if (message is not null)
            {
                if (Array.Exists(_errors, e => e.Holds(message.RootElement)))
                    throw Site.Fail("request-refused", $"it refused what was asked: check 'subscribe'. It said: {TextQuote.Of(bytes, Site.Mask)}", isTransient: false);
                if (Array.Exists(_ignore, i => i.Holds(message.RootElement)))
                    return;
                step = _sequence?.See(message.RootElement, out number) ?? SequenceStep.Next;
            }

            if (step is SequenceStep.Repeat)
            {
                _repeated++;
                return;
            }

            if (step is SequenceStep.Gap)
                Note(_sequence!.Missing);
            var notice = new Notice(Site.Time.GetUtcNow(), step is SequenceStep.Gap ? _sequence!.Missing : null, _isAfterBreak && _options.ResumeMessage is null);
            lines.Add(notice, static (writer, said) => said.Write(writer), bytes);
            _sequence?.Take(number);
            _isAfterBreak = false;
        }
    }

    void Note((long From, long To) missing)
    {
        // A vendor that can repeat is asked once; a gap that stays is one.
        if (_options.ResumeMessage is not null && _askedAgain != missing && _reconnects < _options.Reconnects)
        {
            _askedAgain = missing;
            throw Site.Fail("source-unavailable", $"messages {missing.From} to {missing.To} did not come: they are asked for again.", isTransient: true);
        }

        if (_options.OnGap is WebSocketGap.Fail)
            throw Site.Fail("source-changed", $"messages {missing.From} to {missing.To} are missing. Set 'onGap: report' to go on without them.", isTransient: false);
        _connection.Logger.GapFound(Site.Source.Source, _read.Dataset.Dataset, missing.From, missing.To);
        _gaps.Add($"{missing.From}-{missing.To}");
    }

    SourcePart PartOf(MessageLines lines)
    {
        var headers = new Dictionary<string, string>();
        if (_gaps.Count > 0)
            headers["gaps"] = string.Join(' ', _gaps.Take(20)) + (_gaps.Count > 20 ? $" and {_gaps.Count - 20} more" : "");
        if (_reconnects > 0)
            headers["reconnects"] = $"{_reconnects}";
        if (_repeated > 0)
            headers["repeated"] = $"{_repeated}";
        return new()
        {
            Name = $"{_read.Dataset.Dataset}.ndjson",
            Position = _options.SequenceScope is SequenceScope.Stream ? _sequence?.Last?.ToString(CultureInfo.InvariantCulture) : null,
            KnownAt = Site.Time.GetUtcNow(),
            ContentType = MessageLines.ContentType,
            Records = lines.Records,
            Headers = headers,
        };
    }

    /// <summary>What we say of a message.</summary>
    readonly record struct Notice(DateTimeOffset ReceivedAt, (long From, long To)? Missing, bool IsAfterBreak)
    {
        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteString("_received", ReceivedAt.UtcDateTime);
            if (Missing is { } missing)
            {
                writer.WriteStartObject("_gap");
                writer.WriteNumber("from", missing.From);
                writer.WriteNumber("to", missing.To);
                writer.WriteEndObject();
            }

            if (IsAfterBreak)
                writer.WriteBoolean("_after_break", true);
        }
    }
}
