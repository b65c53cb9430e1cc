using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>Fills a column that no field of the input stands for.</summary>
/// <param name="value">What every row has; null for nothing.</param>
internal sealed class ConstantFill(DataColumn column, byte[]? value, Func<ColumnBuilder, CellParser> parserOf, NullSpellings nulls) : ColumnFill
{
    readonly bool _isText = column.Type.Kind == DataKind.String;

    public override int Fill(ColumnBuilder builder, in BlockCells cells)
    {
        var isNull = value is null || (!_isText && nulls.Contains(value));
        var parser = isNull ? null : parserOf(builder);
        var text = _isText ? value : CellTrim.Trim(value);
        for (var row = 0; row < cells.Rows; row++)
        {
            if (isNull && column.Nullable)
                builder.AppendNull();
            else if (parser is null || !parser.TryAppend(text))
                return row;
        }

        return cells.Rows;
    }

    public override void Commit(ColumnBuilder builder, int rows)
    {
    }
}
