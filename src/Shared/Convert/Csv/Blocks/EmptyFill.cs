using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Fills a column that is text only for want of a value, as long as there is none.</summary>
/// <param name="emptyIsNull">Whether an empty cell without quotes has no value; other spellings of "no value" are text in a column of text.</param>
internal sealed class EmptyFill(int field, NullSpellings nulls, bool emptyIsNull, bool nullable) : ColumnFill
{
    byte[] _scratch = [];

    public override int Fill(ColumnBuilder builder, in BlockCells cells)
    {
        for (var row = 0; row < cells.Rows; row++)
        {
            var quoted = cells.Cell(row, field, out var start, out var length);
            var text = cells.Text(start, length, quoted, ref _scratch);
            if (!nulls.Contains(text))
                return row;
            if (!text.IsEmpty || quoted || !emptyIsNull)
                ((BytesBuilder)builder).Append(text);
            else if (nullable)
                builder.AppendNull();
            else
                return row;
        }

        return cells.Rows;
    }

    public override void Commit(ColumnBuilder builder, int rows)
    {
    }
}
