using System.Diagnostics.Metrics;
using DataIngestion.Contracts;

namespace DataIngestion.Agents.Commands;

/// <summary>The meter <see cref="MeterName"/>: the steps that agents carried out.</summary>
public sealed class StepMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "DataIngestion.Steps";

    readonly Histogram<double> _duration;
    readonly Histogram<double> _slowness;

    /// <summary>Creates the instruments.</summary>
    public StepMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>(
            "ingestion.steps.duration", "s", "Time of one attempt of a step, by service, step, source, dataset and outcome: done, failed, or waiting for a source at work. Its failure's code is the tag code.");
        _slowness = meter.CreateHistogram(
            "ingestion.steps.slowness",
            "1",
            "Time of a step that succeeded as a multiple of the median of its own last seven days, by service, step, source and dataset; told from the sixth time on.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 5, 10, 30, 100] });
    }

    internal void Ended(string service, StepName step, AgentReply reply, TimeSpan duration) => _duration.Record(
        duration.TotalSeconds,
        [.. Tags(service, step), new("outcome", reply.Failure switch { null => "done", { IsWaiting: true } => "waiting", _ => "failed" }), new("code", reply.Failure?.Code ?? "")]);

    internal void Compared(string service, StepName step, double slowness) => _slowness.Record(slowness, [.. Tags(service, step)]);

    static KeyValuePair<string, object?>[] Tags(string service, StepName step) =>
        [new("service", service), new("step", step.Step), new("source", step.Source), new("dataset", step.Dataset)];
}
