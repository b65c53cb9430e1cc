using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>FTP servers, encrypted or not.</summary>
internal sealed class FtpSystem(FileChunkStore chunks) : ISourceSystem
{
    /// <inheritdoc />
    public string Name => "ftp";

    /// <inheritdoc />
    public IReadOnlyList<SourceKind> Kinds => [SourceKind.File];

    /// <inheritdoc />
    public IReadOnlyList<string> Schemes => ["ftp", "ftps"];

    /// <inheritdoc />
    public IReadOnlyList<string> Authentication => ["basic"];

    /// <inheritdoc />
    public Type ConnectionOptions => typeof(FtpOptions);

    /// <inheritdoc />
    public Type ReadOptions => typeof(FileReadOptions);

    /// <inheritdoc />
    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset) => FileSystemConnection.Check(dataset);

    /// <inheritdoc />
    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
    {
        var options = site.Options<FtpOptions>();
        return new FileSystemConnection(new FtpFiles(site, options, await FtpControl.OpenAsync(site, options, cancellationToken)), site, ReadOptions, FileDefaults.FileSystem, chunks);
    }
}
