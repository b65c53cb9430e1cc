using System.Diagnostics.Metrics;

namespace DataIngestion.Observe;

/// <summary>What the process itself uses.</summary>
internal static class ProcessMetrics
{
    public const string MeterName = "DataIngestion.Process";

    /// <summary>A meter of its own: another host in the same process has another one and says the same.</summary>
    public static Meter Create(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Memory that the process holds.");
        meter.CreateObservableGauge("dotnet.gc.heap", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Managed objects, dead ones included.");
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time used.");
        meter.CreateObservableGauge("dotnet.thread_pool.queue", () => ThreadPool.PendingWorkItemCount, "{item}", "Work that waits for a thread.");
        return meter;
    }
}
