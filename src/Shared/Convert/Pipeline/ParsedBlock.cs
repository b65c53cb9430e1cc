using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>The rows of one block as columns, and those that did not become rows. Numbers, lines and offsets count from the block's start.</summary>
internal sealed class ParsedBlock : BlockResult
{
    /// <summary>The rows that were kept; column <c>_row</c> counts from the block's start, too.</summary>
    public RecordBatch? Batch { get; set; }

    /// <summary>What was rejected, by row.</summary>
    public List<RejectedRow> Rejected { get; } = [];

    public long RowsRejected { get; set; }

    public long ValuesDiscarded { get; set; }

    /// <summary>The number of each row of the batch, if there are checks.</summary>
    public List<long> RowNumbers { get; } = [];

    /// <summary>By column of the input, what the values were that were looked at; empty unless they had to be.</summary>
    public List<ColumnProfile> Seen { get; } = [];

    /// <summary>The names of the input's columns from those on that were known before; null where there are none.</summary>
    public IReadOnlyList<string>? NewNames { get; set; }

    /// <summary>By column of the plan, how often which text meant "no value" in rows that a fast parser read.</summary>
    public IReadOnlyDictionary<string, long>?[] NullSpellings { get; set; } = [];

    /// <summary>The row that must not be, which ended the reading of the block.</summary>
    public FrozenRowException? Frozen { get; set; }

    public override void Release() => Batch?.Dispose();
}

/// <summary>A row that does not fit, where none may be. The place counts from the block's start.</summary>
internal sealed class FrozenRowException(RowPlace place, string problem) : Exception(problem)
{
    /// <summary>The same for the whole conversion.</summary>
    /// <param name="rows">Records before the block.</param>
    /// <param name="lines">Lines before the block.</param>
    public ConversionException After(long rows, long lines) => new($"record {place.Row + rows}: {Message}", place.Line + lines);
}
