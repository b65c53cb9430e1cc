using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Collect;

/// <summary>
/// The manifests of sources: files in <c>manifests</c> of the configuration's folder. A run keeps a copy in its landing folder before it asks anything and
/// follows that, so that it never changes under its own feet.
/// </summary>
/// <param name="folder">The configuration's folder; null where there is none.</param>
public sealed class ManifestFiles(Func<string?> folder)
{
    const string CopyName = "source-manifest.yaml";

    /// <summary>The manifest that a run follows.</summary>
    /// <param name="source">Whose it is.</param>
    /// <param name="blobs">Where landing is.</param>
    /// <param name="landing">The run's landing folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StepFailedException">It is not there, or cannot be read (<c>configuration-invalid</c>).</exception>
    internal async Task<ManifestDocument> OpenAsync(SourceDefinition source, BlobStore blobs, LakePath landing, CancellationToken cancellationToken)
    {
        var copy = landing.Child(CopyName);
        var there = await ReadCopyAsync(blobs, copy, cancellationToken);
        if (there is null)
        {
            using var written = new MemoryStream(await ReadFileAsync(source, cancellationToken));
            await blobs.WriteOnceAsync(copy, written, "application/yaml", cancellationToken);
            there = await ReadCopyAsync(blobs, copy, cancellationToken); // another attempt may have been faster
        }

        try
        {
            return ManifestDocument.Parse(source.Manifest!, there!);
        }
        catch (ManifestException wrong)
        {
            throw new StepFailedException(new() { Code = "configuration-invalid", Message = wrong.Message }, wrong);
        }
    }

    async Task<byte[]> ReadFileAsync(SourceDefinition source, CancellationToken cancellationToken)
    {
        var name = source.Manifest!;
        if (name != Path.GetFileName(name) || name is "" or "." or "..")
            throw Invalid($"The source '{source.Source}' names the manifest '{name}': expected the name of a file in the folder 'manifests' of the configuration.");
        if (folder() is not { } configuration)
            throw Invalid($"The manifest '{name}' of the source '{source.Source}' cannot be read: the configuration has no folder.");
        var path = Path.Combine(configuration, "manifests", name);
        try
        {
            var length = new FileInfo(path).Length;
            return length <= 4L * ManifestYaml.MaxText
                ? await File.ReadAllBytesAsync(path, cancellationToken)
                : throw Invalid($"The manifest '{path}' has {length} bytes: expected at most {4L * ManifestYaml.MaxText}.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"The manifest '{path}' of the source '{source.Source}' cannot be read: {unreadable.Message}");
        }
    }

    static async Task<string?> ReadCopyAsync(BlobStore blobs, LakePath copy, CancellationToken cancellationToken)
    {
        if (await blobs.FindAsync(copy, cancellationToken) is null)
            return null;
        await using var content = await blobs.OpenReadAsync(copy, cancellationToken);
        using var text = new StreamReader(content, Encoding.UTF8);
        return await text.ReadToEndAsync(cancellationToken);
    }

    static StepFailedException Invalid(string message) => new(new() { Code = "configuration-invalid", Message = message });
}
