namespace DataIngestion.Conversion.Orc;

/// <summary>The last message of a file, which says how to read the one before.</summary>
internal sealed record Postscript(long FooterLength, OrcCompression Compression, int BlockSize, IReadOnlyList<int> Version, bool HasMagic)
{
    /// <summary>Whether the file has the draft of version 2, which is written as 1.9999.</summary>
    public bool IsDraft => Version is [1, 9999];

    public static Postscript Of(ReadOnlySpan<byte> message)
    {
        var (footer, compression, block, hasMagic) = (0L, 0, 0UL, false);
        var version = new List<int>();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    footer = fields.Length();
                    break;
                case 2:
                    compression = fields.Small();
                    break;
                case 3:
                    block = fields.Number();
                    break;
                case 4:
                    fields.AddTo(version);
                    break;
                case 8000:
                    hasMagic = fields.Bytes().SequenceEqual("ORC"u8);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return new(footer, (OrcCompression)compression, (int)Math.Min(block, int.MaxValue), version, hasMagic);
    }

    /// <summary>What is to be told of the version: 0.11 (which the oldest writers leave out), 0.12 and the draft 1.9999 are known.</summary>
    public string? VersionNote => Version is [] or [0, 11] or [0, 12] || IsDraft
        ? null
        : $"The file has the unknown version {string.Join('.', Version.Take(4))} and is read as one of version 0.12: what that does not have is refused where it is met.";

    /// <exception cref="NotSupportedException">The compression is unknown.</exception>
    public void Check()
    {
        if (!Enum.IsDefined(Compression))
            throw new NotSupportedException($"The ORC file has the unknown compression {(int)Compression}: zlib, snappy, lzo, lz4, zstd and brotli are read.");
    }
}
