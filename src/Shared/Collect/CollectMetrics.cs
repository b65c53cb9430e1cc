using System.Diagnostics.Metrics;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>The meter <see cref="MeterName"/>.</summary>
public sealed class CollectMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DataIngestion.Collect";

    readonly Counter<long> _artefacts;
    readonly Counter<long> _bytes;
    readonly Counter<long> _records;
    readonly Histogram<double> _duration;

    /// <summary>Creates the instruments.</summary>
    public CollectMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _artefacts = meter.CreateCounter<long>("collect.artefacts", "{artefact}", "Artefacts landed, by source, dataset and whether they hold anything new.");
        _bytes = meter.CreateCounter<long>("collect.bytes", "By", "Bytes landed, by source and dataset.");
        _records = meter.CreateCounter<long>("collect.records", "{record}", "Records received where they are counted, by source, dataset and whether they are new.");
        _duration = meter.CreateHistogram<double>("collect.duration", "s", "Time of a collection that finished, by source and dataset.");
    }

    internal void Finished(LandingManifest manifest, TimeSpan duration)
    {
        var source = new KeyValuePair<string, object?>("source", manifest.Source);
        var dataset = new KeyValuePair<string, object?>("dataset", manifest.Dataset);
        foreach (var (artefacts, isNew) in (ReadOnlySpan<(IReadOnlyList<LandedArtefact>, bool)>)[(manifest.Artefacts, true), (manifest.Passed, false)])
            _artefacts.Add(artefacts.Count, source, dataset, new("new", isNew));

        var all = manifest.Artefacts.Concat(manifest.Passed).ToList();
        var passed = all.Sum(a => (long)a.SkipRecords.Count);
        _bytes.Add(all.Sum(a => a.Length), source, dataset);
        _records.Add(all.Sum(a => a.Records ?? 0) - passed, source, dataset, new("new", true));
        _records.Add(passed, source, dataset, new("new", false));
        _duration.Record(duration.TotalSeconds, source, dataset);
    }
}
