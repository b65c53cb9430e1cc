using System.Text;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>The cells of a column that nothing in the input stands for: the constant of the plan, or nothing.</summary>
internal sealed class ConstantCells(ColumnPlan plan, NullSpellings nulls)
{
    readonly byte[]? _value = plan.Constant is { } constant ? Encoding.UTF8.GetBytes(constant) : null;
    readonly bool _isText = plan.Column.Type.Kind == DataKind.String;

    /// <summary>Adds rows.</summary>
    /// <returns>How many could be added before one that only the row reader knows what to do with.</returns>
    public int Fill(ColumnBuilder builder, int rows)
    {
        var isNull = _value is null || (!_isText && nulls.Contains(_value));
        var parser = isNull ? null : CellParser.For(plan, builder, strict: false);
        var text = _isText ? _value : CellTrim.Trim(_value);
        for (var row = 0; row < rows; row++)
        {
            if (isNull && plan.Column.Nullable)
                builder.AppendNull();
            else if (parser is null || !parser.TryAppend(text))
                return row;
        }

        return rows;
    }
}
