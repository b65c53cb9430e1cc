using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace DataIngestion.Observe;

/// <summary>
/// Renders this process's meters (<c>DataIngestion.*</c>) as Prometheus text, whenever it is asked. Collects from its creation on.
/// OpenTelemetry's Prometheus exporter renders only inside ASP.NET Core's pipeline, which a function does not have.
/// </summary>
public sealed class MetricsExporter : IDisposable
{
    /// <summary>Media type of what is written.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
    static readonly double[] Bytes = [1 << 10, 1 << 14, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26, 1 << 28, 1 << 30, 1L << 34];
    static readonly double[] Counts = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

    readonly ConcurrentDictionary<(string Name, MetricKind Kind, bool Observed), MetricFamily> _families = new();
    readonly MeterListener _listener = new();
    readonly Lock _observing = new();

    /// <summary>Begins to collect.</summary>
    public MetricsExporter(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var own = ProcessMetrics.Create(meters);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var heard = instrument.Meter.Name == ProcessMetrics.MeterName ? instrument.Meter == own : instrument.Meter.Name.StartsWith(MeterOwners.Prefix, StringComparison.Ordinal);
            if (heard)
                listener.EnableMeasurementEvents(instrument, Sink.For(instrument, FamilyOf(instrument)));
        };
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, sink) => Record(value, tags, sink));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, sink) => Record(value, tags, sink));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, sink) => Record(value, tags, sink));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, sink) => Record(value, tags, sink));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, sink) => Record(value, tags, sink));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, sink) => Record(value, tags, sink));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, sink) => Record((double)value, tags, sink));
        _listener.Start();
    }

    /// <summary>Writes what a service shows: its capability's metrics, those tagged with its name, and the process's; each with the label <c>service</c>.</summary>
    /// <param name="service">See <see cref="Contracts.Services"/>.</param>
    /// <param name="output">Left open.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task WriteAsync(string service, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(output);
        var text = new StringBuilder(16 << 10);
        lock (_observing) // or another scrape would forget what this one has just observed
        {
            foreach (var family in _families.Values)
                family.BeginObservation();
            _listener.RecordObservableInstruments();
            foreach (var family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
                family.Write(text, service);
        }

        await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }

    /// <summary>Stops collecting.</summary>
    public void Dispose() => _listener.Dispose();

    MetricFamily FamilyOf(Instrument instrument)
    {
        var kind = KindOf(instrument);
        var name = PrometheusText.NameOf(instrument.Name, instrument.Unit, kind);
        return _families.GetOrAdd(
            (name, kind, instrument.IsObservable),
            key => new(Unclaimed(key), PrometheusText.HelpOf(instrument.Description), key.Kind, key.Observed, key.Kind is MetricKind.Histogram ? BoundsOf(instrument) : []));

        // One name has one type in Prometheus.
        string Unclaimed((string Name, MetricKind Kind, bool Observed) key) =>
            _families.Keys.Any(k => k != key && k.Name == key.Name) ? $"{key.Name}_{key.Kind.ToString().ToLowerInvariant()}{(key.Observed ? "_observed" : "")}" : key.Name;
    }

    static void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? sink) => ((Sink)sink!).Record(value, tags);

    static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (open == typeof(Histogram<>))
            return MetricKind.Histogram;
        return open == typeof(Counter<>) || open == typeof(ObservableCounter<>) ? MetricKind.Counter : MetricKind.Gauge;
    }

    static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } advised } => [.. advised],
        Histogram<long> { Advice.HistogramBucketBoundaries: { Count: > 0 } advised } => [.. advised.Select(b => (double)b)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { Count: > 0 } advised } => [.. advised.Select(b => (double)b)],
        { Unit: "s" } => Seconds,
        { Unit: "ms" } => [.. Seconds.Select(s => s * 1_000)],
        { Unit: "By" } => Bytes,
        _ => Counts,
    };

    /// <summary>Where the measurements of one instrument go.</summary>
    sealed class Sink(MetricFamily family, string? owner, bool set)
    {
        readonly KeyValuePair<string, object?> _owner = new("service", owner);

        public static Sink For(Instrument instrument, MetricFamily family)
        {
            var type = instrument.GetType();
            var open = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
            return new(family, MeterOwners.Of(instrument.Meter.Name), set: open == typeof(Gauge<>) || open == typeof(ObservableGauge<>));
        }

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (_owner.Value is null || Names(tags))
            {
                family.Record(value, tags, set);
                return;
            }

            var owned = new TagBuffer();
            if (tags.Length >= TagBuffer.Length)
            {
                family.Record(value, (KeyValuePair<string, object?>[])[_owner, .. tags], set);
                return;
            }

            Span<KeyValuePair<string, object?>> all = owned;
            all[0] = _owner;
            tags.CopyTo(all[1..]);
            family.Record(value, all[..(tags.Length + 1)], set);
        }

        static bool Names(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (name, _) in tags)
            {
                if (name == "service")
                    return true;
            }

            return false;
        }
    }

    [System.Runtime.CompilerServices.InlineArray(Length)]
    struct TagBuffer
    {
        public const int Length = 8;

        KeyValuePair<string, object?> _first;
    }
}
