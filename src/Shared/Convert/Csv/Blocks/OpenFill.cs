using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Fills a column that is text only because no value has decided otherwise, as long as none does.</summary>
/// <param name="parserOf">The column's strict parser into a builder.</param>
/// <param name="emptyIsNull">Whether an empty cell without quotes has no value; other spellings of "no value" are text in a column of text.</param>
internal sealed class OpenFill(int field, Func<ColumnBuilder, CellParser> parserOf, bool emptyIsNull, bool nullable) : ColumnFill
{
    ColumnBuilder? _builder;
    CellParser? _parser;
    byte[] _scratch = [];

    public override int Fill(ColumnBuilder builder, in BlockCells cells)
    {
        if (!ReferenceEquals(builder, _builder))
            (_builder, _parser) = (builder, parserOf(builder));
        for (var row = 0; row < cells.Rows; row++)
        {
            var quoted = cells.Cell(row, field, out var start, out var length);
            if (length > 0 || quoted || !emptyIsNull)
            {
                if (!_parser!.TryAppend(cells.Text(start, length, quoted, ref _scratch)))
                    return row;
            }
            else if (nullable)
            {
                builder.AppendNull();
            }
            else
            {
                return row;
            }
        }

        return cells.Rows;
    }

    public override void Commit(ColumnBuilder builder, int rows)
    {
    }
}
