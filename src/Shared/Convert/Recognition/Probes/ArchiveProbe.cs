using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>Archives, images of discs, and compressions that are not opened.</summary>
internal static class ArchiveProbe
{
    public static Verdict? Find(ContentSample sample)
    {
        var head = sample.Head;
        return U8(head, 0) switch
        {
            '7' => Is(head, 0, [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C]) ? new Verdict("7z", U8(head, 6) == 0 ? 1 : 0.95, "starts with the header of a 7z archive", $"{U8(head, 6)}.{U8(head, 7)}", "7z") : null,
            'R' => Rar(head),
            'x' => head.StartsWith("xar!"u8) && U16Big(head, 4) is >= 28 and < 512 ? new Verdict("xar", 1, "starts with the header of a xar archive", $"{U16Big(head, 6)}", "xar") : null,
            'M' => Cabinet(sample, head),
            'L' => head.StartsWith("LZIP"u8) && U8(head, 4) is 0 or 1 ? new Verdict("lzip", 1, "starts with the header of lzip", $"{head[4]}") : null,
            '!' => Ar(head),
            'Z' => head.StartsWith("ZOO "u8) && U32(head, 20) == 0xFDC4A7DC ? new Verdict("zoo", 1, "starts with the header of a ZOO archive", null, "zoo") : null,
            'S' => head.StartsWith("StuffIt (c)"u8) || (head.StartsWith("SIT!"u8) && Is(head, 10, "rLau"u8)) ? new Verdict("sit", 1, "starts with the header of a StuffIt archive", null, "sit") : null,
            'P' => Partition(head),
            'E' => Is(head, 0, [(byte)'E', (byte)'V', (byte)'F', 9, 0x0D, 0x0A, 0xFF, 0]) ? new Verdict("ewf", 1, "starts with the mark of an evidence image") : null,
            'c' => head.StartsWith("conectix"u8) ? new Verdict("vhd", 1, "starts with the mark of a virtual disc") : null,
            'v' => head.StartsWith("vhdxfile"u8) ? new Verdict("vhdx", 1, "starts with the mark of a virtual disc") : null,
            'K' => head.StartsWith("KDMV"u8) ? new Verdict("vmdk", 0.95, "starts with the mark of a virtual disc") : null,
            'Q' => Is(head, 0, [(byte)'Q', (byte)'F', (byte)'I', 0xFB]) ? new Verdict("qcow2", 0.95, "starts with the mark of a virtual disc") : null,
            'h' => head.StartsWith("hsqs"u8) && U16(head, 28) == 4 ? new Verdict("squashfs", 1, "starts with the superblock of SquashFS", null, "squashfs") : null,
            '0' => Cpio(head),
            0x60 => Arj(head),
            0x1F => Is(head, 0, [0x1F, 0x9D]) && (U8(head, 2) & 0x1F) is >= 9 and <= 16 && (U8(head, 2) & 0x60) == 0 ? new Verdict("compress", 0.95, "starts with the header of compress (.Z)")
                : Is(head, 0, [0x1F, 0xA0]) || Is(head, 0, [0x1F, 0x1E]) ? new Verdict("pack", 0.6, "starts with the mark of pack") : null,
            0x89 => Is(head, 0, [0x89, (byte)'L', (byte)'Z', (byte)'O', 0, 0x0D, 0x0A, 0x1A, 0x0A]) ? new Verdict("lzop", 1, "starts with the mark of lzop") : null,
            0x5D => Lzma(sample, head),
            0xC7 => U16(head, 0) == 0x71C7 && U16(head, 6) < 65535 && U16(head, 20) is > 0 and < 512 ? new Verdict("cpio", 0.8, "has the header of a cpio archive", "binary", "cpio") : null,
            0xED => Is(head, 0, [0xED, 0xAB, 0xEE, 0xDB]) && U8(head, 4) is 3 or 4 ? new Verdict("rpm", 1, "starts with the lead of an RPM package", $"{head[4]}.{U8(head, 5)}", "rpm") : null,
            _ => null,
        }
        ?? Ace(head) ?? Lha(head) ?? Tar(head) ?? Image(sample);
    }

    static Verdict? Rar(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("Rar!\x1A\x07\0"u8))
            return new("rar", U8(head, 9) == 0x73 ? 1 : 0.95, "starts with the mark of a RAR archive", "4", "rar");
        if (head.StartsWith("Rar!\x1A\x07\x01\0"u8))
            return new("rar", 1, "starts with the mark of a RAR archive", "5", "rar");
        return Is(head, 0, [(byte)'R', (byte)'E', 0x7E, 0x5E]) && U16(head, 4) >= 7 ? new("rar", 0.95, "starts with the mark of an old RAR archive", "1.4", "rar") : null;
    }

    static Verdict? Cabinet(ContentSample sample, ReadOnlySpan<byte> head) =>
        head.StartsWith("MSCF"u8) && U32(head, 4) == 0 && U8(head, 25) == 1
            ? new("cab", sample.Length < 0 || U32(head, 8) <= sample.Length ? 1 : 0.95, "starts with the header of a cabinet", "1.3", "cab")
            : null;

    static Verdict? Ar(ReadOnlySpan<byte> head) =>
        !head.StartsWith("!<arch>\n"u8) ? null
        : Is(head, 8, "debian-binary"u8) ? new("deb", 1, "is an ar archive that begins with 'debian-binary'", null, "ar") : new("ar", 1, "starts with the header of an ar archive", null, "ar");

    static Verdict? Partition(ReadOnlySpan<byte> head) => head.StartsWith("PAR2\0PKT"u8) ? new("par2", 1, "starts with a packet of PAR2") : null;

    static Verdict? Cpio(ReadOnlySpan<byte> head)
    {
        if (!(head.StartsWith("070701"u8) || head.StartsWith("070702"u8) || head.StartsWith("070707"u8)) || head.Length < 76)
            return null;
        foreach (var digit in head[6..76])
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return null;
        }

        return new("cpio", 1, "starts with the header of a cpio archive", head[5] switch { (byte)'1' => "newc", (byte)'2' => "crc", _ => "odc" }, "cpio");
    }

    static Verdict? Arj(ReadOnlySpan<byte> head) =>
        U16(head, 0) == 0xEA60 && U16(head, 2) is > 10 and <= 2600 and var size && U8(head, 4) is >= 20 and <= 60 && U8(head, 10) == 2 && 4 + size <= head.Length
            ? new("arj", 1, "starts with the main header of an ARJ archive", null, "arj") : null;

    static Verdict? Ace(ReadOnlySpan<byte> head) => Is(head, 7, "**ACE**"u8) && U8(head, 4) == 0 ? new("ace", 1, "has the header of an ACE archive", null, "ace") : null;

    /// <summary>A method between dashes, behind the header's length and checksum.</summary>
    static Verdict? Lha(ReadOnlySpan<byte> head) =>
        head.Length > 21 && head[2] == '-' && head[3] == 'l' && head[4] is (byte)'h' or (byte)'z' && head[6] == '-' && char.IsAsciiLetterOrDigit((char)head[5]) && head[20] <= 3
            ? new("lha", 1, "has the header of an LHA archive", Text(head.Slice(2, 5)), "lha") : null;

    /// <summary>Properties, a dictionary whose size is a power of two or half more, and a length that is unknown or sensible.</summary>
    static Verdict? Lzma(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (head.Length < 14 || sample.Length is >= 0 and < 14)
            return null;
        var (dictionary, size) = (U32(head, 1), I64(head, 5));
        return dictionary >= 4096 && (long.IsPow2(dictionary) || (dictionary % 3 == 0 && long.IsPow2(dictionary / 3))) && (size == -1 || size is > 0 and < 1L << 40) && head[13] == 0
            ? new("lzma", 0.95, "starts with the header of an LZMA stream") : null;
    }

    /// <summary>The sum of the header's bytes, in octal digits, with spaces for the sum itself (POSIX ustar).</summary>
    static Verdict? Tar(ReadOnlySpan<byte> head)
    {
        if (head.Length < 512)
            return null;
        var header = head[..512];
        var said = 0;
        foreach (var digit in header.Slice(148, 8))
        {
            if (digit is >= (byte)'0' and <= (byte)'7')
                said = said * 8 + (digit - '0');
            else if (digit is not (0 or (byte)' '))
                return null;
        }

        if (said == 0)
            return null;
        var (unsigned, signed) = (8 * 32, 8 * 32);
        for (var i = 0; i < 512; i++)
        {
            if (i is >= 148 and < 156)
                continue;
            unsigned += header[i];
            signed += (sbyte)header[i];
        }

        if (said != unsigned && said != signed)
            return null;
        var version = Is(header, 257, "ustar\0"u8) ? "ustar" : Is(header, 257, "ustar  "u8) ? "GNU" : "v7";
        return new("tar", 1, "has a header of tar whose checksum is right", U8(header, 156) is 'x' or 'g' ? "pax" : version, "tar");
    }

    static Verdict? Image(ContentSample sample)
    {
        if (sample.Head.Length > 32769 + 6 && Is(sample.Head, 32769, "CD001"u8))
            return new("iso", 1, "has the volume descriptor of ISO 9660", null, "iso");
        return sample.Extension == ".dmg" && sample.Tail(512).StartsWith("koly"u8) ? new("dmg", 1, "ends with the trailer of a disc image", null, "dmg") : null;
    }
}
