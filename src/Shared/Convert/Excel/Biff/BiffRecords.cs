using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Conversion.Excel.Biff;

/// <summary>Numbers of the records that are read ([MS-XLS] 2.3.2, and OpenOffice's documentation of the older versions).</summary>
internal static class BiffRecord
{
    public const int Eof = 0x0A;
    public const int DateMode = 0x22;
    public const int FilePass = 0x2F;
    public const int Continue = 0x3C;
    public const int CodePage = 0x42;
    public const int Ixfe = 0x44;
    public const int BoundSheet = 0x85;
    public const int MulRk = 0xBD;
    public const int RichText = 0xD6;
    public const int Merges = 0xE5;
    public const int SharedStrings = 0xFC;
    public const int LabelShared = 0xFD;
    public const int Rk = 0x27E;

    public static bool IsBof(int type) => type is 0x09 or 0x209 or 0x409 or 0x809;

    public static bool IsFormat(int type) => type is 0x1E or 0x41E;

    public static bool IsStyle(int type) => type is 0x43 or 0x243 or 0x443 or 0xE0;

    public static bool IsText(int type) => type is 0x07 or 0x207;

    /// <summary>Whether it is a cell with a value: its row is its first number.</summary>
    public static bool IsCell(int type) =>
        type is 0x02 or 0x03 or 0x203 or 0x04 or 0x204 or 0x05 or 0x205 or 0x06 or 0x206 or 0x406 or RichText or Rk or MulRk or LabelShared;
}

/// <summary>Reads records: a number, a length of at most 65,535, and the record.</summary>
/// <param name="content">Seekable; left open.</param>
internal sealed class BiffRecords(Stream content)
{
    readonly byte[] _buffer = new byte[128 << 10];
    long _bufferAt = -1;
    int _end;
    int _start;
    int _length;

    public int Type { get; private set; }

    /// <summary>Where the record begins.</summary>
    public long Position { get; private set; }

    public ReadOnlySpan<byte> Record => _buffer.AsSpan(_start, _length);

    /// <summary>The place after the record.</summary>
    long Next { get; set; }

    /// <summary>Goes to a place; the next read gives the record there.</summary>
    public void MoveTo(long position) => Next = position;

    /// <summary>Moves on; false at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The stream is cut off in a record.</exception>
    public bool Read()
    {
        Position = Next;
        var header = Bytes(Position, 4);
        if (header < 0)
            return false;
        Type = BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(header));
        _length = BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(header + 2));
        var start = Bytes(Position, 4 + _length);
        if (start < 0)
            throw new InvalidDataException("The workbook is cut off in a record.");
        _start = start + 4;
        Next = Position + 4 + _length;
        return true;
    }

    /// <summary>The type of the record that follows, or -1.</summary>
    public int PeekType()
    {
        var (start, length, type, position, next) = (_start, _length, Type, Position, Next);
        var header = Bytes(next, 4);
        var peeked = header < 0 ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(header));
        // Peeking may have moved the buffer.
        var again = Bytes(position, 4 + length);
        _start = again < 0 ? start : again + 4;
        (_length, Type, Position, Next) = (length, type, position, next);
        return peeked;
    }

    /// <summary>Where in the buffer some bytes of the stream are; -1 where the stream ends before.</summary>
    int Bytes(long position, int count)
    {
        if (position >= _bufferAt && _bufferAt >= 0 && position + count <= _bufferAt + _end)
            return (int)(position - _bufferAt);
        if (position < 0 || position > content.Length - count)
            return -1;
        content.Position = position;
        _end = content.ReadAtLeast(_buffer, count, throwOnEndOfStream: false);
        _bufferAt = position;
        return _end < count ? -1 : 0;
    }

    public ushort UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Part(at, 2));

    public uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Part(at, 4));

    public double Real(int at) => BinaryPrimitives.ReadDoubleLittleEndian(Part(at, 8));

    public byte Byte(int at) => Part(at, 1)[0];

    /// <summary>Bytes of the record.</summary>
    /// <exception cref="InvalidDataException">The record is shorter.</exception>
    public ReadOnlySpan<byte> Part(int at, int length) =>
        at + length <= _length ? _buffer.AsSpan(_start + at, length) : throw new InvalidDataException($"A record 0x{Type:X} is shorter than what it holds.");

    /// <summary>A text inside the record: with a byte of flags before its characters in version 8, in the code page before that.</summary>
    /// <param name="isShort">Whether its length is one byte.</param>
    public string Text(int at, bool isShort, int version, Encoding encoding)
    {
        int count = isShort ? Byte(at) : UInt16(at);
        at += isShort ? 1 : 2;
        if (version < 8)
            return encoding.GetString(Part(at, Math.Min(count, Math.Max(0, _length - at))));
        var flags = count == 0 && at == _length ? 0 : Byte(at);
        at++;
        at += ((flags & 8) != 0 ? 2 : 0) + ((flags & 4) != 0 ? 4 : 0);
        // Some programs write a length that the record does not hold.
        var room = Math.Max(0, _length - at);
        return (flags & 1) != 0
            ? Encoding.Unicode.GetString(Part(at, Math.Min(count * 2, room & ~1)))
            : Encoding.Latin1.GetString(Part(at, Math.Min(count, room)));
    }
}
