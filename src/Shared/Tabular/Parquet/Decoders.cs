using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

internal delegate T ReadValue<T>(ReadOnlySpan<byte> bytes);

internal sealed class FixedDecoder<T>(int width, ReadValue<T> read) : ValueDecoder
    where T : unmanaged, IComparable<T>
{
    T[] _entries = [];

    protected override void LoadDictionary(ReadOnlyMemory<byte> bytes, int count)
    {
        if ((long)count * width > bytes.Length)
            throw Short();
        _entries = new T[count];
        for (var i = 0; i < count; i++)
            _entries[i] = Read(bytes.Span.Slice(i * width, width));
    }

    protected override void OpenPlain(PageEncoding encoding, int values)
    {
        if (encoding != PageEncoding.DeltaBinaryPacked || width is not (4 or 8))
        {
            base.OpenPlain(encoding, values);
            return;
        }

        if ((long)values * width > Array.MaxLength / 2)
            throw new InvalidDataException($"A page of {values} values is not plausible.");
        var plain = new byte[values * width];
        if (width == 4)
            DeltaBinaryReader.Decode(Plain, MemoryMarshal.Cast<byte, int>(plain.AsSpan()));
        else
            DeltaBinaryReader.Decode(Plain, MemoryMarshal.Cast<byte, long>(plain.AsSpan()));
        SetPlain(plain);
    }

    T Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return read(bytes);
        }
        catch (OverflowException wrong)
        {
            throw new InvalidDataException("A value does not fit into the column's type.", wrong);
        }
    }

    protected override void EmitEntries(ColumnBuilder output, ReadOnlySpan<int> indices)
    {
        var builder = (FixedBuilder<T>)output;
        foreach (var index in indices)
            builder.Append(_entries[index]);
    }

    protected override void EmitPlain(ColumnBuilder output, int count)
    {
        var builder = (FixedBuilder<T>)output;
        if ((long)count * width > Plain.Length - PlainAt)
            throw Short();
        for (var i = 0; i < count; i++)
        {
            builder.Append(Read(Plain.Slice(PlainAt, width)));
            PlainAt += width;
        }
    }
}

internal sealed class BooleanDecoder : ValueDecoder
{
    int[]? _runs;

    protected override void OpenPlain(PageEncoding encoding, int values)
    {
        _runs = null;
        if (encoding != PageEncoding.Rle)
        {
            base.OpenPlain(encoding, values);
            return;
        }

        if (Plain.Length < 4)
            throw Short();
        _runs = new int[values];
        HybridRuns.Decode(Plain[4..], 1, _runs);
    }

    protected override void LoadDictionary(ReadOnlyMemory<byte> bytes, int count) => throw new InvalidDataException("A boolean column has a dictionary.");

    protected override void EmitEntries(ColumnBuilder output, ReadOnlySpan<int> indices) => throw new InvalidDataException("A boolean column has a dictionary.");

    protected override void EmitPlain(ColumnBuilder output, int count)
    {
        var builder = (FixedBuilder<bool>)output;
        for (var i = 0; i < count; i++, PlainAt++)
        {
            if (_runs is null && PlainAt >> 3 >= Plain.Length)
                throw Short();
            builder.Append(_runs is null ? (Plain[PlainAt >> 3] & (1 << (PlainAt & 7))) != 0 : _runs[PlainAt] != 0);
        }
    }
}

/// <summary>Byte strings of one width, or (width 0) with their lengths before them.</summary>
internal sealed class BytesDecoder(int width) : ValueDecoder
{
    ReadOnlyMemory<byte>[] _entries = [];

    protected override void LoadDictionary(ReadOnlyMemory<byte> bytes, int count)
    {
        if (count > bytes.Length && width + count > 0 && bytes.Length / Math.Max(4, width) < count)
            throw Short();
        _entries = new ReadOnlyMemory<byte>[count];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var (start, length) = Next(bytes.Span, ref at);
            _entries[i] = bytes.Slice(start, length);
        }
    }

    (int Start, int Length) Next(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = width;
        if (width == 0)
        {
            if (bytes.Length - at < 4)
                throw Short();
            length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            at += 4;
        }

        if ((uint)length > (uint)(bytes.Length - at))
            throw Short();
        at += length;
        return (at - length, length);
    }

    protected override void EmitEntries(ColumnBuilder output, ReadOnlySpan<int> indices)
    {
        var builder = (BytesBuilder)output;
        foreach (var index in indices)
            builder.Append(_entries[index].Span);
    }

    protected override void EmitPlain(ColumnBuilder output, int count)
    {
        var builder = (BytesBuilder)output;
        var at = PlainAt;
        for (var i = 0; i < count; i++)
        {
            var (start, length) = Next(Plain, ref at);
            builder.Append(Plain.Slice(start, length));
        }

        PlainAt = at;
    }
}

/// <summary>Decimals written as big-endian bytes of any length.</summary>
internal sealed class DecimalBytesDecoder(bool wide) : ValueDecoder
{
    Int128[] _entries = [];

    protected override void LoadDictionary(ReadOnlyMemory<byte> bytes, int count)
    {
        if (bytes.Length / 4 < count)
            throw Short();
        _entries = new Int128[count];
        var at = 0;
        for (var i = 0; i < count; i++)
            _entries[i] = Next(bytes.Span, ref at);
    }

    static Int128 Next(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (bytes.Length - at < 4)
            throw Short();
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        at += 4;
        if ((uint)length > (uint)(bytes.Length - at))
            throw Short();
        at += length;
        return BigEndian(bytes.Slice(at - length, length));
    }

    protected override void EmitEntries(ColumnBuilder output, ReadOnlySpan<int> indices)
    {
        foreach (var index in indices)
            Emit(output, _entries[index]);
    }

    protected override void EmitPlain(ColumnBuilder output, int count)
    {
        var at = PlainAt;
        for (var i = 0; i < count; i++)
            Emit(output, Next(Plain, ref at));
        PlainAt = at;
    }

    void Emit(ColumnBuilder output, Int128 value)
    {
        if (wide)
            ((FixedBuilder<Int128>)output).Append(value);
        else if (value >= long.MinValue && value <= long.MaxValue)
            ((FixedBuilder<long>)output).Append((long)value);
        else
            throw new InvalidDataException("A decimal does not fit into its precision.");
    }
}
