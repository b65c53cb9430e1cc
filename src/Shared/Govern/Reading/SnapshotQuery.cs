using System.ComponentModel.DataAnnotations;
using DataIngestion.Contracts;

namespace DataIngestion.Govern;

/// <summary>Which rows of a dataset are wanted.</summary>
public sealed record SnapshotQuery
{
    /// <summary>The state that was known at this moment; null for the current one.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Only rows whose columns have these values, written as in <see cref="SnapshotPage.Rows"/>; numbers are compared as numbers.</summary>
    public IReadOnlyDictionary<string, string> Filter { get; init; } = new Dictionary<string, string>();

    /// <summary>Rows to skip, from 0.</summary>
    [Range(0, long.MaxValue)]
    public long Offset { get; init; }

    /// <summary>Most rows to answer; 1 to 100,000, default 100.</summary>
    [Range(1, 100_000)]
    public int Limit { get; init; } = 100;
}

/// <summary>One column of an answer.</summary>
/// <param name="Name">Its name; those that begin with <c>_</c> are lineage.</param>
/// <param name="Type">Its type as text, e.g. <c>decimal(18,6)</c>.</param>
public sealed record SnapshotColumn(string Name, string Type);

/// <summary>Rows of one snapshot, by key.</summary>
public sealed record SnapshotPage
{
    /// <summary>Dataset id.</summary>
    public required string Dataset { get; init; }

    /// <summary>The snapshot they are from.</summary>
    public required LakePath Snapshot { get; init; }

    /// <summary>When that state was known.</summary>
    public DateTimeOffset KnownAt { get; init; }

    /// <summary>Rows in the whole snapshot, whatever the filter.</summary>
    public long SnapshotRows { get; init; }

    /// <summary>The columns, in order.</summary>
    public required IReadOnlyList<SnapshotColumn> Columns { get; init; }

    /// <summary>Values in the columns' order: null, string, bool, long, decimal, double; days as <c>yyyy-MM-dd</c> and moments as ISO 8601 text.</summary>
    public required IReadOnlyList<IReadOnlyList<object?>> Rows { get; init; }

    /// <summary>Whether there are more rows than the limit.</summary>
    public bool HasMore { get; init; }
}

/// <summary>A dataset that has been published.</summary>
/// <param name="Dataset">Dataset id.</param>
/// <param name="Snapshot">Its current snapshot.</param>
/// <param name="KnownAt">When that was known.</param>
/// <param name="Rows">Rows in it.</param>
public sealed record PublishedDataset(string Dataset, LakePath Snapshot, DateTimeOffset KnownAt, long Rows);
