using System.Collections.Concurrent;
using System.Text;

namespace DataIngestion.Observe;

/// <summary>What a metric is in Prometheus.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts in buckets.</summary>
    Histogram,
}

/// <summary>All series of one name. Of instruments that share it (one for each host in a process) it is the sum.</summary>
internal sealed class MetricFamily(string name, string help, MetricKind kind, bool observed, double[] bounds)
{
    /// <summary>Series of one family; further combinations of labels are counted together, so that a careless label cannot fill the memory.</summary>
    internal const int MaxSeries = 500;

    const string Overflow = "overflow=\"true\"";

    readonly ConcurrentDictionary<MetricTags, Series> _byTags = new(MetricTags.Comparer);
    readonly Dictionary<(string? Service, string Labels), Series> _byLabels = [];
    readonly Lock _growing = new();

    public string Name { get; } = name;

    /// <summary>Adds to a sum or a histogram, or sets a gauge.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, bool set)
    {
        if (double.IsNaN(value) && !set)
            return; // one would make the sum meaningless for ever
        var series = _byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>().TryGetValue(tags, out var known) ? known : Grow(tags);
        lock (series)
            series.Record(value, set, bounds);
    }

    /// <summary>Forgets what observable instruments said; they are about to say it again.</summary>
    public void BeginObservation()
    {
        if (!observed)
            return;
        lock (_growing)
        {
            _byTags.Clear();
            _byLabels.Clear();
        }
    }

    /// <summary>Writes the family as one service sees it: the series that name the service, and those that name none.</summary>
    public void Write(StringBuilder text, string service)
    {
        List<(string Labels, Series Series)> shown;
        lock (_growing)
            shown = [.. _byLabels.Where(s => s.Key.Service is null || s.Key.Service == service).Select(s => (s.Key.Labels, s.Value))];
        if (shown.Count == 0)
            return;

        if (help.Length > 0)
            text.Append("# HELP ").Append(Name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(kind switch { MetricKind.Counter => "counter", MetricKind.Gauge => "gauge", _ => "histogram" }).Append('\n');
        foreach (var (own, series) in shown.OrderBy(s => s.Labels, StringComparer.Ordinal))
        {
            var labels = own.Length == 0 ? $"service=\"{service}\"" : $"service=\"{service}\",{own}";
            lock (series)
                series.Write(text, Name, labels, kind, bounds);
        }
    }

    Series Grow(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (service, labels) = Labels(tags);
        lock (_growing)
        {
            if (!_byLabels.TryGetValue((service, labels), out var series))
            {
                var full = _byLabels.Count >= MaxSeries;
                if (full && _byLabels.TryGetValue((service, Overflow), out var rest))
                    return rest;
                series = new(kind is MetricKind.Histogram ? bounds.Length + 1 : 0);
                _byLabels.Add((service, full ? Overflow : labels), series);
                if (full)
                    return series;
            }

            if (_byTags.Count < 4 * MaxSeries) // the same labels in other orders
                _byTags.TryAdd(new([.. tags]), series);
            return series;
        }
    }

    static (string? Service, string Labels) Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? service = null;
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in tags)
        {
            if (name == "service")
                service = PrometheusText.ValueOf(value);
            else
                labels.TryAdd(PrometheusText.LabelOf(name), PrometheusText.ValueOf(value));
        }

        return (service, string.Join(',', labels.Select(l => $"{l.Key}=\"{l.Value}\"")));
    }

    sealed class Series(int buckets)
    {
        readonly long[] _buckets = new long[buckets];
        double _sum;

        public void Record(double value, bool set, double[] bounds)
        {
            _sum = set ? value : _sum + value;
            if (_buckets.Length == 0)
                return;
            var bucket = 0;
            while (bucket < bounds.Length && value > bounds[bucket])
                bucket++;
            _buckets[bucket]++;
        }

        public void Write(StringBuilder text, string name, string labels, MetricKind kind, double[] bounds)
        {
            if (kind is not MetricKind.Histogram)
            {
                Line(text, name, labels, PrometheusText.Number(_sum));
                return;
            }

            long count = 0;
            for (var i = 0; i < _buckets.Length; i++)
            {
                count += _buckets[i];
                var bound = i < bounds.Length ? PrometheusText.Number(bounds[i]) : "+Inf";
                Line(text, name + "_bucket", $"{labels},le=\"{bound}\"", count.ToString());
            }

            Line(text, name + "_sum", labels, PrometheusText.Number(_sum));
            Line(text, name + "_count", labels, count.ToString());
        }

        static void Line(StringBuilder text, string name, string labels, string value) =>
            text.Append(name).Append('{').Append(labels).Append("} ").Append(value).Append('\n');
    }
}
