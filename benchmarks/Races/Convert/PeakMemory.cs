using System.Globalization;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>The most resident memory since the last reset, where the system tells (Linux).</summary>
internal static class PeakMemory
{
    const string ClearPeak = "5";

    public static void Reset()
    {
        if (OperatingSystem.IsLinux() && File.Exists("/proc/self/clear_refs"))
            File.WriteAllText("/proc/self/clear_refs", ClearPeak);
    }

    public static double? Megabytes
    {
        get
        {
            if (!File.Exists("/proc/self/status"))
                return null;
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? null : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim('\t'), CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
    }
}
