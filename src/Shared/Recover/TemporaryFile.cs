namespace DataIngestion.Recover;

/// <summary>Files that are gone when they are closed.</summary>
internal static class TemporaryFile
{
    public static FileStream Create() => new(Path.Combine(Path.GetTempPath(), $"ingest-{Path.GetRandomFileName()}"), new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        BufferSize = 1 << 16,
    });
}
