using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Conversion.Dbf;

/// <summary>What the head of a dBASE or FoxPro table says.</summary>
internal sealed record DbfHeader
{
    const int MostHeaderBytes = 65_535;
    const int Terminator = 0x0D;
    const int SystemColumn = 1;
    const int NullableColumn = 2;

    /// <summary>Versions by their first byte (dBASE and FoxPro language references, "Table file structure").</summary>
    static readonly Dictionary<int, string> Versions = new()
    {
        [0x02] = "FoxBASE",
        [0x03] = "dBASE III",
        [0x04] = "dBASE 7",
        [0x05] = "dBASE V",
        [0x30] = "Visual FoxPro",
        [0x31] = "Visual FoxPro",
        [0x32] = "Visual FoxPro",
        [0x43] = "dBASE IV",
        [0x63] = "dBASE IV",
        [0x7B] = "dBASE IV",
        [0x83] = "dBASE III",
        [0x8B] = "dBASE IV",
        [0x8C] = "dBASE 7",
        [0x8E] = "dBASE IV",
        [0xCB] = "dBASE IV",
        [0xE5] = "Clipper",
        [0xF5] = "FoxPro 2",
        [0xFB] = "FoxBASE",
    };

    public required string Version { get; init; }

    public required long Records { get; init; }

    public required int HeaderLength { get; init; }

    public required int RecordLength { get; init; }

    /// <summary>The number of the code page ("language driver"); 0 where it is not said.</summary>
    public required byte Language { get; init; }

    public required IReadOnlyList<DbfField> Fields { get; init; }

    /// <summary>Whether numbers are stored as FoxPro stores them, little-endian.</summary>
    public bool IsFoxPro => Version is "Visual FoxPro" or "FoxPro 2" or "FoxBASE";

    public bool IsLevel7 => Version == "dBASE 7";

    public static DbfHeader Read(Stream content)
    {
        var length = content.Length;
        if (length < 32)
            throw new InvalidDataException($"The content is no DBF table: it has {length} bytes, and a header has 32.");
        var head = Bytes(content, 0, 32);
        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(8));
        var recordLength = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(10));
        if (!Versions.TryGetValue(head[0], out var version))
            throw new InvalidDataException($"The content is no DBF table: it starts with the byte {head[0]:x2}, which no version has.");
        if (head[15] == 1 && version is ("dBASE IV" or "dBASE 7"))
            throw new NotSupportedException("The DBF table is encrypted. Have it delivered without encryption.");
        if (headerLength < 33 || headerLength > length || recordLength < 2)
            throw new InvalidDataException($"The DBF table is damaged or cut off: its header would have {headerLength} of {length} bytes, and a record {recordLength}.");
        var whole = Bytes(content, 0, Math.Min(MostHeaderBytes, (int)headerLength));
        var fields = version == "dBASE 7" && headerLength >= 68 ? FieldsOf(whole, 68, 48, isWide: true, isVisual: false) : FieldsOf(whole, 32, 32, isWide: false, version == "Visual FoxPro");
        var used = fields.Count == 0 ? 1 : fields[^1].Start + fields[^1].Length;
        if (fields.Count == 0 || used > recordLength)
            throw new InvalidDataException($"The DBF table is damaged: its {fields.Count} fields have {used} bytes, and its records {recordLength}.");
        var records = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        if (records * recordLength > length - headerLength)
            throw new InvalidDataException($"The DBF table is cut off: its header says {records} records of {recordLength} bytes, and there are {(length - headerLength) / recordLength}.");
        return new() { Version = version, Records = records, HeaderLength = headerLength, RecordLength = recordLength, Language = head[29], Fields = fields };
    }

    static List<DbfField> FieldsOf(byte[] header, int at, int size, bool isWide, bool isVisual)
    {
        var fields = new List<DbfField>();
        var (start, flag) = (1, 0);
        for (; at + size <= header.Length && header[at] != Terminator; at += size)
        {
            var entry = header.AsSpan(at, size);
            var name = Name(entry[..(isWide ? 32 : 11)]);
            var kind = (char)entry[isWide ? 32 : 11];
            int length = entry[isWide ? 33 : 16];
            int decimals = entry[isWide ? 34 : 17];
            // Clipper and FoxPro keep the high byte of a long text's length where numbers have their decimals.
            if (kind == 'C' && decimals > 0)
                (length, decimals) = (length + decimals * 256, 0);
            if (length == 0 || !"CNFDLMTYBI@O+VQGPW0".Contains(kind, StringComparison.Ordinal))
                throw new InvalidDataException($"The DBF table is damaged, or of an unknown version: its field '{name}' has type '{kind}' and {length} bytes.");
            var flags = isVisual ? entry[18] : 0;
            var lengthFlag = kind is 'V' or 'Q' ? flag++ : -1;
            var nullFlag = (flags & NullableColumn) != 0 && (flags & SystemColumn) == 0 ? flag++ : -1;
            fields.Add(new(name, kind, start, length, decimals, nullFlag, lengthFlag));
            start += length;
        }

        return fields;
    }

    static string Name(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(name.IndexOf((byte)0) is >= 0 and var end ? name[..end] : name).Trim();

    static byte[] Bytes(Stream content, long at, int count)
    {
        var bytes = new byte[count];
        content.Position = at;
        content.ReadExactly(bytes);
        return bytes;
    }
}
