using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace DataIngestion.Conversion.Arrow.Metadata;

/// <summary>
/// One table of a FlatBuffers message, read in place. Every offset and length is held against the bytes that are there; what lies outside is damage.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct FlatTable
{
    readonly ReadOnlySpan<byte> _bytes;
    readonly int _at;
    readonly int _vtable;
    readonly int _vtableLength;

    FlatTable(ReadOnlySpan<byte> bytes, int at)
    {
        _bytes = bytes;
        _at = at;
        var vtable = at - (long)Int32(bytes, at);
        if (vtable < 0 || vtable > bytes.Length - 4)
            throw Outside(at);
        _vtable = (int)vtable;
        _vtableLength = UInt16(bytes, _vtable);
        if (_vtableLength < 4 || _vtableLength > bytes.Length - _vtable)
            throw Outside(_vtable);
    }

    /// <summary>The root table of a message.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static FlatTable Root(ReadOnlySpan<byte> bytes) => new(bytes, Target(bytes, 0));

    /// <summary>Whether a field is there; otherwise it has its default.</summary>
    public bool Has(int field) => Place(field) > 0;

    public byte Byte(int field, byte otherwise = 0) => Place(field) is > 0 and var at ? Span(_bytes, at, 1)[0] : otherwise;

    public short Int16(int field, short otherwise = 0) => Place(field) is > 0 and var at ? (short)UInt16(_bytes, at) : otherwise;

    public int Int32(int field, int otherwise = 0) => Place(field) is > 0 and var at ? Int32(_bytes, at) : otherwise;

    public long Int64(int field, long otherwise = 0) => Place(field) is > 0 and var at ? BinaryPrimitives.ReadInt64LittleEndian(Span(_bytes, at, 8)) : otherwise;

    /// <summary>A table inside this one.</summary>
    public bool TryTable(int field, out FlatTable table)
    {
        table = default;
        if (Place(field) is not (> 0 and var at))
            return false;
        table = new(_bytes, Target(_bytes, at));
        return true;
    }

    /// <summary>The elements of a vector of scalars or structs; empty where there is none.</summary>
    /// <param name="size">Bytes of an element.</param>
    public ReadOnlySpan<byte> Vector(int field, int size)
    {
        if (Place(field) is not (> 0 and var at))
            return default;
        var start = Target(_bytes, at);
        var count = Int32(_bytes, start);
        if (count < 0 || (long)count * size > _bytes.Length - start - 4)
            throw Outside(start);
        return _bytes.Slice(start + 4, count * size);
    }

    /// <summary>How many tables a vector holds.</summary>
    public int TableCount(int field) => Vector(field, 4).Length / 4;

    /// <summary>One table of a vector.</summary>
    public FlatTable TableAt(int field, int index)
    {
        var elements = Target(_bytes, Place(field)) + 4;
        return new(_bytes, Target(_bytes, elements + (index * 4)));
    }

    /// <summary>Text; null where there is none.</summary>
    public string? Text(int field)
    {
        if (!Has(field))
            return null;
        try
        {
            return StrictUtf8.GetString(Vector(field, 1));
        }
        catch (DecoderFallbackException wrong)
        {
            throw new InvalidDataException("The Arrow metadata holds text that is not UTF-8.", wrong);
        }
    }

    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Where a field's value lies; 0 where it is not there.</summary>
    int Place(int field)
    {
        var entry = 4 + (field * 2);
        if (entry + 2 > _vtableLength)
            return 0;
        var offset = UInt16(_bytes, _vtable + entry);
        return offset == 0 ? 0 : offset < _bytes.Length - _at ? _at + offset : throw Outside(_at);
    }

    static int Target(ReadOnlySpan<byte> bytes, int at)
    {
        var target = at + (long)(uint)Int32(bytes, at);
        return target > at && target <= bytes.Length - 4 ? (int)target : throw Outside(at);
    }

    static int Int32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(Span(bytes, at, 4));

    static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(Span(bytes, at, 2));

    static ReadOnlySpan<byte> Span(ReadOnlySpan<byte> bytes, int at, int length) =>
        at >= 0 && at <= bytes.Length - length ? bytes.Slice(at, length) : throw Outside(at);

    static InvalidDataException Outside(int at) => new($"The Arrow metadata is damaged: at its byte {at} something points outside of it.");
}
