using System.Runtime.InteropServices;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion;

/// <summary>What is known about one column after a conversion.</summary>
/// <param name="Name">As in the schema.</param>
/// <param name="Type">As in the schema.</param>
/// <param name="Values">Cells with a value.</param>
/// <param name="Nulls">Cells without one.</param>
/// <param name="NullSpellings">How often each spelling was taken for "no value"; empty for text columns, which keep them.</param>
/// <param name="Evidence">Why the type was chosen, as a sentence.</param>
public sealed record ColumnReport(
    string Name, DataType Type, long Values, long Nulls, IReadOnlyDictionary<string, long> NullSpellings, string Evidence)
{
    /// <summary>What every value showed; null where not every value was looked at for that (see <see cref="ConversionRequest.ProfileFirst"/>).</summary>
    public ColumnDetails? Details { get; init; }

    /// <summary>That its values are identifiers; null where they are none that is known. Of lists and structs nothing is said.</summary>
    public IdentifierFinding? Identifier { get; init; }
}

/// <summary>What a conversion did. <c>RowsIn == RowsOut + RowsRejected</c> is checked before it is returned.</summary>
/// <param name="Format">What the input was.</param>
/// <param name="Schema">The columns of the output with what they identify, lineage columns last.</param>
/// <param name="RowsIn">Records of the input.</param>
/// <param name="RowsOut">Rows of the output.</param>
/// <param name="RowsRejected">Records that were rejected.</param>
/// <param name="ValuesDiscarded">Values that became null under <see cref="SchemaPolicy.DiscardValue"/>.</param>
/// <param name="BytesIn">Bytes of the input as stored.</param>
/// <param name="BytesOut">Bytes of the output.</param>
/// <param name="Columns">One report a data column.</param>
/// <param name="Notes">What people should know: columns left out, repeated keys, blank lines.</param>
public sealed record ConversionResult(
    FormatFinding Format,
    DataSchema Schema,
    long RowsIn,
    long RowsOut,
    long RowsRejected,
    long ValuesDiscarded,
    long BytesIn,
    long BytesOut,
    IReadOnlyList<ColumnReport> Columns,
    IReadOnlyList<string> Notes);

/// <summary>A record that could not become a row, or a value that could not become a cell.</summary>
/// <param name="Row">The record's number in the input, from 1.</param>
/// <param name="ByteOffset">Where the record begins in the decompressed UTF-8 content, from 0; -1 where the format does not tell.</param>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Column">The column at fault, or null for the whole record.</param>
/// <param name="Rule"><c>ragged</c>, <c>quote</c>, <c>utf-8</c>, <c>type</c>, <c>not-null</c>, <c>json</c>, <c>record-size</c>, <c>field-size</c> or <c>empty</c>.</param>
/// <param name="Expected">What was expected instead, as a phrase.</param>
/// <param name="Raw">The record's text, cut to <see cref="ConversionLimits.MaxRawCharacters"/>; bytes that are not UTF-8 show as U+FFFD.</param>
/// <param name="IsValueOnly">Whether the row was kept with null in that column.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RejectedRow(
    long Row, long ByteOffset, long Line, string? Column, string Rule, string Expected, string Raw, bool IsValueOnly = false);

/// <summary>Takes rejected rows as they occur.</summary>
/// <param name="row">The row.</param>
/// <param name="cancellationToken">Stops the conversion.</param>
public delegate ValueTask RejectedRowSink(RejectedRow row, CancellationToken cancellationToken);

/// <summary>How far a conversion is.</summary>
/// <param name="Pass">1 while types are inferred, 2 while rows are written.</param>
/// <param name="BytesRead">Bytes of the input read in this pass.</param>
/// <param name="Rows">Records seen in this pass.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ConversionProgress(int Pass, long BytesRead, long Rows);

/// <summary>The input as a whole cannot be converted. Trying again will not help.</summary>
public sealed class ConversionException(string message, long? line = null, long? column = null, Exception? inner = null)
    : FormatException(line is null ? message : $"line {line}, column {column ?? 1}: {message}", inner)
{
    /// <summary>The line at fault, from 1, where there is one.</summary>
    public long? Line { get; } = line;

    /// <summary>The byte or character in the line, from 1, where there is one.</summary>
    public long? Column { get; } = column;

    /// <summary>Always false: the bytes are what they are.</summary>
    public bool IsTransient { get; }
}
