using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Fills a column whose spelling has no kernel, cell by cell with the parser that rows are read with.</summary>
/// <param name="parserOf">The column's parser into a builder.</param>
/// <param name="accepts">Whether inference keeps the type for a text; null if the type is given.</param>
internal sealed class ParserFill(int field, Func<ColumnBuilder, CellParser> parserOf, NullSpellings nulls, bool nullable, ParserFill.Accepts? accepts) : ColumnFill
{
    readonly SpelledNulls _spelled = new(nulls);
    ColumnBuilder? _builder;
    CellParser? _parser;
    byte[] _scratch = [];

    public delegate bool Accepts(ReadOnlySpan<byte> text);

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

        var trimmed = CellTrim.Trim(text);
        return (accepts is null || accepts(trimmed)) && _parser!.TryAppend(trimmed);
    }

    public override void Commit(ColumnBuilder builder, int rows) => _spelled.Keep();
}
