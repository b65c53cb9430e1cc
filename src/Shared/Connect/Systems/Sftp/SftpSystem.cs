using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>SFTP servers.</summary>
internal sealed class SftpSystem(FileChunkStore chunks) : ISourceSystem
{
    /// <inheritdoc />
    public string Name => "sftp";

    /// <inheritdoc />
    public IReadOnlyList<SourceKind> Kinds => [SourceKind.File];

    /// <inheritdoc />
    public IReadOnlyList<string> Schemes => ["sftp"];

    /// <inheritdoc />
    public IReadOnlyList<string> Authentication => ["basic", SshKeyAuthentication.KindName];

    /// <inheritdoc />
    public Type ConnectionOptions => typeof(SftpOptions);

    /// <inheritdoc />
    public Type ReadOptions => typeof(FileReadOptions);

    /// <inheritdoc />
    public IEnumerable<ConfigurationFinding> Check(SourceDefinition source, SourceDatasetDefinition dataset) => FileSystemConnection.Check(dataset);

    /// <inheritdoc />
    public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
    {
        var session = new SftpSession(site, site.Options<SftpOptions>());
        return new FileSystemConnection(new SftpFiles(site, session, await session.OpenAsync(cancellationToken)), site, ReadOptions, FileDefaults.FileSystem, chunks);
    }
}
