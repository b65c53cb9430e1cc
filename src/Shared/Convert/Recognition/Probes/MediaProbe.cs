using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>Sound and film: containers walked to their first parts, frames that follow each other.</summary>
internal static class MediaProbe
{
    static readonly int[] Rates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    static readonly int[] Rates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    static readonly int[] Hertz = [44100, 48000, 32000];

    public static Verdict? Find(ContentSample sample)
    {
        var head = sample.Head;
        return U8(head, 0) switch
        {
            'f' => head.StartsWith("fLaC"u8) && (U8(head, 4) & 0x7F) == 0 && U32Big(head, 4) % 0x1000000 == 34 ? new Verdict("flac", 1, "starts with the mark and the stream information of FLAC") : null,
            'O' => head.StartsWith("OggS\0"u8) ? new Verdict("ogg", 1, "starts with a page of Ogg", Codec(head)) : null,
            'I' => head.StartsWith("ID3"u8) && U8(head, 3) is >= 2 and <= 4 && U8(head, 6) < 0x80 ? new Verdict("mp3", 0.95, "starts with an ID3 tag", null) : null,
            0xFF => Mpeg(head) ?? Adts(head),
            'M' => head.StartsWith("MThd\0\0\0\x06"u8) ? new Verdict("midi", 1, "starts with the header of MIDI")
                : head.StartsWith("MAC "u8) ? new Verdict("ape", Verdict.MarkOnly, "starts with the mark of Monkey's Audio") : null,
            'F' => Form(head) ?? (head.StartsWith("FLV\x01"u8) ? new Verdict("flv", 1, "starts with the header of Flash video") : head.StartsWith("FWS"u8) && U8(head, 3) is > 0 and < 60 ? new Verdict("swf", 0.9, "starts with the header of Flash") : null),
            'C' => head.StartsWith("CWS"u8) && U8(head, 3) is > 0 and < 60 && U8(head, 8) == 0x78 ? new Verdict("swf", 1, "starts with the header of packed Flash") : null,
            'Z' => head.StartsWith("ZWS"u8) && U8(head, 3) is > 0 and < 60 && !char.IsAsciiLetter((char)head[3]) ? new Verdict("swf", 0.8, "starts with the header of packed Flash") : null,
            '.' => head.StartsWith(".snd"u8) && U32Big(head, 4) is >= 24 and < 4096 ? new Verdict("au", 1, "starts with the header of AU") : head.StartsWith(".RMF"u8) ? new Verdict("rm", Verdict.MarkOnly, "starts with the mark of RealMedia") : null,
            '#' => head.StartsWith("#!AMR"u8) ? new Verdict("amr", 1, "starts with the mark of AMR") : null,
            'w' => head.StartsWith("wvpk"u8) ? new Verdict("wavpack", 0.95, "starts with a block of WavPack") : null,
            0x30 => Is(head, 0, [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) ? new Verdict("asf", 1, "starts with the header object of ASF") : null,
            0x1A => Matroska(head),
            0x47 => Transport(head),
            0x00 => Is(head, 0, [0, 0, 1, 0xBA]) || Is(head, 0, [0, 0, 1, 0xB3]) ? new Verdict("mpeg", 0.95, "starts with a header of MPEG video") : null,
            _ => null,
        }
        ?? Iso(head);
    }

    static string? Codec(ReadOnlySpan<byte> head) =>
        Is(head, 28, "\x01vorbis"u8) ? "Vorbis" : Is(head, 28, "OpusHead"u8) ? "Opus" : Is(head, 28, "\u007FFLAC"u8) ? "FLAC" : Is(head, 28, [0x80, (byte)'t', (byte)'h', (byte)'e', (byte)'o', (byte)'r', (byte)'a']) ? "Theora" : null;

    static Verdict? Form(ReadOnlySpan<byte> head) =>
        head.StartsWith("FORM"u8) && head.Length >= 12
            ? Text(head.Slice(8, 4)) switch
            {
                "AIFF" or "AIFC" => new("aiff", 1, "is an IFF file with sound"),
                "ILBM" or "PBM " => new("iff", 1, "is an IFF file with a picture"),
                var kind when kind.All(char.IsAsciiLetterOrDigit) => new("iff", 0.8, $"is an IFF file of the kind {kind}"),
                _ => null,
            }
            : null;

    /// <summary>The first box names the brand (ISO/IEC 14496-12).</summary>
    static Verdict? Iso(ReadOnlySpan<byte> head)
    {
        if (Is(head, 4, "moov"u8) || Is(head, 4, "mdat"u8) || Is(head, 4, "wide"u8) || Is(head, 4, "free"u8) || Is(head, 4, "skip"u8))
            return U32Big(head, 0) is >= 8 ? new("mov", 0.85, "starts with a box of QuickTime") : null;
        if (!Is(head, 4, "ftyp"u8) || U32Big(head, 0) is < 12 or > 1024 || head.Length < 12)
            return null;
        var brand = Text(head.Slice(8, 4));
        var format = brand switch
        {
            "qt  " => "mov",
            "M4A " or "M4B " or "M4P " => "m4a",
            "M4V " or "M4VH" or "M4VP" => "m4v",
            "heic" or "heix" or "hevc" or "heim" or "heis" or "mif1" or "msf1" => "heic",
            "avif" or "avis" => "avif",
            "crx " => "cr3",
            "jp2 " or "jpx " or "jpm " => "jp2",
            _ when brand.StartsWith("3g", StringComparison.Ordinal) => "3gp",
            _ => "mp4",
        };
        return new(format, 1, $"starts with a file type box of the brand {brand.Trim()}", brand.Trim());
    }

    static Verdict? Matroska(ReadOnlySpan<byte> head) =>
        Is(head, 0, [0x1A, 0x45, 0xDF, 0xA3])
            ? new(head[..Math.Min(head.Length, 64)].IndexOf("webm"u8) >= 0 ? "webm" : "mkv", head[..Math.Min(head.Length, 64)].IndexOfAny("mw"u8) >= 0 ? 1 : 0.9, "starts with the header of EBML")
            : null;

    static Verdict? Transport(ReadOnlySpan<byte> head)
    {
        for (var i = 1; i < 5; i++)
        {
            if (U8(head, i * 188) != 0x47)
                return null;
        }

        return new("mpeg-ts", 0.95, "has packets of an MPEG transport stream");
    }

    /// <summary>Frames whose headers say where the next one begins.</summary>
    static Verdict? Mpeg(ReadOnlySpan<byte> head)
    {
        var (at, frames) = (0, 0);
        for (; frames < 3 && Frame(head, at) is > 0 and var size; frames++)
            at += size;
        return frames >= 2 || (frames == 1 && at >= head.Length) ? new("mp3", frames > 2 ? 1 : 0.9, $"has {frames} frames of MPEG audio one after the other") : null;
    }

    static int Frame(ReadOnlySpan<byte> head, int at)
    {
        if (at + 4 > head.Length || head[at] != 0xFF || (head[at + 1] & 0xE0) != 0xE0)
            return 0;
        var (version, layer, rate, hertz) = ((head[at + 1] >> 3) & 3, (head[at + 1] >> 1) & 3, head[at + 2] >> 4, (head[at + 2] >> 2) & 3);
        if (version == 1 || layer != 1 || rate is 0 or 15 || hertz == 3)
            return 0;
        var bits = (version == 3 ? Rates1 : Rates2)[rate] * 1000;
        var samples = Hertz[hertz] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
        return (version == 3 ? 144 : 72) * bits / samples + ((head[at + 2] >> 1) & 1);
    }

    static Verdict? Adts(ReadOnlySpan<byte> head)
    {
        var at = 0;
        for (var frames = 0; frames < 3; frames++)
        {
            if (U8(head, at) != 0xFF || (U8(head, at + 1) & 0xF6) != 0xF0 || at + 6 > head.Length)
                return null;
            var size = ((head[at + 3] & 3) << 11) | (head[at + 4] << 3) | (head[at + 5] >> 5);
            if (size < 7)
                return null;
            at += size;
        }

        return new("aac", 0.95, "has frames of AAC one after the other");
    }
}
