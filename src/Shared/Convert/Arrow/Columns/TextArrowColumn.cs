using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Bytes of one width, kept or written as text.</summary>
/// <param name="format">Writes a value, in the byte order of the batch, as text; null keeps the bytes.</param>
internal sealed class FixedBytesArrowColumn(DataType type, int width, TextOfBytes? format) : ArrowColumn(type)
{
    const int MostText = 100;
    ArrowBytes _values = ArrowBytes.Empty;

    public override void Bind(ArrowBody body)
    {
        BindNode(body);
        _values = body.NextBuffer();
    }

    public override long Measure(long start, long count, long most) => count * (4L + (format is null ? width : MostText));

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        var builder = (BytesBuilder)to;
        var nulls = Nulls(start, count, mask);
        var values = _values.Slice(start * width, (long)count * width);
        for (var i = 0; i < count; i++)
        {
            var value = values.Slice(i * width, width);
            if (IsSet(nulls, i))
                builder.AppendNull();
            else if (format is null)
                builder.Append(value);
            else
                builder.Append(format(value).AsSpan());
        }
    }
}

/// <summary>A value as text.</summary>
internal delegate string TextOfBytes(ReadOnlySpan<byte> value);
