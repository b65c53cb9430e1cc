using System.Text.Json.Serialization;
using DataIngestion.Contracts;

namespace DataIngestion.Recover;

/// <summary>One blob or table in a backup.</summary>
public sealed record BackupEntry
{
    /// <summary>The blob; null for a table.</summary>
    public LakePath? Path { get; init; }

    /// <summary>The table; null for a blob.</summary>
    public string? Table { get; init; }

    /// <summary>Bytes of the content.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the content in lower-case hexadecimal: the name of the object that holds it.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The blob's version when it was read.</summary>
    public string? ETag { get; init; }

    /// <summary>When that version was written.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>The blob's media type.</summary>
    public string? ContentType { get; init; }

    /// <summary>The blob's metadata.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Rows of the table.</summary>
    public long? Rows { get; init; }

    /// <summary>Where it stands in the order of a backup.</summary>
    [JsonIgnore]
    internal Section Section => Path is { } path ? Sections.Of(path) : Section.Tables;

    /// <summary>Its address, for people.</summary>
    [JsonIgnore]
    public string Name => Path?.ToString() ?? $"table {Table}";
}

/// <summary>A whole backup: <c>backups/{id}.ndjson.gz</c>.</summary>
/// <param name="Id">Its name: when it began, in UTC.</param>
/// <param name="StartedAt">When it began; everything that was published by then is in it.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Blobs">Blobs in it.</param>
/// <param name="Tables">Tables in it.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Copied">Objects that this backup added; the others were there.</param>
/// <param name="CopiedBytes">Their bytes.</param>
public sealed record BackupSummary(string Id, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, long Blobs, long Tables, long Bytes, long Copied, long CopiedBytes);

/// <summary>A backup is not what it was when it was written.</summary>
public sealed class BackupDamagedException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
