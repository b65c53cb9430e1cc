using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect.Tests;

/// <summary>Everything that leaves this process: logs of all levels with their scopes, spans, tags of metrics, and what a test adds.</summary>
internal sealed class WatchedOutputs : ILoggerProvider, ILogger
{
    readonly ConcurrentQueue<(string Where, string Text)> _seen = [];
    readonly ActivityListener _activities;
    readonly MeterListener _meters = new();

    public WatchedOutputs()
    {
        _activities = new()
        {
            ShouldListenTo = source => !source.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal), // the server of the test
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Add($"span {activity.Source.Name}", string.Join(
                '\n',
                [
                    activity.DisplayName, activity.OperationName, $"{activity.StatusDescription}", .. activity.TagObjects.Select(t => $"{t.Key}={t.Value}"), .. activity.Baggage.Select(b => $"{b.Key}={b.Value}"),
                    .. activity.Events.SelectMany(e => e.Tags.Select(t => $"{e.Name} {t.Key}={t.Value}")),
                ])),
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (!instrument.Meter.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Add(instrument, tags));
        _meters.Start();
    }

    public bool HasLogs => _seen.Any(s => s.Where == "log");

    public void Add(string where, string? text) => _seen.Enqueue((where, text ?? ""));

    /// <summary>An exception as people and dead letters see it, with everything that hangs on it.</summary>
    public void Add(Exception fault)
    {
        var text = new StringBuilder(fault.ToString());
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            text.AppendLine(inner.Message);
            foreach (System.Collections.DictionaryEntry entry in inner.Data)
                text.AppendLine($"{entry.Key}={entry.Value}");
        }

        Add("exception", text.ToString());
        if (fault is StepFailedException step)
            Add("failure", JsonSerializer.Serialize(step.Failure));
    }

    /// <summary>Where a text was seen, in any form in which it may be written.</summary>
    public IEnumerable<string> Find(string secret)
    {
        _meters.RecordObservableInstruments();
        var forms = new[]
        {
            secret, Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)),
            JsonSerializer.Serialize(secret).Trim('"'), System.Net.WebUtility.HtmlEncode(secret), System.Net.WebUtility.UrlEncode(secret),
        };
        return _seen.Where(s => forms.Any(f => s.Text.Contains(f, StringComparison.OrdinalIgnoreCase))).Select(s => $"{s.Where}: {s.Text}");
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Add("scope", TextOf(state));
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Add("log", $"{formatter(state, exception)} {TextOf(state)} {exception}");

    public void Dispose()
    {
        _activities.Dispose();
        _meters.Dispose();
    }

    void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
            text.AppendLine($"{name}={value}");
        Add($"metric {instrument.Name}", text.ToString());
    }

    static string TextOf<TState>(TState state) =>
        state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join('\n', pairs.Select(p => $"{p.Key}={p.Value}")) : $"{state}";
}
