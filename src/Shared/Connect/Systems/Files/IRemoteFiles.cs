namespace DataIngestion.Connect;

/// <summary>Files on another machine or in an object store: what the reader of files needs of a system. One caller at a time, but for reading <see cref="Parallel"/> files.</summary>
internal interface IRemoteFiles : IAsyncDisposable
{
    /// <summary>Whether another caller may use it when this one is done.</summary>
    bool CanBeReused => true;

    /// <summary>Files that may be opened, read and looked up at once: small ones are read ahead. 1 where they must come one after the other.</summary>
    int Parallel => 1;

    /// <summary>Something cheap that shows that the system is up and lets us in; one line.</summary>
    Task<string> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>The system's clock, which is what modified times are to be compared with; null where it cannot be learned.</summary>
    Task<DateTimeOffset?> GetClockAsync(CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    /// <summary>Lists files below the base address, in any order. Directories are not among them.</summary>
    /// <param name="folder">Folder or prefix below the base address; null for the base address itself.</param>
    /// <param name="recursive">Whether folders below it count too.</param>
    /// <param name="cancellationToken">Stops it.</param>
    IAsyncEnumerable<RemoteFile> ListAsync(string? folder, bool recursive, CancellationToken cancellationToken);

    /// <summary>Opens a version of a file.</summary>
    /// <param name="file">As it was listed.</param>
    /// <param name="offset">Byte to begin at, after a connection broke; 0 for the whole file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DataIngestion.Contracts.StepFailedException">That version is gone (<c>file-changed</c>, <c>file-missing</c>), or the system failed.</exception>
    Task<Stream> OpenReadAsync(RemoteFile file, long offset, CancellationToken cancellationToken);
}

/// <summary>A file as a listing shows it.</summary>
/// <param name="Name">Path below the base address, parts separated by <c>/</c>, as the system gives it: not yet checked.</param>
/// <param name="Length">Bytes.</param>
/// <param name="ModifiedAt">When it changed last, as exact as the system says.</param>
/// <param name="ETag">What names this version, where the system has that.</param>
internal sealed record RemoteFile(string Name, long Length, DateTimeOffset ModifiedAt, string? ETag = null)
{
    /// <summary>Checksum that the system declares for the content, such as <c>md5:…</c> or <c>crc32c:…</c> in lower-case hexadecimal; null for none.</summary>
    public string? Checksum { get; init; }

    /// <summary>What tells this version from others of the name.</summary>
    public string Version => ETag ?? $"{Length}:{ModifiedAt.UtcTicks}";

    /// <summary>The last part of the name.</summary>
    public string FileName => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>The folder it lies in, with its <c>/</c>; empty for the base address itself.</summary>
    public string FolderName => Name[..(Name.LastIndexOf('/') + 1)];
}
