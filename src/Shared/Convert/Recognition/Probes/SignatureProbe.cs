namespace DataIngestion.Conversion.Probes;

/// <summary>Formats that have nothing but a mark, or whose mark is long enough to be sure.</summary>
internal static class SignatureProbe
{
    /// <summary>Place, mark, name; the confidence is that of the mark's length.</summary>
    static readonly (int At, byte[] Mark, string Format, string? Version)[] All =
    [
        (0, [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A], "hdf5", null),
        (512, [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A], "hdf5", null),
        (1024, [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A], "hdf5", null),
        (2048, [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A], "hdf5", null),
        (0, [0x0E, 0x03, 0x13, 0x01], "hdf4", null),
        (0, "CDF\x01"u8.ToArray(), "netcdf", "classic"),
        (0, "CDF\x02"u8.ToArray(), "netcdf", "64-bit offset"),
        (0, "CDF\x05"u8.ToArray(), "netcdf", "64-bit data"),
        (0, [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "npy", null),
        (0, "SIMPLE  ="u8.ToArray(), "fits", null),
        (0, "GRIB"u8.ToArray(), "grib", null),
        (128, "DICM"u8.ToArray(), "dcm", null),
        (0, "SEQ\x06"u8.ToArray(), "sequencefile", "6"),
        (0, "SEQ\x05"u8.ToArray(), "sequencefile", "5"),
        (0, "RCF\x01"u8.ToArray(), "rcfile", null),
        (0, "bplist0"u8.ToArray(), "plist", "binary"),
        (0, "kxzipped"u8.ToArray(), "kdb", "compressed"),
        (0, "TDSm"u8.ToArray(), "tdms", null),
        (0, [0, 0, 0x27, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "shp", null),
        (0, [0xD4, 0xC3, 0xB2, 0xA1], "pcap", null),
        (0, [0xA1, 0xB2, 0xC3, 0xD4], "pcap", null),
        (0, [0x4D, 0x3C, 0xB2, 0xA1], "pcap", "nanoseconds"),
        (0, [0x0A, 0x0D, 0x0D, 0x0A], "pcapng", null),
        (0, "ElfFile\0"u8.ToArray(), "evtx", null),
        (0, "regf"u8.ToArray(), "registry", null),
        (0, [0, 1, 0, 0, 0], "ttf", null),
        (0, "true\0"u8.ToArray(), "ttf", null),
        (0, "OTTO\0"u8.ToArray(), "otf", null),
        (0, "ttcf\0"u8.ToArray(), "ttc", null),
        (0, "wOFF"u8.ToArray(), "woff", null),
        (0, "wOF2"u8.ToArray(), "woff2", null),
        (0, [0x80, 0x01], "pfb", null),
        (0, "\x01\x66\x63\x70"u8.ToArray(), "pcf", null),
        (0, "FORTRAN90"u8.ToArray(), "fortran", null),
        (0, "glTF\x02\0\0\0"u8.ToArray(), "glb", "2"),
        (0, "AC10"u8.ToArray(), "dwg", null),
        (0, "Kaydara FBX Binary"u8.ToArray(), "fbx", null),
        (0, "BLENDER"u8.ToArray(), "blend", null),
        (0, [0x4C, 0, 0, 0, 0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xC0], "lnk", null),
        (0, "d8:announce"u8.ToArray(), "torrent", null),
        (0, "Salted__"u8.ToArray(), "openssl-encrypted", null),
        (0, "age-encryption.org/"u8.ToArray(), "age", null),
        (0, "RUU CROSS SYSTEM MAP FORMAT\0"u8.ToArray(), "map", "RUU"),
        (0, "CSS k"u8.ToArray(), "statistica", "CSS"),
        (0, "LMDB"u8.ToArray(), "lmdb", null),
        (0, "PGDMP"u8.ToArray(), "pg-dump", null),
        (0, "ZIM\x04"u8.ToArray(), "zim", null),
        (0, "WARC/"u8.ToArray(), "warc", null),
    ];

    static readonly Dictionary<byte, (int At, byte[] Mark, string Format, string? Version)[]> AtStart =
        All.Where(m => m.At == 0).GroupBy(m => m.Mark[0]).ToDictionary(g => g.Key, g => g.ToArray());

    static readonly (int At, byte[] Mark, string Format, string? Version)[] Elsewhere = [.. All.Where(m => m.At > 0)];

    public static Verdict? Find(ContentSample sample)
    {
        var head = sample.Head;
        if (head.IsEmpty)
            return null;
        foreach (var (at, mark, format, version) in AtStart.GetValueOrDefault(head[0], []))
        {
            if (head.StartsWith(mark) && IsPlausible(sample, format))
                return Found(format, mark, version, at);
        }

        foreach (var (at, mark, format, version) in Elsewhere)
        {
            if (Field.Is(head, at, mark))
                return Found(format, mark, version, at);
        }

        return null;
    }

    static Verdict Found(string format, byte[] mark, string? version, int at) =>
        new(format, mark.Length >= 8 ? 1 : mark.Length >= 5 ? 0.95 : 0.9, at == 0 ? $"starts with the mark of {format}" : $"has the mark of {format} at byte {at}", version);

    /// <summary>Short marks ask for a second field that is right.</summary>
    static bool IsPlausible(ContentSample sample, string format)
    {
        var head = sample.Head;
        return format switch
        {
            "ttf" or "otf" => Field.U16Big(head, 4) is > 3 and < 64 && Field.U16Big(head, 6) % 16 == 0,
            "pfb" => Field.Is(head, 6, "%!"u8),
            "dwg" => head.Length > 6 && char.IsAsciiDigit((char)head[4]) && char.IsAsciiDigit((char)head[5]) && head[6] == 0,
            "pcap" => Field.U16(head, 4) is 2 or 0x200,
            "pcapng" => Field.U32(head, 8) is 0x1A2B3C4D or 0x4D3C2B1A,
            "grib" => Field.U8(head, 7) is 1 or 2,
            "torrent" or "fits" or "warc" or "age" => true,
            "registry" => Field.U32(head, 20) == 1 || head.Length >= 4096,
            "hdf4" or "lmdb" or "tdms" => head[..Math.Min(64, head.Length)].ContainsAnyInRange((byte)0, (byte)8),
            "woff" or "woff2" => Field.U32Big(head, 8) is >= 0 and var size && (sample.Length < 0 || size == sample.Length),
            _ => true,
        };
    }
}
