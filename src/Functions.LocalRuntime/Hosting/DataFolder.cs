namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>The host's data folder, held by one host at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    readonly FileStream _lock;

    DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Makes the folder if it is missing and holds it until disposed; null, after a fault, if another host holds it.</summary>
    public static DataFolder? TryHold(string path, FaultList faults)
    {
        try
        {
            var full = System.IO.Path.GetFullPath(path);
            Directory.CreateDirectory(full);
            return new(full, new(System.IO.Path.Combine(full, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            faults.Add("host", path, $"the data folder is not free ({refused.Message}). Is another host running on it?");
            return null;
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _lock.Dispose();
}
