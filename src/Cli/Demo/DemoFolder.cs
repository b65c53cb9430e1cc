using DataIngestion.Cli.Platform;

namespace DataIngestion.Cli.Demo;

/// <summary>The folder in which a demo keeps its data: emptied each time, and never one that holds anything else.</summary>
internal static class DemoFolder
{
    const string Mark = "made-by-ingest-demo";

    /// <summary>Empties or creates it.</summary>
    /// <exception cref="CommandFailedException">It holds something that no demo made.</exception>
    public static void Prepare(string folder)
    {
        var mark = Path.Combine(folder, Mark);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            if (!File.Exists(mark))
                throw new CommandFailedException(ExitCodes.Usage, $"'{folder}' is not empty and was not made by a demo: name another folder with --data, or empty it.");
            if (PlatformFile.Read(folder) is { IsRunning: true } running)
                throw new CommandFailedException(ExitCodes.Failed, $"A demo is running in '{folder}' (process {running.ProcessId}): wait for its end, or name another folder with --data.");
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(mark, "Everything in this folder is deleted when 'ingest demo' runs again.\n");
    }
}
