using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Sas;

/// <summary>Where a subheader or a compressed row lies in a page.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Sas7bdatPointer(int Offset, int Length, byte Compression, byte Kind)
{
    /// <summary>Nothing lies there.</summary>
    public bool IsVoid => Length == 0 || Compression == 1;

    /// <summary>A row that is packed.</summary>
    public bool IsPacked => Compression == 4;
}

/// <summary>One page: subheaders, rows, or both.</summary>
internal sealed class Sas7bdatPage(Sas7bdatHeader header)
{
    const int HasDeleted = 0x80;
    const int KindMask = 0x0F00;
    const int Data = 0x0100;
    const int Mixed = 0x0200;
    const int Amended = 0x0400;
    const int Index = 0x9000;
    readonly byte[] _bytes = new byte[header.PageBytes];
    int _type;
    int _blocks;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public Memory<byte> Memory => _bytes;

    public int Pointers { get; private set; }

    /// <summary>Rows follow the head of the page.</summary>
    public bool IsData => (_type & KindMask) == Data;

    /// <summary>Rows follow the subheaders.</summary>
    public bool IsMixed => (_type & KindMask) == Mixed;

    /// <summary>Subheaders lie in the page, perhaps among compressed rows.</summary>
    public bool HasSubheaders => !IsData && (_type & Index) == 0 && (IsMixed || (_type & KindMask) is 0 or Amended);

    /// <summary>Takes over what was read into <see cref="Memory"/>.</summary>
    public void Open()
    {
        var tail = _bytes.AsSpan(header.PageHeadBytes - 8);
        (_type, _blocks, Pointers) = (header.UInt16(tail), header.UInt16(tail[2..]), header.UInt16(tail[4..]));
        if (HasSubheaders && header.PageHeadBytes + (Pointers * header.PointerBytes) > _bytes.Length)
            throw new InvalidDataException($"A page of the SAS7BDAT file says that it has {Pointers} subheaders, which are more than fit.");
    }

    public Sas7bdatPointer Pointer(int index)
    {
        var at = Bytes[(header.PageHeadBytes + (index * header.PointerBytes))..];
        var (offset, length) = (header.ReadWord(at), header.ReadWord(at[header.Word..]));
        var pointer = new Sas7bdatPointer((int)Math.Clamp(offset, 0, int.MaxValue), (int)Math.Clamp(length, 0, int.MaxValue), at[header.Word * 2], at[(header.Word * 2) + 1]);
        return pointer.IsVoid || (pointer.Offset >= header.PageHeadBytes && pointer.Offset <= Bytes.Length - (long)pointer.Length)
            ? pointer
            : throw new InvalidDataException($"A page of the SAS7BDAT file has a subheader at its byte {offset} with {length} bytes, which lies outside of it.");
    }

    /// <summary>The mark of a subheader; 0 where it is too short for one.</summary>
    public uint Signature(Sas7bdatPointer pointer)
    {
        var bytes = Bytes.Slice(pointer.Offset, pointer.Length);
        if (bytes.Length < header.Word)
            return 0;
        var first = (uint)header.Int32(bytes);
        return header is { Is64Bit: true, IsBigEndian: true } && first is 0 or uint.MaxValue ? (uint)header.Int32(bytes[4..]) : first;
    }

    /// <summary>How many rows lie in a page of rows, or behind the subheaders.</summary>
    /// <param name="inMixed">What a page with subheaders holds at most.</param>
    public long RowCount(long inMixed) => IsData ? _blocks : IsMixed ? Math.Min(inMixed, Math.Max(0, _blocks - Pointers)) : 0;

    /// <summary>Where the first row lies.</summary>
    public int FirstRow => IsData ? header.PageHeadBytes : (header.PageHeadBytes + (Pointers * header.PointerBytes) + 7) & ~7;

    /// <summary>Which rows were deleted: one bit a row, most significant first; empty if none.</summary>
    public ReadOnlySpan<byte> Deleted(int rowBytes)
    {
        if ((_type & HasDeleted) == 0 || !(IsData || IsMixed))
            return default;
        var rows = Math.Max(0, _blocks - Pointers);
        var at = header.PageHeadBytes + (long)header.Int32(Bytes[(header.Is64Bit ? 24 : 12)..]) + (Pointers * header.PointerBytes) + ((long)rows * rowBytes);
        at += (header.PageHeadBytes + (Pointers * header.PointerBytes)) % 8;
        var length = (rows + 7) / 8;
        return at >= 0 && at <= Bytes.Length - length ? Bytes.Slice((int)at, length) : throw new InvalidDataException("A page of the SAS7BDAT file does not hold the marks of its deleted rows.");
    }
}
