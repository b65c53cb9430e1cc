using System.Runtime.CompilerServices;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A connection to a system of files. Owns <paramref name="files"/>.</summary>
internal sealed class FileSystemConnection(IRemoteFiles files, SourceSite site, Type readOptions, FileDefaults defaults, FileChunkStore chunks) : ISourceConnection
{
    /// <inheritdoc />
    public bool CanBeReused => files.CanBeReused;

    /// <summary>What is wrong with a dataset of files.</summary>
    public static IEnumerable<ConfigurationFinding> Check(SourceDatasetDefinition dataset)
    {
        if (dataset.Read is { Object: { } folder } read && folder.Trim('/') is { Length: > 0 } path && FileNames.Fault(path) is { } fault)
            yield return new(read, nameof(ReadDefinition.Object), $"the folder '{FileNames.Show(folder)}' {fault}: expected one below the base address, such as 'out/daily'.");
    }

    /// <inheritdoc />
    public Task<string> ProbeAsync(CancellationToken cancellationToken) => files.ProbeAsync(cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in files.ListAsync(folder: null, recursive: true, cancellationToken))
        {
            if ((pattern is null || FileNames.Fits(pattern, file)) && FileNames.Fault(file.Name) is null)
                yield return new(file.Name, "file", []) { Size = file.Length, ModifiedAt = file.ModifiedAt };
        }
    }

    /// <inheritdoc />
    public Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var options = OptionsBinder.Bind(read.Read.Options, readOptions, out var faults) as FileReadOptions
            ?? throw site.Fail("configuration-invalid", string.Join(" ", faults.Select(f => f.Message)), isTransient: false);
        return Task.FromResult<ISourceReader>(new FileReader(files, site, options, read, defaults, chunks.Of(site.Source.Source, read.Dataset.Dataset)));
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => files.DisposeAsync();
}
