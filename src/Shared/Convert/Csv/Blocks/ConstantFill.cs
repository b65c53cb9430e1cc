using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Fills a column that no field of the input stands for.</summary>
internal sealed class ConstantFill(ConstantCells constant) : ColumnFill
{
    public override int Fill(ColumnBuilder builder, in BlockCells cells) => constant.Fill(builder, cells.Rows);

    public override void Commit(ColumnBuilder builder, int rows)
    {
    }
}
