namespace DataIngestion.Conversion.Compression;

/// <summary>The compressions that are opened, by their marks.</summary>
internal static class Compressions
{
    /// <summary>An archive of files, see <see cref="ZipInput"/>; the others hold one.</summary>
    public const string Zip = "zip";

    /// <summary>Between the names of layers, outermost first: <c>zip+gzip</c>.</summary>
    public const char Separator = '+';

    static readonly string[] Endings = [".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz", ".lz4", ".sz", ".snappy", ".zz", ".zlib", ".zip"];

    /// <summary>What the first bytes are the mark of; null for none.</summary>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return "gzip";
        if (ZstdDecoder.IsFrame(head))
            return "zstd";
        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8))
            return Zip;
        if (head.Length >= 10 && head.StartsWith("BZh"u8) && (head[4..10].SequenceEqual((ReadOnlySpan<byte>)[0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) || head[4..10].SequenceEqual((ReadOnlySpan<byte>)[0x17, 0x72, 0x45, 0x38, 0x50, 0x90])))
            return "bzip2";
        if (XzDecoder.IsStart(head))
            return "xz";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4D, 0x18]))
            return "lz4";
        if (SnappyDecoder.IsStart(head))
            return "snappy";
        return head.Length > 2 && head[0] == 0x78 && ZlibDecoder.IsHeader(head) && Head(head, "zlib", 64).Length > 0 ? "zlib" : null;
    }

    /// <summary>The name of what is inside.</summary>
    public static string? NameInside(string? name) =>
        name is not null && Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(name) : name;

    /// <summary>As much of the start of the content as the head of its compressed form gives, at most <paramref name="most"/> bytes.</summary>
    public static byte[] Head(ReadOnlySpan<byte> head, string compression, int most)
    {
        var content = new byte[most];
        var length = 0;
        try
        {
            using var decoder = Open(compression, new CompressedInput(new MemoryStream(head.ToArray(), writable: false)));
            for (int read; length < most && (read = decoder.Read(content.AsSpan(length))) > 0;)
                length += read;
        }
        catch (CompressionDamage)
        {
            // The head ends inside the compressed content; what came out so far is enough, or the conversion will say what is damaged.
        }

        return content[..length];
    }

    /// <summary>A decoder of one layer that is no archive.</summary>
    public static LayerDecoder Open(string compression, CompressedInput input) => compression switch
    {
        "gzip" => new GzipDecoder(input),
        "zstd" => new ZstdDecoder(input),
        "bzip2" => new Bzip2Decoder(input),
        "xz" => new XzDecoder(input),
        "lz4" => new Lz4Decoder(input),
        "snappy" => new SnappyDecoder(input),
        "zlib" => new ZlibDecoder(input),
        _ => throw new ConversionException($"There is no compression '{compression}'."),
    };
}
