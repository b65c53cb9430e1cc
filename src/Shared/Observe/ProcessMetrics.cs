using System.Diagnostics;
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
        meter.CreateObservableGauge("process.memory.utilization", Memory, "%", "Share of the memory that the process may use that it holds.");
        meter.CreateObservableGauge("process.cpu.utilization", new CpuShare().Measure, "%", "Share of the processors' time used since the last look.");
        meter.CreateObservableGauge("dotnet.thread_pool.queue", () => ThreadPool.PendingWorkItemCount, "{item}", "Work that waits for a thread.");
        return meter;
    }

    static double Memory() => 100d * Environment.WorkingSet / GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Several readers look at their own times, so a look right after another one repeats its answer.</summary>
    sealed class CpuShare
    {
        static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

        readonly Lock _lock = new();
        long _at = Stopwatch.GetTimestamp();
        TimeSpan _used = Environment.CpuUsage.TotalTime;
        double _share;

        public double Measure()
        {
            lock (_lock)
            {
                var elapsed = Stopwatch.GetElapsedTime(_at);
                if (elapsed < Shortest)
                    return _share;
                var used = Environment.CpuUsage.TotalTime;
                _share = 100 * ((used - _used) / elapsed) / Environment.ProcessorCount;
                (_at, _used) = (Stopwatch.GetTimestamp(), used);
                return _share;
            }
        }
    }
}
