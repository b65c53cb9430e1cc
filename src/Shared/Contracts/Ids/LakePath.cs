using System.Globalization;
using System.Text.Json.Serialization;

namespace DataIngestion.Contracts;

/// <summary>A blob's address without the account: <c>{container}/{name}</c>. Never rooted, never with a <c>..</c> part.</summary>
[JsonConverter(typeof(LakePathJsonConverter))]
public readonly record struct LakePath
{
    /// <summary>An address in a container.</summary>
    /// <exception cref="ArgumentException">A part is empty, <c>.</c> or <c>..</c>, holds a control character or a backslash, or the name is over 1,024 characters.</exception>
    public LakePath(string container, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(container);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 1024 || container.Contains('/') || name.Split('/').Any(IsUnsafe))
            throw new ArgumentException($"'{container}/{name}' is not a path: expected container/part/part without '.', '..', empty parts, backslashes or control characters.", nameof(name));
        Container = container;
        Name = name;
    }

    /// <summary>The container, see <see cref="Containers"/>.</summary>
    public string Container { get; }

    /// <summary>The name inside the container; parts are separated by <c>/</c>.</summary>
    public string Name { get; }

    /// <summary>The last part of the name.</summary>
    public string FileName => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>Reads <c>{container}/{name}</c>.</summary>
    /// <exception cref="ArgumentException">The text is not a path.</exception>
    public static LakePath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? new(text[..slash], text[(slash + 1)..]) : throw new ArgumentException($"'{text}' is not a path: expected container/name.", nameof(text));
    }

    /// <summary>An address below this one.</summary>
    public LakePath Child(string name) => new(Container, $"{Name}/{name}");

    /// <summary>Folder of a run's raw artefacts: <c>landing/{source}/{dataset}/{yyyy}/{MM}/{dd}/{run}</c>, the day being the run's.</summary>
    public static LakePath LandingOf(string source, string dataset, string run)
    {
        if (!RunId.TryParse(run, out _, out var startedAt))
            throw new ArgumentException($"'{run}' is not a run id.", nameof(run));
        return new(Containers.Landing, string.Create(CultureInfo.InvariantCulture, $"{source}/{dataset}/{startedAt:yyyy'/'MM'/'dd}/{run}"));
    }

    /// <summary>Folder of a run's typed Parquet: <c>curated/{dataset}/{source}/{run}</c>.</summary>
    public static LakePath CuratedOf(string dataset, string source, string run) => new(Containers.Curated, $"{dataset}/{source}/{run}");

    /// <summary>Folder of a run's rejected rows: <c>quarantine/{dataset}/{source}/{run}</c>.</summary>
    public static LakePath QuarantineOf(string dataset, string source, string run) => new(Containers.Quarantine, $"{dataset}/{source}/{run}");

    /// <summary>Folder of one snapshot: <c>datasets/{dataset}/snapshots/{knownAt}</c>.</summary>
    public static LakePath SnapshotOf(string dataset, DateTimeOffset knownAt) =>
        new(Containers.Datasets, string.Create(CultureInfo.InvariantCulture, $"{dataset}/snapshots/{knownAt.UtcDateTime:yyyyMMdd'T'HHmmssfffffff'Z'}"));

    /// <summary>The only pointer to a dataset's current snapshot: <c>datasets/{dataset}/current.json</c>.</summary>
    public static LakePath CurrentOf(string dataset) => new(Containers.Datasets, $"{dataset}/current.json");

    /// <summary>State of one source's cursor: <c>control/cursors/{source}/{dataset}.json</c>.</summary>
    public static LakePath CursorOf(string source, string dataset) => new(Containers.Control, $"cursors/{source}/{dataset}.json");

    /// <inheritdoc />
    public override string ToString() => $"{Container}/{Name}";

    static bool IsUnsafe(string part) => part is "" or "." or ".." || part.Any(c => char.IsControl(c) || c == '\\');
}
