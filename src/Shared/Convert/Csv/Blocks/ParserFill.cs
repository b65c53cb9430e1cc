using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Fills a column whose spelling has no kernel, cell by cell with the parser that rows are read with.</summary>
/// <param name="parserOf">The column's parser into a builder.</param>
internal sealed class ParserFill(int field, Func<ColumnBuilder, CellParser> parserOf, NullSpellings nulls, bool nullable) : ColumnFill
{
    readonly SpelledNulls _spelled = new(nulls);
    ColumnBuilder? _builder;
    CellParser? _parser;
    byte[] _scratch = [];

    public override IReadOnlyDictionary<string, long> TakeNullSpellings() => _spelled.Take();

    public override int Fill(ColumnBuilder builder, in BlockCells cells)
    {
        if (!ReferenceEquals(builder, _builder))
            (_builder, _parser) = (builder, parserOf(builder));
        _spelled.Drop();
        for (var row = 0; row < cells.Rows; row++)
        {
            var quoted = cells.Cell(row, field, out var start, out var length);
            if (!TryAdd(builder, cells.Text(start, length, quoted, ref _scratch)))
                return row;
        }

        return cells.Rows;
    }

    bool TryAdd(ColumnBuilder builder, ReadOnlySpan<byte> text)
    {
        if (_spelled.TryCount(text))
        {
            if (nullable)
                builder.AppendNull();
            return nullable;
        }

        return _parser!.TryAppend(CellTrim.Trim(text));
    }

    public override void Commit(ColumnBuilder builder, int rows) => _spelled.Keep();
}
