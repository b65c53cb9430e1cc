using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>
/// A format whose content can be cut into blocks of whole records that are read independently of each other, on any thread.
/// Stateless; its readers and parsers serve one thread each.
/// </summary>
internal interface IBlockFormat
{
    /// <summary>Whether the start of the content names all columns: its reader adds them to names that are empty, and knows them elsewhere.</summary>
    bool NamesAtStart => false;

    /// <summary>
    /// Says where the last record of some content ends, as fast as it can. It may be wrong: the reader of the block finds out, and the next
    /// block is then read again from the right place.
    /// </summary>
    /// <param name="content">Begins with a record.</param>
    /// <returns>Bytes up to and with the last record's end; 0 where no end is seen.</returns>
    int FindEnd(ReadOnlySpan<byte> content);

    /// <summary>A reader that reads any block exactly.</summary>
    IBlockReader CreateReader();

    /// <summary>A fast parser for usual records, or null where the format has none for this plan.</summary>
    IBlockParser? CreateParser(BlockPlan plan);
}

/// <summary>Reads records row by row, exactly as the format's <see cref="IRowReader"/> reads the whole content. Not thread-safe; used for one block after another.</summary>
internal interface IBlockReader
{
    /// <summary>Begins a block; places count from its start: row 1 is its first record, offset 0 its first byte, line 1 its first line.</summary>
    /// <param name="start">How the block begins.</param>
    void Begin(BlockStart start);

    /// <summary>Reads the records that follow those read before.</summary>
    /// <param name="content">Begins where the last call stopped.</param>
    /// <param name="isLast">Whether the whole content ends with this one.</param>
    /// <param name="consumer">Gets the records. Its names are the columns known so far: all of them for a format with a header unless the content starts here.</param>
    /// <returns>Bytes read: fewer than there are where the last record does not end here, which never is so when <paramref name="isLast"/>.</returns>
    int Read(ReadOnlySpan<byte> content, bool isLast, IRowConsumer consumer);

    /// <summary>Moves the places on over records that somebody else read.</summary>
    /// <param name="bytes">Their bytes.</param>
    /// <param name="rows">Their number.</param>
    void Skip(ReadOnlySpan<byte> bytes, int rows);

    /// <summary>Whether the bytes read so far end inside a line of a record that was given up as too large, so that what follows belongs to it up to the line's end.</summary>
    bool IsInsideRejected { get; }

    /// <summary>What was counted since <see cref="Begin"/>, by the sentence that says it after the number: <c>blank lines were skipped</c>.</summary>
    IReadOnlyDictionary<string, long> Counts { get; }

    /// <summary>Sentences about the content as a whole, from its start: <c>field 2 of the header is empty; …</c>.</summary>
    IReadOnlyList<string> Notes { get; }
}

/// <summary>How a block begins.</summary>
internal enum BlockStart
{
    /// <summary>With the first byte of the content: lines to skip and a header come first.</summary>
    Content,

    /// <summary>With a record.</summary>
    Record,

    /// <summary>Inside the line of a record that was given up, see <see cref="IBlockReader.IsInsideRejected"/>.</summary>
    InsideRejected,
}

/// <summary>Parses usual records straight to columns. Not thread-safe.</summary>
internal interface IBlockParser
{
    /// <summary>
    /// Parses whole records and adds a row for each, with the values (and nulls) that <see cref="IBlockReader"/> and the row-wise consumer would
    /// give. Stops before the first piece that holds anything it would not give exactly so: the builder is then left without any row of it.
    /// Only the columns of the plan are added to; the caller adds lineage columns and calls <see cref="RecordBatchBuilder.EndRows"/>.
    /// </summary>
    /// <param name="records">Begins with a record. May end inside one. <see cref="Block.Slack"/> bytes behind it may be read.</param>
    /// <param name="builder">The columns of the plan come first, in its order.</param>
    /// <param name="rows">Rows added.</param>
    /// <returns>Bytes parsed.</returns>
    int Parse(ReadOnlySpan<byte> records, RecordBatchBuilder builder, out int rows);

    /// <summary>
    /// Tells how often texts meant "no value" in a column that is not text, since the last call; the empty text counts too.
    /// Null where the format has no such texts.
    /// </summary>
    IReadOnlyDictionary<string, long>? TakeNullSpellings(int column);
}

/// <summary>What a parser writes.</summary>
/// <param name="Columns">The output's columns without those of lineage.</param>
/// <param name="Strict">
/// By column of the plan: whether its type was inferred from part of the input, so that a text that inference would not put into exactly
/// this type (<c>007</c> or <c>1.0</c> in a column of int64, one more digit after the point than the decimal's scale) must not be taken.
/// Text is taken unless the column is still open (<see cref="ColumnPlan.Open"/>).
/// </param>
/// <param name="Names">The input's columns in its order. A format without a header may meet others: those are unusual.</param>
/// <param name="Nulls">Texts that mean "no value" in columns that are not text.</param>
/// <param name="Request">Limits, policy, types.</param>
internal sealed record BlockPlan(
    IReadOnlyList<ColumnPlan> Columns, IReadOnlyList<bool> Strict, IReadOnlyList<string> Names, NullSpellings Nulls, ConversionRequest Request);
