using System.Buffers.Binary;

namespace DataIngestion.Conversion.Excel.Xlsb;

/// <summary>Numbers of the records that are read ([MS-XLSB] 2.3.2).</summary>
internal static class XlsbRecord
{
    public const int Row = 0;
    public const int CellRk = 2;
    public const int CellError = 3;
    public const int CellBoolean = 4;
    public const int CellReal = 5;
    public const int CellText = 6;
    public const int CellShared = 7;
    public const int FormulaText = 8;
    public const int FormulaReal = 9;
    public const int FormulaBoolean = 10;
    public const int FormulaError = 11;
    public const int SharedString = 19;
    public const int Format = 44;
    public const int Style = 47;
    public const int CellRichText = 62;
    public const int BeginRows = 145;
    public const int EndRows = 146;
    public const int WorkbookProperties = 153;
    public const int Sheet = 156;
    public const int Merge = 176;
    public const int BeginStyles = 617;
    public const int EndStyles = 618;
}

/// <summary>Reads the records of one part: a number and a length of 7 bits a byte each, then the record.</summary>
internal sealed class XlsbRecords(Stream content, string part, int mostBytes) : IDisposable
{
    readonly byte[] _buffer = new byte[64 << 10];
    byte[] _record = new byte[1024];
    int _at;
    int _end;
    int _length;
    int _unread;

    public int Type { get; private set; }

    /// <summary>The record, read when it is first asked for.</summary>
    public ReadOnlySpan<byte> Record
    {
        get
        {
            if (_unread > 0)
                ReadRecord();
            return _record.AsSpan(0, _length);
        }
    }

    /// <summary>Moves on; false at the end of the part.</summary>
    /// <exception cref="InvalidDataException">The part is cut off.</exception>
    public bool Read()
    {
        Skip();
        if (_at == _end && !Fill())
            return false;
        Type = Next();
        if (Type >= 0x80)
            Type = (Type & 0x7F) | ((Next() & 0x7F) << 7);
        var length = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var b = Next();
            length |= (b & 0x7F) << shift;
            if (b < 0x80)
                break;
        }

        (_length, _unread) = (length, length);
        return true;
    }

    void Skip()
    {
        while (_unread > 0)
        {
            if (_at == _end && !Fill())
                throw Cut();
            var take = Math.Min(_unread, _end - _at);
            (_at, _unread) = (_at + take, _unread - take);
        }
    }

    void ReadRecord()
    {
        if (_length > mostBytes)
            throw new ConversionException($"A record of {part} has {_length} bytes: at most {mostBytes} are read.");
        for (var done = 0; _unread > 0;)
        {
            if (_at == _end && !Fill())
                throw Cut();
            var take = Math.Min(_unread, _end - _at);
            if (_record.Length < done + take)
                Array.Resize(ref _record, Math.Max(_record.Length * 2, done + take));
            _buffer.AsSpan(_at, take).CopyTo(_record.AsSpan(done));
            (_at, _unread, done) = (_at + take, _unread - take, done + take);
        }
    }

    byte Next() => _at < _end || Fill() ? _buffer[_at++] : throw Cut();

    bool Fill()
    {
        _at = 0;
        _end = content.Read(_buffer);
        return _end > 0;
    }

    InvalidDataException Cut() => new($"'{part}' is cut off in a record.");

    /// <summary>A number of the record.</summary>
    /// <exception cref="InvalidDataException">The record is shorter.</exception>
    public uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Part(at, 4));

    public ushort UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Part(at, 2));

    public byte Byte(int at) => Part(at, 1)[0];

    public double Real(int at) => BinaryPrimitives.ReadDoubleLittleEndian(Part(at, 8));

    /// <summary>A text of the record, with the number of its characters before it; one without value is empty.</summary>
    public ReadOnlySpan<char> Text(int at, out int next)
    {
        var count = UInt32(at);
        if (count == uint.MaxValue)
            count = 0;
        if (count > (Record.Length - at - 4) / 2)
            throw Short();
        next = at + 4 + (int)count * 2;
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, char>(Record.Slice(at + 4, (int)count * 2));
    }

    ReadOnlySpan<byte> Part(int at, int length) => Record.Length - at >= length ? Record.Slice(at, length) : throw Short();

    InvalidDataException Short() => new($"A record {Type} of '{part}' is shorter than what it holds.");

    public void Dispose() => content.Dispose();
}
