using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>What is read of a system that is not asked by HTTP. What is not named here is an option of the system.</summary>
public sealed record ReadDefinition
{
    /// <summary>What the system calls the thing: a table, collection, topic, queue, pattern of keys, or folder below the base address.</summary>
    public string? Object { get; init; }

    /// <summary>Bytes after which one artefact ends and the next begins, where the data may be cut; 64 KiB to 4 GiB, default 64 MiB.</summary>
    [Range(64L << 10, 4L << 30)]
    public long ArtefactBytes { get; init; } = 64L << 20;

    /// <summary>For streams: how long one window lasts; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For streams: records after which a window closes early; default 100,000.</summary>
    [Range(1, 100_000_000)]
    public long WindowRecords { get; init; } = 100_000;

    /// <summary>For streams: windows after which a run ends; 0 means never. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int MaxWindows { get; init; }

    /// <summary>Options of the system; a list has an entry a line, a mapping names joined by a dot.</summary>
    [Options]
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}
