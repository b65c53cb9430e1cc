using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>
/// Folders of this machine and what is mounted into it. Only folders at or below one that the setting <c>Ingestion:LocalFolders</c> lists
/// (separated by <c>;</c>) may be read: whoever writes a source must not read whatever the process may.
/// </summary>
internal sealed class LocalSystem(IConfiguration settings, FileChunkStore chunks) : ISourceSystem
{
    public const string Setting = "Ingestion:LocalFolders";

    /// <inheritdoc />
    public string Name => "local";

    /// <inheritdoc />
    public IReadOnlyList<SourceKind> Kinds => [SourceKind.File];

    /// <inheritdoc />
    public IReadOnlyList<string> Schemes => ["file"];

    /// <inheritdoc />
    public IReadOnlyList<string> Authentication => [];

    /// <inheritdoc />
    public Type ConnectionOptions => typeof(LocalOptions);

    /// <inheritdoc />
    public Type ReadOptions => typeof(FileReadOptions);

    /// <inheritdoc />
    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset) => FileSystemConnection.Check(dataset);

    /// <inheritdoc />
    public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
    {
        if (!site.Address.IsFile || site.Address.IsUnc && !OperatingSystem.IsWindows() || site.Address.Host.Length > 0 && !OperatingSystem.IsWindows())
            throw site.Fail("configuration-invalid", "expected an address such as file:///mnt/drop.", isTransient: false);
        var folder = RealPath.Of(site.Address.LocalPath);
        var allowed = (settings[Setting] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (!Array.Exists(allowed, a => RealPath.IsWithin(RealPath.Of(a), folder)))
            throw site.Fail("address-refused", $"the folder '{folder}' may not be read: add it, or one above it, to the setting '{Setting}' ({(allowed.Length == 0 ? "which is empty" : string.Join(", ", allowed))}).", isTransient: false);
        return Task.FromResult<ISourceConnection>(new FileSystemConnection(new LocalFiles(site, folder), site, ReadOptions, FileDefaults.FileSystem, chunks));
    }
}
