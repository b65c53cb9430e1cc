using System.Text;

namespace DataIngestion.Conversion.Tests.Orc;

/// <summary>Writes ORC files by their layout: a test says types and the bytes of streams, and this puts them into stripes, footers and a postscript.</summary>
internal sealed class OrcFile
{
    public const int Struct = 12;

    readonly List<byte[]> _types = [];
    readonly List<byte[]> _stripes = [];
    readonly List<byte> _bytes = [.. "ORC"u8];
    readonly List<byte[]> _extra = [];
    long _rows;

    /// <summary>By its number: 1 zlib, 2 snappy, 3 lzo, 4 lz4, 5 zstd, 6 brotli.</summary>
    public int Compression { get; init; }

    /// <summary>Packs the bytes of a chunk.</summary>
    public Func<byte[], byte[]>? Pack { get; init; }

    public (int Major, int Minor) Version { get; init; } = (0, 12);

    /// <summary>What the footer says about the calendar: 1 hybrid, 2 proleptic.</summary>
    public int? Calendar { get; init; }

    public bool HasMagic { get; init; } = true;

    /// <summary>A file of one column.</summary>
    public static OrcFile OfColumn(int kind, string name = "a", int precision = 0, int scale = 0) =>
        new OrcFile().Type(Struct, [1], [name]).Type(kind, precision: precision, scale: scale);

    public OrcFile Type(int kind, int[]? children = null, string[]? names = null, int precision = 0, int scale = 0)
    {
        var type = new Proto().Number(1, kind);
        if (children is not null)
            type.Bytes(2, [.. children.Select(c => (byte)c)]);
        foreach (var name in names ?? [])
            type.Text(3, name);
        _types.Add((precision > 0 ? type.Number(5, precision).Number(6, scale) : type).ToArray());
        return this;
    }

    /// <summary>Adds a field to the footer.</summary>
    public OrcFile Footer(int field, byte[] message)
    {
        _extra.Add(new Proto().Bytes(field, message).ToArray());
        return this;
    }

    /// <param name="encodings">By column: 0 direct, 1 dictionary, 2 and 3 the same in version 2; the entries of a dictionary.</param>
    public OrcFile Stripe(long rows, (int Column, int Kind, byte[] Bytes)[] streams, (int Kind, int Entries)[] encodings, string? zone = null)
    {
        var (offset, footer) = (_bytes.Count, new Proto());
        foreach (var (column, kind, bytes) in streams)
        {
            var packed = Chunk(bytes);
            _bytes.AddRange(packed);
            footer.Bytes(1, new Proto().Number(1, kind).Number(2, column).Number(3, packed.Length).ToArray());
        }

        var data = _bytes.Count - offset;
        foreach (var (kind, entries) in encodings)
            footer.Bytes(2, new Proto().Number(1, kind).Number(2, entries).ToArray());
        if (zone is not null)
            footer.Text(3, zone);
        var end = Chunk(footer.ToArray());
        _bytes.AddRange(end);
        _stripes.Add(new Proto().Number(1, offset).Number(2, 0).Number(3, data).Number(4, end.Length).Number(5, rows).ToArray());
        _rows += rows;
        return this;
    }

    public byte[] ToArray(long? rows = null)
    {
        var footer = new Proto().Number(1, 3).Number(2, _bytes.Count);
        foreach (var stripe in _stripes)
            footer.Bytes(3, stripe);
        foreach (var type in _types)
            footer.Bytes(4, type);
        footer.Number(6, rows ?? _rows);
        foreach (var field in _extra)
            footer.Raw(field);
        if (Calendar is { } calendar)
            footer.Number(11, calendar);
        var packed = Chunk(footer.ToArray());
        var postscript = new Proto().Number(1, packed.Length).Number(2, Compression).Number(3, 65536).Bytes(4, [.. Varint(Version.Major), .. Varint(Version.Minor)]);
        var last = (HasMagic ? postscript.Text(8000, "ORC") : postscript).ToArray();
        return [.. _bytes, .. packed, .. last, (byte)last.Length];
    }

    byte[] Chunk(byte[] bytes)
    {
        if (Compression == 0 || bytes.Length == 0)
            return bytes;
        var packed = Pack?.Invoke(bytes);
        var (word, stored) = packed is null ? (bytes.Length * 2 + 1, bytes) : (packed.Length * 2, packed);
        return [(byte)word, (byte)(word >> 8), (byte)(word >> 16), .. stored];
    }

    public static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (var rest = (ulong)value; ; rest >>= 7)
        {
            bytes.Add((byte)(rest > 127 ? (rest & 127) | 128 : rest));
            if (rest <= 127)
                return [.. bytes];
        }
    }

    /// <summary>Signed numbers as literals of version 1 (up to 128).</summary>
    public static byte[] Signed(params long[] values) => [(byte)-values.Length, .. values.SelectMany(v => Varint((v << 1) ^ (v >> 63)))];

    /// <summary>Unsigned numbers as literals of version 1 (up to 128).</summary>
    public static byte[] Unsigned(params long[] values) => [(byte)-values.Length, .. values.SelectMany(Varint)];

    /// <summary>Bits as literals.</summary>
    public static byte[] Bits(params bool[] values)
    {
        var bytes = new byte[(values.Length + 7) / 8];
        for (var i = 0; i < values.Length; i++)
            bytes[i / 8] |= (byte)((values[i] ? 1 : 0) << (7 - (i % 8)));
        return [(byte)-bytes.Length, .. bytes];
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A message of Protocol Buffers.</summary>
    internal sealed class Proto
    {
        readonly List<byte> _bytes = [];

        public Proto Number(int field, long value) => Raw([.. Varint((long)field << 3), .. Varint(value)]);

        public Proto Bytes(int field, byte[] value) => Raw([.. Varint(((long)field << 3) | 2), .. Varint(value.Length), .. value]);

        public Proto Text(int field, string value) => Bytes(field, Utf8(value));

        public Proto Raw(byte[] bytes)
        {
            _bytes.AddRange(bytes);
            return this;
        }

        public byte[] ToArray() => [.. _bytes];
    }
}
