using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>Pictures: their marks, and the first header behind them.</summary>
internal static class ImageProbe
{
    public static Verdict? Find(ContentSample sample)
    {
        var head = sample.Head;
        return U8(head, 0) switch
        {
            0x89 => Png(head),
            0xFF => Jpeg(head) ?? (Is(head, 0, [0xFF, 0x4F, 0xFF, 0x51]) ? new Verdict("jp2", 1, "starts with the marks of a JPEG 2000 code stream", "codestream") : null) ?? Jxl(head),
            0x00 => Jp2(head) ?? Icon(head) ?? Jxl(head) ?? Tga(sample, head),
            'G' => head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) ? new Verdict("gif", head.Length >= 13 ? 1 : 0.9, "starts with the mark of GIF", Text(head.Slice(3, 3))) : null,
            'I' => Tiff(sample, head) ?? JpegXr(head),
            'M' => Tiff(sample, head),
            'B' => Bmp(sample, head) ?? (Is(head, 0, [(byte)'B', (byte)'P', (byte)'G', 0xFB]) ? new Verdict("bpg", 0.9, "starts with the mark of BPG") : null),
            '8' => head.StartsWith("8BPS"u8) && U16Big(head, 4) is 1 or 2 && U16Big(head, 12) is >= 1 and <= 56
                ? new Verdict("psd", 1, "starts with the header of a Photoshop picture", U16Big(head, 4) == 2 ? "PSB" : "1") : null,
            'q' => head.StartsWith("qoif"u8) && U32Big(head, 4) > 0 && U32Big(head, 8) > 0 && U8(head, 12) is 3 or 4 && U8(head, 13) is 0 or 1
                ? new Verdict("qoi", 1, "starts with the header of QOI") : null,
            'D' => head.StartsWith("DDS "u8) && U32(head, 4) == 124 ? new Verdict("dds", 1, "starts with the header of a DirectDraw surface") : null,
            'v' => Is(head, 0, [(byte)'v', (byte)'/', (byte)'1', 1]) ? new Verdict("exr", Verdict.MarkOnly, "starts with the mark of OpenEXR") : null,
            'g' => head.StartsWith("gimp xcf "u8) ? new Verdict("xcf", 1, "starts with the mark of a GIMP picture") : null,
            'i' => head.StartsWith("icns"u8) && U32Big(head, 4) == sample.Length ? new Verdict("icns", 1, "starts with the mark of Apple icons, and the length is right") : null,
            'A' => head.StartsWith("AT&TFORM"u8) ? new Verdict("djvu", 1, "starts with the mark of DjVu") : null,
            'P' => Portable(head),
            '#' => head.StartsWith("#?RADIANCE"u8) || head.StartsWith("#?RGBE"u8) ? new Verdict("hdr", 1, "starts with the mark of a Radiance picture") : null,
            0x0A => head.Length > 128 && head[1] is 0 or 2 or 3 or 4 or 5 && head[2] == 1 && head[3] is 1 or 2 or 4 or 8 && U16(head, 8) >= U16(head, 4) && head[64] == 0
                ? new Verdict("pcx", 0.9, "has the header of PCX") : null,
            0xD7 => Is(head, 0, [0xD7, 0xCD, 0xC6, 0x9A]) ? new Verdict("wmf", 1, "starts with the mark of a Windows metafile") : null,
            0x01 => Is(head, 0, [1, 0, 9, 0, 0, 3]) ? new Verdict("wmf", 0.9, "starts with the header of a Windows metafile")
                : U32(head, 0) == 1 && Is(head, 40, " EMF"u8) ? new Verdict("emf", 1, "has the header of an enhanced metafile") : Tga(sample, head),
            _ => null,
        }
        ?? Riff(sample, head) ?? Targa(sample);
    }

    static Verdict? Png(ReadOnlySpan<byte> head)
    {
        if (!Is(head, 0, [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return Is(head, 0, [0x8A, (byte)'M', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? new("mng", 1, "starts with the mark of MNG") : null;
        return Is(head, 12, "IHDR"u8) || Is(head, 12, "CgBI"u8)
            ? new("png", 1, "starts with the mark and the header of PNG", Is(head, 12, "CgBI"u8) ? "CgBI" : head.IndexOf("acTL"u8) is > 0 and < 200 ? "APNG" : null)
            : new("png", Verdict.MarkOnly, "starts with the mark of PNG");
    }

    /// <summary>Two segments, whose length leads from one to the next.</summary>
    static Verdict? Jpeg(ReadOnlySpan<byte> head)
    {
        if (!Is(head, 0, [0xFF, 0xD8, 0xFF]))
            return null;
        var next = U16Big(head, 4) is > 1 and var length ? 4 + length : -1;
        var walks = U8(head, next) is 0xFF or -1 && U8(head, 3) >= 0xC0;
        var kind = Is(head, 6, "JFIF"u8) ? "JFIF" : Is(head, 6, "Exif"u8) ? "Exif" : null;
        return new("jpeg", walks ? 1 : 0.8, walks ? "starts with segments of JPEG" : "starts with the mark of JPEG", kind);
    }

    static Verdict? Jp2(ReadOnlySpan<byte> head)
    {
        if (!Is(head, 0, [0, 0, 0, 0x0C, (byte)'j', (byte)'P']) || !Is(head, 8, [0x0D, 0x0A, 0x87, 0x0A]))
            return null;
        var brand = head.Length >= 24 && Is(head, 16, "ftyp"u8) ? Text(head.Slice(20, 4)).Trim() : null;
        return new("jp2", 1, "starts with the signature box of JPEG 2000", brand);
    }

    static Verdict? Jxl(ReadOnlySpan<byte> head) =>
        Is(head, 0, [0, 0, 0, 0x0C, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 0x0D, 0x0A, 0x87, 0x0A]) ? new("jxl", 1, "starts with the signature box of JPEG XL")
        : Is(head, 0, [0xFF, 0x0A]) && head.Length > 12 && head[..12].ContainsAnyInRange((byte)0x80, (byte)0xFE) ? new("jxl", 0.6, "starts with the mark of a JPEG XL code stream") : null;

    static Verdict? Icon(ReadOnlySpan<byte> head)
    {
        var (kind, count) = (U16(head, 2), U16(head, 4));
        if (kind is not (1 or 2) || count is < 1 or > 256 || head.Length < 22)
            return null;
        var (size, at) = (U32(head, 14), U32(head, 18));
        if (head[9] != 0 || size < 40 || at < 6 + 16 * count || size > 1 << 24 || (kind == 1 && (U16(head, 10) > 10 || U16(head, 12) > 64)))
            return null;
        var first = U32(head, (int)Math.Min(at, int.MaxValue / 2));
        return first is 40 or 12 or 0x474E5089 or -1 ? new(kind == 1 ? "ico" : "cur", first == -1 ? 0.8 : 1, "has a directory of icons and the first of them") : null;
    }

    static Verdict? Tiff(ContentSample sample, ReadOnlySpan<byte> head)
    {
        var isBig = head.StartsWith("MM"u8);
        var magic = isBig ? U16Big(head, 2) : U16(head, 2);
        if (magic is not (42 or 43) || !(isBig || head.StartsWith("II"u8)))
            return null;
        var order = isBig ? "big-endian" : "little-endian";
        if (magic == 43)
            return (isBig ? U16Big(head, 4) : U16(head, 4)) == 8 ? new("tiff", 1, "starts with the header of BigTIFF", "BigTIFF " + order) : null;
        var at = isBig ? U32Big(head, 4) : U32(head, 4);
        if (Is(head, 8, "CR"u8))
            return new("cr2", 1, "starts with the header of a Canon raw picture");
        Span<byte> count = stackalloc byte[2];
        var walks = at >= 8 && sample.TryRead(at, count) && (isBig ? U16Big(count, 0) : U16(count, 0)) is > 0 and < 512;
        return new("tiff", walks ? 1 : 0.8, walks ? "starts with the header of TIFF, which leads to a directory" : "starts with the header of TIFF", order);
    }

    static Verdict? JpegXr(ReadOnlySpan<byte> head) => Is(head, 0, [(byte)'I', (byte)'I', 0xBC, 1]) ? new("jxr", 0.9, "starts with the mark of JPEG XR") : null;

    static Verdict? Bmp(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("BM"u8) || head.Length < 26)
            return null;
        var (size, at, header) = (U32(head, 2), U32(head, 10), U32(head, 14));
        if (header is not (12 or 40 or 52 or 56 or 64 or 108 or 124) || U32(head, 6) != 0 || at < 14 + header)
            return null;
        return new("bmp", sample.Length < 0 || size == sample.Length ? 1 : 0.9, "has the header of a bitmap", header switch { 12 => "2", 40 => "3", 108 => "4", 124 => "5", _ => null });
    }

    static Verdict? Portable(ReadOnlySpan<byte> head)
    {
        if (head.Length < 8 || head[1] is < (byte)'1' or > (byte)'7' || head[2] is not ((byte)'\n' or (byte)' ' or (byte)'\r' or (byte)'\t'))
            return null;
        var next = head[3..].TrimStart(" \t\r\n"u8);
        return next.Length > 3 && (next[0] == '#' || head[1] == '7' || (char.IsAsciiDigit((char)next[0]) && next[..Math.Min(12, next.Length)].IndexOfAny(" \n"u8) is > 0 and < 6))
            ? new(head[1] switch { (byte)'1' or (byte)'4' => "pbm", (byte)'2' or (byte)'5' => "pgm", (byte)'3' or (byte)'6' => "ppm", _ => "pam" }, 0.9, "starts with the header of a portable map", Text(head[..2]))
            : null;
    }

    static Verdict? Riff(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (!(head.StartsWith("RIFF"u8) || head.StartsWith("RIFX"u8) || head.StartsWith("RF64"u8)) || head.Length < 12)
            return null;
        _ = sample;
        var kind = Text(head.Slice(8, 4));
        var format = kind switch { "WEBP" => "webp", "WAVE" => "wav", "AVI " => "avi", "ACON" => "ani", "sfbk" => "sf2", "RMID" => "midi", "CDR9" or "CDRA" or "CDRB" => "cdr", _ => null };
        return format is null ? new("riff", 0.8, $"is a RIFF file of the kind {kind}") : new(format, 1, $"is a RIFF file of the kind {kind.Trim()}");
    }

    /// <summary>The newer files end with a mark.</summary>
    static Verdict? Targa(ContentSample sample) => sample.IsWhole || sample.Extension == ".tga"
        ? sample.Tail(18).SequenceEqual("TRUEVISION-XFILE.\0"u8) ? new("tga", 1, "ends with the mark of Targa", "2") : null
        : null;

    /// <summary>The older files have only a header, each field of which is checked.</summary>
    static Verdict? Tga(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (head.Length < 19 || head[1] > 1 || head[2] is not (1 or 2 or 3 or 9 or 10 or 11) || head[16] is not (8 or 15 or 16 or 24 or 32) || (head[17] & 0xC0) is 0x40 or 0xC0)
            return null;
        var isMapped = head[2] is 1 or 9;
        if (head[1] != (isMapped ? 1 : 0) || (!isMapped && (U16(head, 3) | U16(head, 5) | head[7]) != 0) || (isMapped && head[7] is not (15 or 16 or 24 or 32)))
            return null;
        var (width, height) = (U16(head, 12), U16(head, 14));
        if (width is 0 or > 16384 || height is 0 or > 16384 || (head[2] is 3 or 11 && head[16] is not (8 or 16)))
            return null;
        var map = isMapped ? U16(head, 5) * ((head[7] + 7) / 8) : 0;
        var pixels = (long)width * height * ((head[16] + 7) / 8);
        var fits = head[2] < 8 ? sample.Length < 0 || sample.Length >= 18 + head[0] + map + pixels : Packed(sample, head, 18 + head[0] + map, (long)width * height, (head[16] + 7) / 8);
        return fits ? new("tga", 0.85, "has the header of Targa, and as much picture as it says", "1") : null;
    }

    /// <summary>Whether the packets of runs make up the picture, as far as they are there.</summary>
    static bool Packed(ContentSample sample, ReadOnlySpan<byte> head, int at, long pixels, int size)
    {
        while (pixels > 0 && at < head.Length)
        {
            var count = (head[at] & 0x7F) + 1;
            at += (head[at] & 0x80) != 0 ? 1 + size : 1 + count * size;
            pixels -= count;
        }

        return sample.IsWhole ? pixels <= 0 && at <= head.Length : pixels > 0;
    }
}
