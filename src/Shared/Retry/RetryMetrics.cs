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
        _decisions = meter.CreateCounter<long>("ingestion.retry.decisions", "{decision}", "What was decided about failed steps, by action, source and the failure's code.");
        _letters = meter.CreateCounter<long>("ingestion.dead_letters.added", "{letter}", "Runs and messages that were given up, by kind and source; one that failed again after a replay counts again.");
        _replays = meter.CreateCounter<long>("ingestion.dead_letters.replayed", "{replay}", "Dead letters that were put back, by kind.");
    }

    internal void Decided(RetryAction action, string source, string code) =>
        _decisions.Add(1, new("action", Word(action)), new("source", source), new("code", code));

    internal void Added(DeadLetter letter) => _letters.Add(1, new("kind", Word(letter.Kind)), new KeyValuePair<string, object?>("source", letter.Source ?? ""));

    internal void Replayed(DeadLetterKind kind) => _replays.Add(1, new KeyValuePair<string, object?>("kind", Word(kind)));

    static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
