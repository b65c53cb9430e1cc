using System.Diagnostics.Metrics;

namespace DataIngestion.Connect;

/// <summary>The meter <see cref="MeterName"/>.</summary>
public sealed class ConnectMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DataIngestion.Connect";

    readonly Meter _meter;
    readonly Histogram<double> _duration;
    readonly Counter<long> _attempts;
    readonly Counter<long> _taken;

    /// <summary>Creates the instruments.</summary>
    public ConnectMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _duration = _meter.CreateHistogram<double>("connect.request.duration", "s", "Time until the headers of an answer, by source and status.");
        _attempts = _meter.CreateCounter<long>("connect.attempts", "{request}", "Attempts to use a source, by source and what they showed of it: up, down, refused, maintenance.");
        _taken = _meter.CreateCounter<long>("connect.quota.taken", "{permit}", "Permits of a shared quota that requests took, by source and quota.");
        Retries = _meter.CreateCounter<long>("connect.retries", "{request}", "Attempts that repeat a failed one.");
        RetriesRefused = _meter.CreateCounter<long>("connect.retries.refused", "{request}", "Retries not made because the retry budget was spent.");
        Hedges = _meter.CreateCounter<long>("connect.hedges", "{request}", "Attempts made beside one that was slow.");
        RateLimited = _meter.CreateCounter<long>("connect.rate_limited", "{request}", "Answers 429.");
    }

    internal Counter<long> Retries { get; }

    internal Counter<long> RetriesRefused { get; }

    internal Counter<long> Hedges { get; }

    internal Counter<long> RateLimited { get; }

    internal void Answered(string source, string outcome, TimeSpan duration) =>
        _duration.Record(duration.TotalSeconds, new("source", source), new KeyValuePair<string, object?>("outcome", outcome));

    internal void Attempted(string source, SourceSighting sighting) =>
        _attempts.Add(1, new("source", source), new KeyValuePair<string, object?>("sighting", System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(sighting.ToString())));

    internal void Taken(string source, string quota, int permits) =>
        _taken.Add(permits, new("source", source), new KeyValuePair<string, object?>("quota", quota));

    internal void Observe(Func<IReadOnlyList<SourceConnectionState>> states, TimeProvider time)
    {
        _meter.CreateObservableGauge(
            "connect.source.down",
            () => states().Select(s => new Measurement<double>(s.DownSince is { } since ? (time.GetUtcNow() - since).TotalSeconds : 0, new KeyValuePair<string, object?>("source", s.Source))),
            "s",
            "How long every attempt of this process has found the source down, by source; 0 while it is up.");
        _meter.CreateObservableGauge(
            "connect.utilization",
            () => states().SelectMany(Utilizations),
            "%",
            "Share in use of what a source allows at once, by source and resource: concurrency, pool.");
        _meter.CreateObservableGauge(
            "connect.circuit",
            () => states().Select(s => new Measurement<int>((int)s.Circuit, new KeyValuePair<string, object?>("source", s.Source))),
            description: "Circuit breaker: 0 closed, 1 open, 2 half open.");
        _meter.CreateObservableUpDownCounter(
            "connect.in_flight",
            () => states().Select(s => new Measurement<int>(s.InFlight, new KeyValuePair<string, object?>("source", s.Source))),
            "{request}",
            "Attempts under way.");
        _meter.CreateObservableGauge(
            "connect.retry_budget",
            () => states().Where(s => s.RetryBudget is not null).Select(s => new Measurement<int>(s.RetryBudget!.Value, new KeyValuePair<string, object?>("source", s.Source))),
            "{token}",
            "Tokens left in the retry budget.");
        _meter.CreateObservableUpDownCounter(
            "connect.pool.connections",
            () => states().Where(s => s.Pool is not null).SelectMany(s => (Measurement<int>[])
            [
                new(s.Pool!.Idle, new("source", s.Source), new KeyValuePair<string, object?>("state", "idle")),
                new(s.Pool.Open - s.Pool.Idle, new("source", s.Source), new KeyValuePair<string, object?>("state", "used")),
            ]),
            "{connection}",
            "Open connections to systems, by source and state.");
        _meter.CreateObservableUpDownCounter(
            "connect.pool.waiting",
            () => states().Where(s => s.Pool is not null).Select(s => new Measurement<int>(s.Pool!.Waiting, new KeyValuePair<string, object?>("source", s.Source))),
            "{caller}",
            "Callers in line for a connection.");
        _meter.CreateObservableCounter(
            "connect.pool.closed",
            () => states().Where(s => s.Pool is not null).SelectMany(s => (Measurement<long>[])
            [
                new(s.Pool!.Evicted, new("source", s.Source), new KeyValuePair<string, object?>("reason", "evicted")),
                new(s.Pool.Broken, new("source", s.Source), new KeyValuePair<string, object?>("reason", "broken")),
            ]),
            "{connection}",
            "Connections closed for age, or as broken.");
        _meter.CreateObservableGauge(
            "connect.quota.held",
            () => states().Where(s => s.Quota is not null).SelectMany(s => s.Quota!.Limits.Select(l =>
                new Measurement<int>(l.Held, new("source", s.Source), new("quota", s.Quota.Key), new KeyValuePair<string, object?>("per", l.Per.ToString())))),
            "{permit}",
            "Permits of a shared quota that are with this process.");
        _meter.CreateObservableGauge(
            "connect.quota.ceiling",
            () => states().Where(s => s.Quota is not null).SelectMany(s => s.Quota!.Limits.Select(l =>
                new Measurement<int>(l.Ceiling, new("source", s.Source), new("quota", s.Quota.Key), new KeyValuePair<string, object?>("per", l.Per.ToString())))),
            "{permit}",
            "What the vendor seems to allow; less than declared after it refused.");
        _meter.CreateObservableUpDownCounter(
            "connect.quota.waiting",
            () => states().Where(s => s.Quota is not null).Select(s => new Measurement<int>(s.Quota!.Waiting, new("source", s.Source), new KeyValuePair<string, object?>("quota", s.Quota.Key))),
            "{request}",
            "Requests in line for a shared quota.");
    }

    static IEnumerable<Measurement<double>> Utilizations(SourceConnectionState state)
    {
        if (state.MaxInFlight > 0)
            yield return new(100d * state.InFlight / state.MaxInFlight, new("source", state.Source), new KeyValuePair<string, object?>("resource", "concurrency"));
        if (state.Pool is { Max: > 0 } pool)
            yield return new(100d * (pool.Open - pool.Idle) / pool.Max, new("source", state.Source), new KeyValuePair<string, object?>("resource", "pool"));
    }
}
