using System.Diagnostics.Metrics;

namespace DataIngestion.Connect;

/// <summary>The meter <see cref="MeterName"/>.</summary>
public sealed class ConnectMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DataIngestion.Connect";

    readonly Meter _meter;
    readonly Histogram<double> _duration;

    /// <summary>Creates the instruments.</summary>
    public ConnectMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _duration = _meter.CreateHistogram<double>("connect.request.duration", "s", "Time until the headers of an answer, by source and status.");
        Retries = _meter.CreateCounter<long>("connect.retries", "{request}", "Attempts that repeat a failed one.");
        RateLimited = _meter.CreateCounter<long>("connect.rate_limited", "{request}", "Answers 429.");
    }

    internal Counter<long> Retries { get; }

    internal Counter<long> RateLimited { get; }

    internal void Answered(string source, string outcome, TimeSpan duration) =>
        _duration.Record(duration.TotalSeconds, new("source", source), new KeyValuePair<string, object?>("outcome", outcome));

    internal void Observe(Func<IReadOnlyList<SourceConnectionState>> states)
    {
        _meter.CreateObservableGauge(
            "connect.circuit",
            () => states().Select(s => new Measurement<int>((int)s.Circuit, new KeyValuePair<string, object?>("source", s.Source))),
            description: "Circuit breaker: 0 closed, 1 open, 2 half open.");
        _meter.CreateObservableUpDownCounter(
            "connect.in_flight",
            () => states().Select(s => new Measurement<int>(s.InFlight, new KeyValuePair<string, object?>("source", s.Source))),
            "{request}",
            "Attempts under way.");
    }
}
