using System.Buffers.Binary;
using System.Text.Unicode;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Text or bytes as views of 16 bytes each: up to 12 bytes lie in the view itself, longer ones in one of several data buffers.</summary>
internal sealed class ViewArrowColumn(DataType type, bool isBigEndian) : ArrowColumn(type)
{
    const int View = 16;
    const int MostInline = 12;
    readonly bool _isText = type.Kind == DataKind.String;
    ArrowBytes _views = ArrowBytes.Empty;
    ArrowBytes[] _data = [];

    public override void Bind(ArrowBody body)
    {
        BindNode(body);
        _views = body.NextBuffer();
        _data = new ArrowBytes[body.NextVariadicCount()];
        for (var i = 0; i < _data.Length; i++)
            _data[i] = body.NextBuffer();
    }

    public override long Measure(long start, long count, long most)
    {
        var sum = 0L;
        for (var at = start; at < start + count && sum <= most;)
        {
            var take = (int)Math.Min(4096, start + count - at);
            var nulls = Nulls(at, take, default);
            var views = _views.Slice(at * View, (long)take * View);
            for (var i = 0; i < take; i++)
                sum += 4 + (IsSet(nulls, i) ? 0 : Math.Max(0, Int32(views[(i * View)..])));
            at += take;
        }

        return sum;
    }

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        var builder = (BytesBuilder)to;
        var nulls = Nulls(start, count, mask);
        var views = _views.Slice(start * View, (long)count * View);
        for (var i = 0; i < count; i++)
        {
            if (IsSet(nulls, i))
            {
                builder.AppendNull();
                continue;
            }

            var value = Value(views.Slice(i * View, View));
            builder.Append(!_isText || Utf8.IsValid(value) ? value : throw BytesArrowColumn.NoText());
        }
    }

    ReadOnlySpan<byte> Value(ReadOnlySpan<byte> view)
    {
        var length = Int32(view);
        if (length is >= 0 and <= MostInline)
            return view.Slice(4, length);
        var (buffer, offset) = (Int32(view[8..]), Int32(view[12..]));
        if (length < 0 || buffer < 0 || buffer >= _data.Length)
            throw new InvalidDataException($"A view of an Arrow batch has {length} bytes in data buffer {buffer}; its column has {_data.Length} buffers.");
        return _data[buffer].Slice(offset, length);
    }

    int Int32(ReadOnlySpan<byte> bytes) => isBigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
