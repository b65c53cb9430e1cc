using System.Diagnostics.Metrics;
using DataIngestion.Contracts;

namespace DataIngestion.Retry;

/// <summary>Counts retry decisions and dead letters.</summary>
public sealed class RetryMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DataIngestion.Retry";

    readonly Counter<long> _decisions;
    readonly Counter<long> _letters;
    readonly Counter<long> _replays;

    /// <summary>Creates the instruments.</summary>
    public RetryMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _decisions = meter.CreateCounter<long>("ingestion.retry.decisions", "{decision}", "What was decided about failed steps.");
        _letters = meter.CreateCounter<long>("ingestion.dead_letters.added", "{letter}", "Runs and messages that were given up.");
        _replays = meter.CreateCounter<long>("ingestion.dead_letters.replayed", "{replay}", "Dead letters that were put back.");
    }

    internal void Decided(RetryAction action, string source, string code) =>
        _decisions.Add(1, new("action", Word(action)), new("source", source), new("code", code));

    internal void Added(DeadLetterKind kind) => _letters.Add(1, new KeyValuePair<string, object?>("kind", Word(kind)));

    internal void Replayed(DeadLetterKind kind) => _replays.Add(1, new KeyValuePair<string, object?>("kind", Word(kind)));

    static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
