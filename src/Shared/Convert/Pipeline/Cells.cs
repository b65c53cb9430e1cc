using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>What a format says about a cell before anyone looks at its text.</summary>
internal enum CellKind : byte
{
    /// <summary>The record has no such field.</summary>
    Missing,

    /// <summary>Text without quotes, or markup's character data.</summary>
    Text,

    /// <summary>Text that was quoted.</summary>
    Quoted,

    /// <summary>Quoted text with doubled quotes inside.</summary>
    QuotedEscaped,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>A JSON true or false.</summary>
    Boolean,

    /// <summary>An explicit null.</summary>
    Null,

    /// <summary>A JSON array kept as its text.</summary>
    Json,

    /// <summary>A JSON array or object that may become a list or a struct; its text.</summary>
    Nested,

    /// <summary>Text that the format says is text, even where it looks like a number.</summary>
    Literal,

    /// <summary>A day that the format stores as a timestamp: <c>2024-12-31T00:00:00</c>. It is a date unless another cell of the column has a time.</summary>
    Midnight,
}

/// <summary>Where a cell's text lies in the row's bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Cell(int Start, int Length, CellKind Kind);

/// <summary>Where a record begins.</summary>
/// <param name="Row">From 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RowPlace(long Row, long ByteOffset, long Line);

/// <summary>
/// Takes records from a reader. The reader names columns as it meets them (their order is the order of the schema),
/// hands over rows and rejects, and lets the consumer work off what it collected between its own reads.
/// </summary>
internal interface IRowConsumer
{
    /// <summary>The columns known so far; a reader adds to it.</summary>
    ColumnNames Names { get; }

    /// <summary>A record. There may be fewer cells than columns.</summary>
    /// <param name="bytes">What the cells point into.</param>
    /// <param name="raw">The record as it was written, for rejection.</param>
    void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw);

    /// <summary>A record that the format itself does not allow.</summary>
    void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw);

    /// <summary>Writes out what was collected; called between reads.</summary>
    ValueTask PumpAsync(CancellationToken cancellationToken);
}

/// <summary>Reads one format.</summary>
internal interface IRowReader
{
    /// <summary>Reads the whole content.</summary>
    /// <returns>What people should know about it.</returns>
    Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken);
}
