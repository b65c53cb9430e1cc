using System.Text;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Json.Nested;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Columns;

/// <summary>Turns the values of a typed column into another type: by their exact text, which the parsers of text take or refuse.</summary>
internal sealed class ColumnCaster
{
    readonly ColumnBuilder _builder;
    readonly CellParser? _parser;
    readonly ColumnPlan _plan;
    byte[] _scratch = new byte[256];

    public ColumnCaster(ColumnPlan plan, NullSpellings nulls)
    {
        _plan = plan;
        _builder = ColumnBuilder.For(plan.Column.Type);
        if (plan.Column.Type.Kind != DataKind.String)
            _parser = plan.Column.Type.IsNested ? new NestedParser(plan.Column.Type, _builder, nulls) : CellParser.For(plan, _builder, strict: false);
    }

    /// <summary>The column in the type of the plan; values that do not fit become null.</summary>
    /// <param name="misfit">Told of each row whose value does not fit, in order.</param>
    public ColumnVector Cast(ColumnVector source, Action<int> misfit)
    {
        for (var row = 0; row < source.Count; row++)
        {
            if (source.IsNull(row) && _plan.Default is null)
            {
                _builder.AppendNull();
            }
            else if (!(_plan.Default is { } instead && IsEmpty(source, row) ? TryAppend(instead) : TryAppend(source, row)))
            {
                _builder.AppendNull();
                misfit(row);
            }
        }

        return _builder.Detach();
    }

    /// <summary>A column that has the same text in every row.</summary>
    public ColumnVector Repeat(string? text, int rows, Action<int> misfit)
    {
        for (var row = 0; row < rows; row++)
        {
            if (text is not null && TryAppend(text))
                continue;
            _builder.AppendNull();
            if (text is not null)
                misfit(row);
        }

        return _builder.Detach();
    }

    static bool IsEmpty(ColumnVector source, int row) => source.IsNull(row) || (source.Type.Kind == DataKind.String && source.GetText(row) is null or "");

    bool TryAppend(ColumnVector source, int row)
    {
        if (source is FixedColumn<float> single && _builder is FixedBuilder<double> wide)
        {
            wide.Append(single.Values[row]);
            return true;
        }

        var text = source.GetText(row)!;
        return TryAppend(_plan.Values?.Of(text) ?? text);
    }

    bool TryAppend(string text)
    {
        if (_parser is null)
        {
            ((BytesBuilder)_builder).Append(text);
            return true;
        }

        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_scratch.Length < most)
            _scratch = new byte[most];
        return _parser.TryAppend(_scratch.AsSpan(0, Encoding.UTF8.GetBytes(text, _scratch)));
    }
}
