namespace DataIngestion.Recover;

/// <summary>An object that a target has.</summary>
/// <param name="Sha256">Its name.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="IsNew">Whether it was not there before.</param>
public sealed record StoredObject(string Sha256, long Length, bool IsNew);

/// <summary>
/// Where backups lie: <c>objects/{aa}/{sha256}</c> with contents, <c>backups/{id}.ndjson.gz</c> with what a backup consists of, and
/// <c>partial/…</c> with the notes of one that has not ended. What is written appears whole or not at all.
/// </summary>
public interface IBackupTarget
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>Stores a content under its hash; one that is there is not written again.</summary>
    /// <param name="open">Opens it from the beginning; may be asked twice, and must give the same bytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<StoredObject> StoreAsync(Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken);

    /// <summary>Opens a file; null when there is none.</summary>
    Task<Stream?> TryOpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a file, in place of one of that name.</summary>
    Task WriteAsync(string name, Stream content, CancellationToken cancellationToken);

    /// <summary>Names of the files below a folder, in order.</summary>
    Task<IReadOnlyList<string>> ListAsync(string below, CancellationToken cancellationToken);

    /// <summary>Removes a file; removing what is not there is no error.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}

/// <summary>Names in a target.</summary>
internal static class TargetNames
{
    public const string Backups = "backups/";
    public const string Partial = "partial/";
    public const string Extension = ".ndjson.gz";

    public static string ObjectOf(string sha256) => $"objects/{sha256[..2]}/{sha256}";

    public static string BackupOf(string id) => $"{Backups}{id}{Extension}";

    public static string IdOf(string name) => name[Backups.Length..^Extension.Length];
}
