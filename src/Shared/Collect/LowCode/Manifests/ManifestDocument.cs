using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// A low-code manifest (<c>type: DeclarativeSource</c>) ready to be run: references followed, parameters handed down, old names renewed. What is wrong with it is
/// <see cref="Faults"/> where it concerns all of it, and a stream's own faults where it concerns only that.
/// </summary>
internal sealed class ManifestDocument
{
    ManifestDocument(string file, ManifestComponent root)
    {
        File = file;
        Root = root;
    }

    /// <summary>Its file, as faults name it.</summary>
    public string File { get; }

    /// <summary>All of it.</summary>
    public ManifestComponent Root { get; }

    /// <summary>The version of the language that it is written in, such as <c>6.48.6</c>.</summary>
    public string Version => Root.Text("version") ?? "";

    /// <summary>What a check asks.</summary>
    public ManifestComponent? Check => Root.Child("check");

    /// <summary>Bounds of how often addresses may be asked.</summary>
    public ManifestComponent? ApiBudget => Root.Child("api_budget");

    /// <summary>What has to be configured.</summary>
    public required ManifestSpec Spec { get; init; }

    /// <summary>The streams, those inside conditions included; each with its own faults.</summary>
    public required IReadOnlyList<ManifestStream> Streams { get; init; }

    /// <summary>Streams that are made when it runs; what they are made of is left to what runs them.</summary>
    public required IReadOnlyList<ManifestComponent> DynamicStreams { get; init; }

    /// <summary>What is wrong with all of it.</summary>
    public required IReadOnlyList<ConfigurationFault> Faults { get; init; }

    /// <summary>Fields that are understood and have no effect here, each with the reason.</summary>
    public required IReadOnlyList<ConfigurationFault> WithoutEffect { get; init; }

    /// <summary>The stream of that name.</summary>
    public ManifestStream? Find(string stream) => Streams.FirstOrDefault(s => s.Name == stream);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ManifestException">It cannot be read at all.</exception>
    public static ManifestDocument Read(string path)
    {
        var shown = path.Replace('\\', '/');
        try
        {
            var length = new FileInfo(path).Length;
            if (length > 4L * ManifestYaml.MaxText)
                throw new ManifestException(new(shown, 0, $"the file has {length} bytes: expected at most {ManifestYaml.MaxText}."));
            return Parse(shown, System.IO.File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new ManifestException(new(shown, 0, $"cannot be read: {unreadable.Message}"));
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="name">How faults name it.</param>
    /// <param name="text">YAML or JSON.</param>
    /// <exception cref="ManifestException">It cannot be read at all.</exception>
    public static ManifestDocument Parse(string name, string text)
    {
        var written = new ManifestYaml(name).Read(text);
        if (written.Text("type") is { } type && type != "DeclarativeSource")
            throw written.Fault("type", $"is '{type}': expected DeclarativeSource.");
        if (!written.Has("streams") && !written.Has("dynamic_streams"))
            throw new ManifestException(new(name, written.Line, "there are no streams: expected an Airbyte low-code manifest with 'streams' or 'dynamic_streams'."));

        ManifestVersions.Rename(written);
        var references = new ManifestReferences(written);
        var root = new ManifestComponent(name, written.Line);
        root.Fields["type"] = new ManifestValue(written.Line, "DeclarativeSource");
        // What is not part of the source itself is only looked at where something refers to it: unused definitions may be broken.
        foreach (var (field, node) in written.Fields.Where(f => f.Key is not ("type" or "definitions" or "schemas")))
            root.Fields[field] = references.Resolve(node);
        ManifestParameters.HandDown(root, "", []);
        ManifestVersions.Normalise(root);

        var checks = new ManifestChecks();
        checks.Top(root);
        var streams = Split(root, checks);
        var dynamic = root.Children("dynamic_streams");
        foreach (var stream in dynamic)
            checks.Component(stream, "dynamic_streams");
        return new(name, root)
        {
            Spec = ManifestSpec.Of(root),
            Streams = streams,
            DynamicStreams = dynamic,
            Faults = Ordered(checks.Faults),
            WithoutEffect = Ordered(checks.WithoutEffect),
        };
    }

    static List<ManifestStream> Split(ManifestComponent root, ManifestChecks checks)
    {
        var streams = new List<ManifestStream>();
        foreach (var stream in root.Children("streams"))
        {
            if (stream.Type == "ConditionalStreams")
                streams.AddRange(stream.Children("streams").Select(s => ManifestStream.Of(s, stream.Template("condition"), checks)));
            else
                streams.Add(ManifestStream.Of(stream, null, checks));
        }

        foreach (var twice in streams.GroupBy(s => s.Name).Where(g => g.Count() > 1 && g.All(s => s.Condition is null)))
            checks.Faults.Add(new(root.File, twice.Last().Component.Line, $"the stream '{twice.Key}' is there twice."));
        return streams;
    }

    static IReadOnlyList<ConfigurationFault> Ordered(IEnumerable<ConfigurationFault> faults) => [.. faults.Distinct().OrderBy(f => f.Line)];
}
