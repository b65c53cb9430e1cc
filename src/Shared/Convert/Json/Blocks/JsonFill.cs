using System.Runtime.InteropServices;
using DataIngestion.Conversion.Csv.Blocks;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>The cells of one column in some rows.</summary>
/// <param name="lines">What cells point into.</param>
/// <param name="scratch">What cells of decoded text point into.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct JsonColumnCells(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> scratch, ReadOnlySpan<JsonCell> cells)
{
    public ReadOnlySpan<byte> Lines { get; } = lines;

    public ReadOnlySpan<JsonCell> Cells { get; } = cells;

    readonly ReadOnlySpan<byte> _scratch = scratch;

    /// <summary>The cell's text; empty where the line has none.</summary>
    public ReadOnlySpan<byte> Text(in JsonCell cell) => (cell.Start >= 0 ? Lines : _scratch).Slice(cell.Start >= 0 ? cell.Start : ~cell.Start, cell.Length);
}

/// <summary>Fills one column of the output from the cells of some rows, in one loop.</summary>
internal abstract class JsonFill
{
    /// <summary>Reads the column's cell of every row.</summary>
    /// <param name="builder">Has the rows before these.</param>
    /// <returns>How many rows could be read before one that only the row reader knows what to do with.</returns>
    public abstract int Fill(ColumnBuilder builder, in JsonColumnCells cells);

    /// <summary>Keeps the rows that were read.</summary>
    public abstract void Commit(ColumnBuilder builder, int rows);

    /// <summary>How often each spelling of "no value" stood in the column's cells since the last call.</summary>
    public virtual IReadOnlyDictionary<string, long> TakeNullSpellings() => None;

    static readonly Dictionary<string, long> None = new(StringComparer.Ordinal);
}

/// <summary>Fills a column that no key of the input stands for.</summary>
internal sealed class ConstantJsonFill(ConstantCells constant) : JsonFill
{
    public override int Fill(ColumnBuilder builder, in JsonColumnCells cells) => constant.Fill(builder, cells.Cells.Length);

    public override void Commit(ColumnBuilder builder, int rows)
    {
    }
}

/// <summary>Fills a column that is text only for want of a value, as long as there is none.</summary>
internal sealed class EmptyJsonFill(NullSpellings nulls, bool nullable) : JsonFill
{
    public override int Fill(ColumnBuilder builder, in JsonColumnCells cells)
    {
        for (var row = 0; row < cells.Cells.Length; row++)
        {
            var cell = cells.Cells[row];
            if (cell.Kind is CellKind.Missing or CellKind.Null && nullable)
                builder.AppendNull();
            else if (cell.Kind == CellKind.Quoted && nulls.Contains(cells.Text(cell)))
                ((BytesBuilder)builder).Append(cells.Text(cell));
            else
                return row;
        }

        return cells.Cells.Length;
    }

    public override void Commit(ColumnBuilder builder, int rows)
    {
    }
}

/// <summary>Fills a column whose type or spelling has no kernel, cell by cell with the parser that rows are read with.</summary>
/// <param name="takes">Whether any value is taken; otherwise only cells without one are.</param>
internal sealed class ParserJsonFill(Func<ColumnBuilder, CellParser> parserOf, NullSpellings nulls, bool nullable, bool takes = true) : JsonFill
{
    readonly SpelledNulls _spelled = new(nulls);
    ColumnBuilder? _builder;
    CellParser? _parser;

    public override int Fill(ColumnBuilder builder, in JsonColumnCells cells)
    {
        if (!ReferenceEquals(builder, _builder))
            (_builder, _parser) = (builder, parserOf(builder));
        _spelled.Drop();
        for (var row = 0; row < cells.Cells.Length; row++)
        {
            var cell = cells.Cells[row];
            if (cell.Kind is CellKind.Missing or CellKind.Null || (cell.Kind == CellKind.Quoted && _spelled.TryCount(cells.Text(cell))))
            {
                if (!nullable)
                    return row;
                builder.AppendNull();
                continue;
            }

            var text = CellTrim.Trim(cells.Text(cell));
            if (cell.Kind == CellKind.Json || !takes || !_parser!.TryAppend(text))
                return row;
        }

        return cells.Cells.Length;
    }

    public override void Commit(ColumnBuilder builder, int rows) => _spelled.Keep();

    public override IReadOnlyDictionary<string, long> TakeNullSpellings() => _spelled.Take();
}
