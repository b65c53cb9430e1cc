using System.ComponentModel;
using System.Diagnostics;

namespace DataIngestion.Benchmarks.Recognition;

/// <summary>What <c>file</c> says, and how long it takes.</summary>
/// <param name="Descriptions">One a file.</param>
/// <param name="MillisecondsPerFile">Of one process over all files, its start included: the best of some runs, divided by the files.</param>
internal sealed record FileProgram(IReadOnlyList<string> Descriptions, double MillisecondsPerFile)
{
    /// <summary>Runs it; null where it is not installed.</summary>
    public static async Task<FileProgram?> RunAsync(IReadOnlyList<LabelledFile> files, int rounds, CancellationToken cancellationToken)
    {
        var list = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(list, files.Select(f => f.Path), cancellationToken);
            string[] lines = [];
            var best = double.MaxValue;
            for (var round = 0; round <= rounds; round++)
            {
                var started = Stopwatch.GetTimestamp();
                using var process = Process.Start(new ProcessStartInfo("file", ["--brief", "--files-from", list]) { RedirectStandardOutput = true, UseShellExecute = false });
                if (process is null)
                    return null;
                var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                lines = output.Split('\n');
            }

            return new([.. lines.Take(files.Count)], best / Math.Max(1, files.Count));
        }
        catch (Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(list);
        }
    }
}
