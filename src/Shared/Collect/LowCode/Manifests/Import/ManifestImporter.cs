using System.Text;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>One import of one manifest.</summary>
internal sealed partial class ManifestImporter
{
    readonly ManifestDocument _manifest;
    readonly ManifestImportRequest _request;
    readonly string _id;
    readonly ImportedConfig _config;
    readonly List<string> _remarks = [];
    readonly List<(string Stream, ConfigurationFault Reason)> _refused = [];

    public ManifestImporter(ManifestDocument manifest, ManifestImportRequest request)
    {
        _manifest = manifest;
        _request = request;
        _id = request.Id ?? IdOf(request.File);
        if (!ConfigurationId.IsValid(_id))
            throw Wrong($"'{_id}' is not a source id: expected {ConfigurationId.Rule}.");
        _config = new(manifest, request, _id);
    }

    public ManifestImportResult Plan()
    {
        var streams = Streams();
        var hosts = new ImportedHosts(_manifest, _config.Values);
        var origins = hosts.Of(streams.Select(s => s.Component));
        if (origins.Count == 0)
            throw Wrong($"no address can be made of the manifest's 'url_base' alone: give the values that it needs with --config ({string.Join(", ", hosts.Unknown)}).");

        var datasets = streams.Select(s => new ImportedDataset(s, _id, _request)).ToList();
        foreach (var dataset in datasets.Where(d => d.Fault is not null))
            _refused.Add((dataset.Stream.Name, dataset.Fault!));
        datasets.RemoveAll(d => d.Fault is not null);
        if (datasets.Count == 0)
            throw new ConfigurationException([.. _refused.Select(r => r.Reason)]);

        _remarks.AddRange(_config.Remarks);
        _remarks.AddRange(datasets.SelectMany(d => d.Remarks));
        foreach (var conditional in streams.Where(s => s.Condition is not null))
            _remarks.Add($"The stream '{conditional.Name}' is there only where {conditional.Condition} holds.");
        if (_manifest.DynamicStreams.Count > 0)
            _remarks.Add("The manifest has streams whose names are known only when it runs: give each that is wanted a dataset with its name as 'stream'.");

        var files = new List<(string, string)>
        {
            ($"manifests/{_id}.yaml", File.ReadAllText(_request.File)),
            ($"sources/{_id}.yaml", SourceText(origins, datasets)),
        };
        files.AddRange(datasets.Where(d => !d.IsThere).Select(d => ($"datasets/{d.Id}.yaml", d.Text())));
        foreach (var (path, _) in files.Where(f => File.Exists(Path.Combine(_request.ConfigsFolder, f.Item1))))
            throw new ConfigurationException([new(path, 0, "is already there: expected another --id, or this file to be removed first.")]);
        Verify(files);
        return new()
        {
            Id = _id,
            Files = files,
            Imported = [.. datasets.Select(d => d.Stream.Name)],
            Refused = _refused,
            WithoutEffect = _manifest.WithoutEffect,
            ToSet = _config.ToSet,
            Remarks = _remarks,
        };
    }

    List<ManifestStream> Streams()
    {
        foreach (var unknown in _request.Streams.Where(s => _manifest.Find(s) is null))
            throw Wrong($"there is no stream '{unknown}': {Suggestion.Phrase(unknown, [.. _manifest.Streams.Select(s => s.Name)])}");
        var wanted = _manifest.Streams.Where(s => _request.Streams.Count == 0 || _request.Streams.Contains(s.Name)).ToList();
        foreach (var stream in wanted)
            _refused.AddRange(stream.Faults.Select(f => (stream.Name, f)));
        // What was asked for by name and cannot run is a fault, not a remark.
        if (_request.Streams.Count > 0 && _refused.Count > 0)
            throw new ConfigurationException([.. _refused.Select(r => r.Reason).Distinct()]);
        var running = wanted.Where(s => s.Faults.Count == 0).DistinctBy(s => s.Name).ToList();
        if (running.Count > 0)
            return running;
        throw _refused.Count > 0 ? new ConfigurationException([.. _refused.Select(r => r.Reason).Distinct()])
            : Wrong("all its streams have names that are known only when it runs: write a definition with 'manifest' and a dataset for each stream.");
    }

    string SourceText(IReadOnlyList<string> origins, List<ImportedDataset> datasets)
    {
        var text = new StringBuilder();
        text.Append("# Made by 'ingest sources import' of an Airbyte low-code manifest, which says what is asked and how.\n");
        text.Append(Yaml.Entry(0, "source", _id));
        text.Append(Yaml.Entry(0, "title", Title(_id)));
        text.Append("kind: api\n# A schedule must not start it before somebody has looked at it.\nenabled: false\n");
        if (Uri.TryCreate(_manifest.Spec.Documentation, UriKind.Absolute, out var docs) && docs.Scheme is "http" or "https")
            text.Append(Yaml.Entry(0, "docs", docs.ToString()));
        text.Append(Yaml.Entry(0, "notes", $"Imported from a manifest of version {_manifest.Version}; limits and schedule are not in it. Not tried against the vendor."));
        text.Append("# The manifest says how requests prove who we are.\nconnection:\n");
        text.Append(Yaml.Entry(1, "baseUrl", origins[0]));
        if (origins.Count > 1)
            text.Append($"  origins: [{string.Join(", ", origins.Skip(1).Select(Yaml.Text))}]\n");
        text.Append(Yaml.Entry(0, "manifest", $"{_id}.yaml"));
        if (_config.Values.Count > 0)
        {
            text.Append("config:\n");
            foreach (var (name, value) in _config.Values)
                text.Append(Yaml.Entry(1, name, value));
        }

        text.Append("datasets:\n");
        foreach (var dataset in datasets)
            text.Append(dataset.SourceText());
        return text.ToString();
    }

    // What was written is read as the platform will read it.
    static void Verify(List<(string Path, string Text)> files)
    {
        var faults = new List<ConfigurationFault>();
        foreach (var (path, text) in files.Skip(1))
        {
            faults.AddRange(path.StartsWith("sources/", StringComparison.Ordinal)
                ? ConfigurationFile.Parse<SourceDefinition>(path, text).Faults
                : ConfigurationFile.Parse<DatasetDefinition>(path, text).Faults);
        }

        if (faults.Count > 0)
            throw new ConfigurationException(faults);
    }

    ConfigurationException Wrong(string message) => new([new(_manifest.File, 0, message)]);

    // A manifest is called manifest.yaml: its folder says what it is about.
    static string IdOf(string file)
    {
        var stem = Path.GetFileNameWithoutExtension(file);
        if (stem is "manifest" or "source" or "connector_manifest")
            stem = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) ?? stem;
        stem = stem.StartsWith("source-", StringComparison.Ordinal) || stem.StartsWith("source_", StringComparison.Ordinal) ? stem["source-".Length..] : stem;
        return Slug(stem);
    }

    /// <summary>An id as words for people.</summary>
    public static string Title(string id) => string.Join(' ', id.Split('-').Select(w => w.Length == 0 ? w : char.ToUpperInvariant(w[0]) + w[1..]));

    /// <summary>Lower-case letters and digits with single hyphens.</summary>
    public static string Slug(string name)
    {
        var slug = Others().Replace(Humps().Replace(name, "$1-$2").ToLowerInvariant(), "-").Trim('-');
        return slug.Length <= 63 ? slug : slug[..63].Trim('-');
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Others();

    [GeneratedRegex("([a-z0-9])([A-Z])", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Humps();
}
