namespace DataIngestion.TestKit;

/// <summary>A folder of its own under the system's temporary folder, removed when disposed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(string purpose = "test") =>
        Path = Directory.CreateTempSubdirectory($"ingest-{purpose}-").FullName;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that is still closing its files may hold them; the system's temporary folder is cleaned by the system.
        }
    }
}
