using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Values of one width.</summary>
/// <param name="width">Bytes of a stored value.</param>
internal abstract class FixedArrowColumn<T>(DataType type, int width) : ArrowColumn(type)
    where T : unmanaged, IComparable<T>
{
    ArrowBytes _values = ArrowBytes.Empty;

    public override void Bind(ArrowBody body)
    {
        BindNode(body);
        _values = body.NextBuffer();
    }

    public override long Measure(long start, long count, long most) => count * Unsafe.SizeOf<T>();

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        var builder = (FixedBuilder<T>)to;
        var nulls = Nulls(start, count, mask);
        Decode(_values.Slice(start * width, (long)count * width), builder.Reserve(count), nulls);
        builder.Commit(count, nulls);
    }

    /// <summary>What is stored where a row is null means nothing.</summary>
    protected abstract void Decode(ReadOnlySpan<byte> from, Span<T> to, ReadOnlySpan<byte> nulls);
}

/// <summary>Values that are stored as they are held, but perhaps in the other byte order.</summary>
internal sealed class PlainArrowColumn<T>(DataType type, bool isBigEndian) : FixedArrowColumn<T>(type, Unsafe.SizeOf<T>())
    where T : unmanaged, IComparable<T>
{
    protected override void Decode(ReadOnlySpan<byte> from, Span<T> to, ReadOnlySpan<byte> nulls)
    {
        from.CopyTo(MemoryMarshal.AsBytes(to));
        if (isBigEndian)
            ByteOrder.Reverse(MemoryMarshal.AsBytes(to), Unsafe.SizeOf<T>());
    }
}

/// <summary>Values that are held in another form than they are stored in.</summary>
/// <param name="map">Throws <see cref="InvalidDataException"/> for what cannot be.</param>
internal sealed class MappedArrowColumn<TStored, T>(DataType type, bool isBigEndian, Func<TStored, T> map) : FixedArrowColumn<T>(type, Unsafe.SizeOf<TStored>())
    where TStored : unmanaged
    where T : unmanaged, IComparable<T>
{
    byte[] _reversed = [];

    protected override void Decode(ReadOnlySpan<byte> from, Span<T> to, ReadOnlySpan<byte> nulls)
    {
        var stored = MemoryMarshal.Cast<byte, TStored>(isBigEndian ? ByteOrder.Reversed(from, Unsafe.SizeOf<TStored>(), ref _reversed) : from);
        for (var i = 0; i < to.Length; i++)
            to[i] = IsSet(nulls, i) ? default : map(stored[i]);
    }
}

/// <summary>One bit a value.</summary>
internal sealed class BooleanArrowColumn() : ArrowColumn(DataType.Boolean)
{
    ArrowBytes _values = ArrowBytes.Empty;

    public override void Bind(ArrowBody body)
    {
        BindNode(body);
        _values = body.NextBuffer();
    }

    public override long Measure(long start, long count, long most) => count;

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        var builder = (FixedBuilder<bool>)to;
        var nulls = Nulls(start, count, mask);
        var bits = _values.Slice(start >> 3, ((start + count + 7) >> 3) - (start >> 3));
        var values = builder.Reserve(count);
        var shift = (int)(start & 7);
        for (var i = 0; i < count; i++)
            values[i] = (bits[(i + shift) >> 3] & (1 << ((i + shift) & 7))) != 0;
        builder.Commit(count, nulls);
    }
}

/// <summary>A column of no values.</summary>
internal sealed class NullArrowColumn() : ArrowColumn(DataType.String)
{
    public override void Bind(ArrowBody body) => BindNode(body, hasValidity: false);

    public override long Measure(long start, long count, long most) => count;

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        for (var i = 0; i < count; i++)
            to.AppendNull();
    }

    public override bool HasNulls(long start, int count, ReadOnlySpan<byte> mask) => CountSet(mask, count) < count;
}

internal static class ByteOrder
{
    public static ReadOnlySpan<byte> Reversed(ReadOnlySpan<byte> bytes, int width, ref byte[] scratch)
    {
        if (scratch.Length < bytes.Length)
            scratch = new byte[bytes.Length];
        bytes.CopyTo(scratch);
        Reverse(scratch.AsSpan(0, bytes.Length), width);
        return scratch.AsSpan(0, bytes.Length);
    }

    public static void Reverse(Span<byte> bytes, int width)
    {
        switch (width)
        {
            case 1:
                break;
            case 2:
                var two = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                var four = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            case 8:
                var eight = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
            default:
                for (var at = 0; at < bytes.Length; at += width)
                    bytes.Slice(at, width).Reverse();
                break;
        }
    }
}
