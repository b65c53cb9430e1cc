using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>What of a manifest is to become a source.</summary>
public sealed record ManifestImportRequest
{
    /// <summary>The manifest.</summary>
    public required string File { get; init; }

    /// <summary>Id of the source; null for one made of the file's name.</summary>
    public string? Id { get; init; }

    /// <summary>Values of the manifest's configuration, by name (<c>credentials.api_key</c>). Secrets are references.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();

    /// <summary>The streams wanted; empty for all that can run.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>The folder with <c>sources</c>, <c>datasets</c> and <c>manifests</c>.</summary>
    public required string ConfigsFolder { get; init; }
}

/// <summary>What a manifest became.</summary>
public sealed record ManifestImportResult
{
    /// <summary>Id of the source.</summary>
    public required string Id { get; init; }

    /// <summary>The files, by their path below the folder with sources, and their texts. None is there yet.</summary>
    public required IReadOnlyList<(string Path, string Text)> Files { get; init; }

    /// <summary>Names of the streams that became datasets.</summary>
    public required IReadOnlyList<string> Imported { get; init; }

    /// <summary>Streams that did not, each with why, and where.</summary>
    public required IReadOnlyList<(string Stream, ConfigurationFault Reason)> Refused { get; init; }

    /// <summary>Fields that are read and have no effect.</summary>
    public required IReadOnlyList<ConfigurationFault> WithoutEffect { get; init; }

    /// <summary>Settings that have to be set before it runs, with what each is.</summary>
    public required IReadOnlyList<(string Name, string What)> ToSet { get; init; }

    /// <summary>What else a reader has to know.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}

/// <summary>Makes a source of an Airbyte low-code manifest: the manifest itself, a definition that names its streams, and a dataset for each.</summary>
public static class ManifestImport
{
    /// <summary>Makes the files' texts; writes nothing.</summary>
    /// <exception cref="ConfigurationException">The manifest cannot be read, or nothing of it can run; all that is wrong is named with file and line.</exception>
    public static ManifestImportResult Plan(ManifestImportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ManifestDocument manifest;
        try
        {
            manifest = ManifestDocument.Read(request.File);
        }
        catch (ManifestException unreadable)
        {
            throw new ConfigurationException([unreadable.Fault]);
        }

        if (manifest.Faults.Count > 0)
            throw new ConfigurationException(manifest.Faults);
        return new ManifestImporter(manifest, request).Plan();
    }
}
