using System.Diagnostics.Metrics;
using DataIngestion.Contracts;

namespace DataIngestion.Govern;

/// <summary>The meter <see cref="MeterName"/>.</summary>
public sealed class GovernMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DataIngestion.Govern";

    readonly Histogram<double> _score;

    /// <summary>Creates the instruments.</summary>
    public GovernMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _score = meters.Create(MeterName).CreateHistogram(
            "quality.score",
            "1",
            "Score of the quality gate, 0 to 100, by source, dataset and whether it passed.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 98, 99, 99.9, 100] });
    }

    internal void Judged(QualityArguments judged, QualityResult result) => _score.Record(
        result.Score, new("source", judged.Source), new("dataset", judged.Dataset.Dataset), new KeyValuePair<string, object?>("passed", result.Passed));
}
