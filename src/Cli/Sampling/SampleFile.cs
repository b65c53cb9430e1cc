using DataIngestion.Contracts;

namespace DataIngestion.Cli.Sampling;

/// <summary>One sample with where it lies.</summary>
internal sealed class SampleFile
{
    readonly ConfigurationFile<SampleDefinition> _file;

    SampleFile(string root, string path)
    {
        Path = path;
        Name = System.IO.Path.GetRelativePath(root, path).Replace('\\', '/');
        Source = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path)!);
        Dataset = System.IO.Path.GetFileNameWithoutExtension(path);
        _file = ConfigurationFile.Read<SampleDefinition>(path);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its path below the repository's root.</summary>
    public string Name { get; }

    /// <summary>Id of the source that it is of: its folder's name.</summary>
    public string Source { get; }

    /// <summary>Id of the dataset that it is of: its name.</summary>
    public string Dataset { get; }

    /// <summary>What it says; null where it cannot be read.</summary>
    public SampleDefinition? Definition => _file.Definition;

    /// <summary>Everything that is wrong with it, each with file and line.</summary>
    public IReadOnlyList<ConfigurationFault> Faults(PlatformConfiguration configuration)
    {
        List<ConfigurationFault> faults = [.. _file.Faults.Select(f => f with { File = Name })];
        if (!configuration.Sources.TryGetValue(Source, out var source))
            faults.Add(new(Name, 0, $"there is no source '{Source}': {Suggestion.Phrase(Source, [.. configuration.Sources.Keys])} A sample lies in the folder named like its source."));
        else if (source.Datasets.All(d => d.Dataset != Dataset))
            faults.Add(new(Name, 0, $"the source '{Source}' has no dataset '{Dataset}': {Suggestion.Phrase(Dataset, [.. source.Datasets.Select(d => d.Dataset)])} A sample is named like its dataset."));
        foreach (var (owner, file) in Definition?.Runs.SelectMany(FilesOf) ?? [])
        {
            if (!IsBeside(file) || !File.Exists(PathOf(file)))
                faults.Add(Find(owner, "File", $"there is no file '{file}' beside the sample's."));
        }

        return faults;
    }

    /// <summary>The full path of a file that the sample names.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, file);

    /// <summary>A message with the file and the line of what it is about.</summary>
    /// <param name="part">A record of the definition.</param>
    /// <param name="member">Its property; empty for the record itself.</param>
    /// <param name="message">What is wrong.</param>
    public string Locate(object part, string member, string message) => Find(part, member, message).ToString();

    /// <summary>The samples of a repository, by source and dataset.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="source">Only those of this source; null for all.</param>
    /// <param name="dataset">Only those of this dataset; null for all.</param>
    public static IReadOnlyList<SampleFile> In(string root, string? source = null, string? dataset = null)
    {
        var folder = System.IO.Path.Combine(root, "samples", "sources");
        return !Directory.Exists(folder) ? [] :
        [
            .. Directory.GetDirectories(folder)
                .Where(d => source is null || System.IO.Path.GetFileName(d) == source)
                .Order(StringComparer.Ordinal)
                .SelectMany(d => Directory.GetFiles(d, "*.yaml").Order(StringComparer.Ordinal))
                .Where(f => dataset is null || System.IO.Path.GetFileNameWithoutExtension(f) == dataset)
                .Select(f => new SampleFile(root, f)),
        ];
    }

    // The lines of a definition are told by reporting something about it.
    ConfigurationFault Find(object part, string member, string message)
    {
        var before = _file.Faults;
        _file.Report(new(part, member, message));
        var found = _file.Faults.Except(before).FirstOrDefault() ?? _file.Faults.FirstOrDefault(f => f.Message == message) ?? new(Name, 0, message);
        return found with { File = Name };
    }

    static IEnumerable<(object Owner, string File)> FilesOf(SampleRun run) =>
    [
        .. run.Exchanges.Where(e => e.Response.File is not null).Select(e => ((object)e.Response, e.Response.File!)),
        .. run.Files.Values.Where(f => f.File is not null).Select(f => ((object)f, f.File!)),
    ];

    // A sample reads what lies beside it and nothing else on this machine.
    static bool IsBeside(string file) => file.Length > 0 && !System.IO.Path.IsPathRooted(file) && !file.Split('/', '\\').Contains("..");
}
