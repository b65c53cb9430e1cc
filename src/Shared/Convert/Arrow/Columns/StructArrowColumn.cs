using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Columns side by side.</summary>
internal sealed class StructArrowColumn(DataType type, IReadOnlyList<ArrowColumn> fields) : ArrowColumn(type)
{
    public override void Bind(ArrowBody body)
    {
        BindNode(body);
        foreach (var field in fields)
        {
            field.Bind(body);
            CheckRows(field, Rows);
        }
    }

    public override long Measure(long start, long count, long most)
    {
        var sum = count;
        foreach (var field in fields)
        {
            if (sum <= most)
                sum += field.Measure(start, count, most - sum);
        }

        return sum;
    }

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        var builder = (StructBuilder)to;
        var nulls = Nulls(start, count, mask);
        for (var i = 0; i < fields.Count; i++)
        {
            if (!Type.Fields![i].Nullable && fields[i].HasNulls(start, count, nulls))
                throw MissingValue();
            fields[i].Append(builder[i], start, count, nulls);
        }

        builder.EndStructs(count, nulls);
    }
}
