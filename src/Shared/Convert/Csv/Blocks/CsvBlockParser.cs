using System.Text.Unicode;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>
/// Reads plain delimited text a column at a time: the ends of all fields of a piece are found first, then each column is filled in one loop.
/// It does what <see cref="CsvRowReader"/> and <see cref="WritingConsumer"/> do, or stops before the record for which it does not know that.
/// Not thread-safe; nothing is allocated for a row.
/// </summary>
internal sealed class CsvBlockParser : IBlockParser
{
    /// <summary>Bytes of a piece after one that was not read to its end: whoever meets many unusual records should not index far beyond each.</summary>
    const int SmallPiece = 4 << 10;
    readonly byte _delimiter;
    readonly byte? _quote;
    readonly int _width;
    readonly int _longest;
    readonly int _pieceBytes;
    readonly ColumnFill[] _fills;
    readonly int[] _marks;
    int _piece;

    CsvBlockParser(CsvDialect dialect, int width, ColumnFill[] fills, ConversionLimits limits, int pieceBytes)
    {
        (_delimiter, _quote, _width, _fills, _pieceBytes, _piece) = ((byte)dialect.Delimiter[0], (byte?)dialect.Quote, width, fills, pieceBytes, pieceBytes);
        _longest = Math.Min(limits.MaxRecordBytes, limits.MaxFieldBytes);
        _marks = new int[1 + pieceBytes + CsvMarks.Slack];
    }

    /// <summary>A parser for the plan, or null where the dialect is none that it knows.</summary>
    /// <param name="pieceBytes">Bytes that are indexed at once; best if the piece and its marks fit into the second cache.</param>
    public static CsvBlockParser? Create(CsvDialect dialect, BlockPlan plan, int pieceBytes = 64 << 10)
    {
        var names = plan.Names.ToList();
        if (!dialect.IsPlain || names.Count == 0 || plan.Columns.Count == 0)
            return null;
        var fills = plan.Columns.Select((column, i) => ColumnFills.Of(
            column, column.Source is { } source ? names.IndexOf(source) : -1, plan.Nulls, plan.Request.Types == TypesMode.Infer, plan.Strict[i]));
        return new(dialect, names.Count, [.. fills], plan.Request.Limits, pieceBytes);
    }

    public IReadOnlyDictionary<string, long>? TakeNullSpellings(int column) => _fills[column].TakeNullSpellings();

    /// <summary>
    /// Adds complete records to the plan's columns, which are the first of the builder's; the caller adds to the others and calls
    /// <see cref="RecordBatchBuilder.EndRows"/>. The record at which it stops is unusual, or has no line end: it is the row reader's.
    /// </summary>
    /// <param name="records">Begin with a record. Fewer bytes at a time are slower.</param>
    /// <param name="rows">Rows added to every column of the plan.</param>
    /// <returns>Bytes read.</returns>
    public int Parse(ReadOnlySpan<byte> records, RecordBatchBuilder builder, out int rows)
    {
        rows = 0;
        var used = 0;
        while (used < records.Length)
        {
            var added = ParsePiece(records, builder, builder.Count + rows, ref used, out var complete);
            rows += added;
            if (complete)
                continue;
            _piece = Math.Min(_pieceBytes, SmallPiece);
            break;
        }

        return used;
    }

    /// <param name="complete">Whether every record that ends in the piece was read.</param>
    int ParsePiece(ReadOnlySpan<byte> records, RecordBatchBuilder builder, int before, ref int used, out bool complete)
    {
        complete = false;
        var window = records.Slice(used, Math.Min(_piece, records.Length - used));
        var marks = new CsvMarks(_delimiter, _quote);
        marks.Find(window, used, _marks.AsSpan(1));
        _marks[0] = used - 1;
        if (marks.Lines == 0)
        {
            complete = !marks.IsBroken && _piece < _pieceBytes && window.Length == _piece;
            _piece = Math.Min(_pieceBytes, _piece * 2);
            return 0;
        }

        var regular = RegularRows(records, marks);
        var rows = regular;
        if (rows > 0)
        {
            var cells = new BlockCells(records, _marks.AsSpan(0, (rows * _width) + 1), _width, _quote, marks.HasQuotes, marks.HasDoubledQuotes);
            rows = Fill(cells.Take(FairRows(cells, marks.HasHighBytes)), builder, before);
        }

        complete = rows == marks.Lines && !marks.IsBroken;
        _piece = Math.Min(_pieceBytes, _piece * 2);
        used = _marks[rows * _width] + 1;
        return rows;
    }

    /// <summary>How many records come before one with another number of fields.</summary>
    int RegularRows(ReadOnlySpan<byte> records, in CsvMarks marks)
    {
        // If every last field is ended by a line's end, these are all the line ends that there are.
        var rows = 0;
        while (rows < marks.Lines && (rows + 1) * _width <= marks.Count && records[_marks[(rows + 1) * _width]] == '\n')
            rows++;
        if (rows == marks.Lines)
            return rows;
        var fields = 0;
        rows = 0;
        for (var i = 1; i <= marks.Count; i++)
        {
            fields++;
            if (records[_marks[i]] != '\n')
                continue;
            if (fields != _width)
                break;
            (rows, fields) = (rows + 1, 0);
        }

        return rows;
    }

    /// <summary>How many records come before one that is too long or not UTF-8.</summary>
    int FairRows(in BlockCells cells, bool hasHighBytes)
    {
        var rows = cells.Rows;
        for (var row = 0; cells.Bytes > _longest && row < rows; row++)
        {
            if (cells.RowStart(row + 1) - cells.RowStart(row) > _longest)
                rows = row;
        }

        if (!hasHighBytes || Utf8.IsValid(cells.Data[cells.RowStart(0)..cells.RowStart(rows)]))
            return rows;
        var valid = 0;
        while (Utf8.IsValid(cells.Data[cells.RowStart(valid)..cells.RowStart(valid + 1)]))
            valid++;
        return valid;
    }

    /// <summary>Fills every column.</summary>
    /// <param name="before">Rows that the builder's columns had before.</param>
    /// <returns>How many rows come before one that some column cannot read.</returns>
    int Fill(BlockCells cells, RecordBatchBuilder builder, int before)
    {
        for (var i = 0; i < _fills.Length && cells.Rows > 0; i++)
        {
            builder[i].Truncate(before);
            var read = _fills[i].Fill(builder[i], cells);
            if (read == cells.Rows)
                continue;
            // The columns before this one must not keep, nor have counted, more rows than it.
            cells = cells.Take(read);
            i = -1;
        }

        for (var i = 0; i < _fills.Length; i++)
        {
            if (cells.Rows > 0)
                _fills[i].Commit(builder[i], cells.Rows);
            else
                builder[i].Truncate(before);
        }

        return cells.Rows;
    }
}
