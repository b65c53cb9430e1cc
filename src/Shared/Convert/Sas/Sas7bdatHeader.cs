using System.Buffers.Binary;

namespace DataIngestion.Conversion.Sas;

/// <summary>The head of a SAS7BDAT file: byte order, word size, pages (Shotwell, SAS7BDAT Database Binary Format).</summary>
internal sealed record Sas7bdatHeader(bool Is64Bit, bool IsBigEndian, int Encoding, int HeaderBytes, int PageBytes, long Pages)
{
    const int Head = 288;
    const int MostBytes = 1 << 24;
    static readonly byte[] Magic = Convert.FromHexString("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011");
    static readonly byte[] CatalogMagic = Convert.FromHexString("000000000000000000000000c2ea8163b31411cfbd92080009c7318c181f1011");

    /// <summary>Bytes of a word: of offsets, lengths and counts.</summary>
    public int Word => Is64Bit ? 8 : 4;

    /// <summary>Bytes before the pointers of a page.</summary>
    public int PageHeadBytes => Is64Bit ? 40 : 24;

    /// <summary>Bytes of a pointer to a subheader.</summary>
    public int PointerBytes => Is64Bit ? 24 : 12;

    /// <exception cref="InvalidDataException">This is no such file, or a damaged one.</exception>
    public static async ValueTask<Sas7bdatHeader> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        var head = new byte[Head];
        content.Position = 0;
        var read = await content.ReadAtLeastAsync(head, Head, throwOnEndOfStream: false, cancellationToken);
        if (head.AsSpan(0, Magic.Length).SequenceEqual(CatalogMagic))
            throw new NotSupportedException("This is a SAS catalog of formats (SAS7BCAT), which holds no rows: give the data set (SAS7BDAT).");
        if (read < Head || !head.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new InvalidDataException("This is no SAS7BDAT file: it does not begin with its mark, or is cut off in its head.");
        var (is64Bit, shift, order) = (head[32] == 0x33, head[35] == 0x33 ? 4 : 0, head[37]);
        if (order > 1)
            throw new InvalidDataException($"The SAS7BDAT file says byte order {order}, which there is not.");
        var header = new Sas7bdatHeader(is64Bit, order == 0, head[70], 0, 0, 0);
        header = header with
        {
            HeaderBytes = header.Int32(head.AsSpan(196 + shift)),
            PageBytes = header.Int32(head.AsSpan(200 + shift)),
            Pages = header.ReadWord(head.AsSpan(204 + shift)),
        };
        if (header.HeaderBytes is < 1024 or > MostBytes || header.PageBytes is < 1024 or > MostBytes || header.Pages < 0)
            throw new InvalidDataException($"The SAS7BDAT file says that its head has {header.HeaderBytes} bytes, and {header.Pages} pages {header.PageBytes} each.");
        if ((content.Length - header.HeaderBytes) / header.PageBytes < header.Pages)
            throw new InvalidDataException($"The SAS7BDAT file is cut off: it says {header.Pages} pages of {header.PageBytes} bytes, and has {content.Length} bytes.");
        return header;
    }

    public int Int32(ReadOnlySpan<byte> bytes) => IsBigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);

    public int UInt16(ReadOnlySpan<byte> bytes) => IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    /// <summary>A word; negative where it is beyond what can be.</summary>
    public long ReadWord(ReadOnlySpan<byte> bytes) =>
        !Is64Bit ? (uint)Int32(bytes) : IsBigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);

    /// <summary>A number of 2 to 8 bytes: the first of a binary64, whose last ones are zero.</summary>
    public SasNumber Number(ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = stackalloc byte[8];
        whole.Clear();
        if (IsBigEndian)
            bytes.CopyTo(whole);
        else
            bytes.CopyTo(whole[(8 - bytes.Length)..]);
        var bits = IsBigEndian ? BinaryPrimitives.ReadInt64BigEndian(whole) : BinaryPrimitives.ReadInt64LittleEndian(whole);
        var value = BitConverter.Int64BitsToDouble(bits);
        return double.IsNaN(value) ? new(0, Missing((byte)~(bits >> 40))) : new(value, '\0');
    }

    /// <summary>Which missing value a NaN is: the third byte holds the complement of its letter, or of the letter's number.</summary>
    static char Missing(byte mark) => mark switch
    {
        >= (byte)'A' and <= (byte)'Z' or (byte)'_' => (char)mark,
        1 => '_',
        >= 2 and < 28 => (char)('A' + mark - 2),
        _ => '.',
    };
}
