using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>Documents, books and the spreadsheets of former days.</summary>
internal static class DocumentProbe
{
    const int MostPreamble = 1024;

    public static Verdict? Find(ContentSample sample)
    {
        var head = sample.Head;
        return U8(head, 0) switch
        {
            0 => Lotus(head),
            0x09 => Biff(head),
            'I' => head.StartsWith("ITOLITLS"u8) ? new Verdict("lit", 1, "starts with the mark of a Microsoft Reader book") : head.StartsWith("ITSF"u8) && U32(head, 4) is 2 or 3 ? new Verdict("chm", 1, "starts with the header of compiled HTML help") : null,
            'L' => head.StartsWith("L\0R\0F\0\0\0"u8) ? new Verdict("lrf", 1, "starts with the mark of a BBeB book") : null,
            'S' => head.StartsWith("SNBP000B"u8) ? new Verdict("snb", 1, "starts with the mark of a Bambook book") : null,
            '!' => head.StartsWith("!BDN"u8) ? new Verdict("pst", 1, "starts with the mark of Outlook's folders") : null,
            0xFF => Is(head, 1, "WPC"u8) ? WordPerfect(head) : null,
            '?' => Is(head, 0, [(byte)'?', (byte)'_', 3, 0]) ? new Verdict("hlp", 1, "starts with the mark of Windows help") : null,
            '{' => head.StartsWith("{\\rtf"u8) ? new Verdict("rtf", 1, "starts with the mark of RTF", Text(head.Slice(5, Math.Min(1, head.Length - 5))).Trim('\\', '?')) : null,
            '%' => head.StartsWith("%!PS"u8) ? PostScript(head) : null,
            0xC5 => Is(head, 0, [0xC5, 0xD0, 0xD3, 0xC6]) ? new Verdict("eps", 1, "starts with the header of EPS with a preview", "DOS") : null,
            0xE4 => Is(head, 0, [0xE4, 0x52, 0x5C, 0x7B, 0x8C, 0xD8, 0xA7, 0x4D]) ? new Verdict("one", 1, "starts with the mark of OneNote") : null,
            0x31 or 0x32 => U8(head, 1) == 0xBE && U16(head, 2) == 0 ? new Verdict("doc", 0.9, "starts with the header of Word for DOS or Write", "Word for DOS") : null,
            0xDB => U8(head, 1) == 0xA5 && U16(head, 2) is > 0 and < 256 ? new Verdict("doc", 0.9, "starts with the header of Word 2", "2") : null,
            0xFE => Is(head, 0, [0xFE, 0x37, 0, 0x23]) ? new Verdict("doc", 0.9, "starts with the header of Word for Mac", "Mac 4") : null,
            _ => null,
        }
        ?? Pdf(sample) ?? Palm(sample, head);
    }

    /// <summary>The mark may stand behind other bytes, within the first 1,024 (ISO 32000-1, annex H.3).</summary>
    static Verdict? Pdf(ContentSample sample)
    {
        var head = sample.Head;
        var at = head[..Math.Min(head.Length, MostPreamble + 8)].IndexOf("%PDF-"u8);
        if (at < 0)
            return null;
        var version = Text(head.Slice(at + 5, Math.Min(3, head.Length - at - 5)));
        var isVersion = version.Length > 0 && char.IsAsciiDigit(version[0]);
        if (at > 0 && (!isVersion || IsMarkup(head)))
            return null;
        var hasObjects = head.IndexOf(" obj"u8) > at || head.IndexOf("%%EOF"u8) > at;
        return new("pdf", at == 0 && hasObjects ? 1 : hasObjects ? 0.9 : 0.8, at == 0 ? "starts with the mark of PDF" + (hasObjects ? " and holds its objects" : "") : $"has the mark of PDF after {at} bytes", isVersion ? version.Trim('?') : null);
    }

    static bool IsMarkup(ReadOnlySpan<byte> head) => head.TrimStart(" \t\r\n"u8) is [(byte)'<', ..] or [(byte)'{', ..];

    static Verdict PostScript(ReadOnlySpan<byte> head)
    {
        var line = head[..Math.Max(0, head.IndexOfAny("\r\n"u8))];
        return new(line.IndexOf("EPSF"u8) > 0 ? "eps" : "ps", 1, "starts with the mark of PostScript", line.Length > 11 && line.StartsWith("%!PS-Adobe-"u8) ? Text(line.Slice(11, Math.Min(3, line.Length - 11))) : null);
    }

    static Verdict? WordPerfect(ReadOnlySpan<byte> head) =>
        U8(head, 8) is 1 or 0x21 && U8(head, 9) is 0x0A or 0x2C
            ? new("wpd", 1, "starts with the header of a WordPerfect document", U8(head, 10) switch { 0 => "5", 2 => "6", _ => null })
            : new("wpd", 0.9, "starts with the mark of WordPerfect");

    /// <summary>The first record marks the beginning; what it holds is the version (Lotus Worksheet File Format; Quattro Pro has its own numbers).</summary>
    static Verdict? Lotus(ReadOnlySpan<byte> head)
    {
        if (U16(head, 0) != 0)
            return null;
        var (length, version) = (U16(head, 2), U16(head, 4));
        var (format, words) = (length, version) switch
        {
            (2, 0x0404) => ("wks", "Lotus 1-2-3 release 1"),
            (2, 0x0405) => ("wrk", "Lotus Symphony 1.0"),
            (2, 0x0406) => ("wk1", "Lotus 1-2-3 release 2"),
            (26, 0x1000) => ("wk3", "Lotus 1-2-3 release 3"),
            (26, 0x1002) => ("wk4", "Lotus 1-2-3 release 4"),
            (26, 0x1003 or 0x1005) => ("123", "Lotus 1-2-3 97"),
            (2, 0x5120) => ("wq1", "Quattro Pro for DOS"),
            (2, 0x5121) => ("wq2", "Quattro Pro 5 for DOS"),
            (2, 0x1001) => ("wb1", "Quattro Pro for Windows"),
            (2, 0x1002) => ("wb2", "Quattro Pro 6 for Windows"),
            (2, 0x1007) => ("wb3", "Quattro Pro 7 for Windows"),
            _ => ("", ""),
        };
        return format.Length == 0 ? null : new(format, Walks(head, 4 + length) ? 1 : 0.85, $"starts with the record of {words}");
    }

    /// <summary>Excel 2 to 4 wrote the stream of records without a container.</summary>
    static Verdict? Biff(ReadOnlySpan<byte> head)
    {
        var (id, length) = (U16(head, 0), U16(head, 2));
        var version = id switch { 0x0009 => "BIFF2", 0x0209 => "BIFF3", 0x0409 => "BIFF4", 0x0809 => "BIFF5", _ => null };
        if (version is null || length is < 4 or > 16 || U16(head, 6) is not (0x10 or 0x20 or 0x40 or 0x100 or 0x05 or 0x06))
            return null;
        return new("xls", Walks(head, 4 + length) ? 1 : 0.8, "starts with the records of an Excel sheet without a container", version);
    }

    /// <summary>Whether records follow each other to the end of what is there.</summary>
    static bool Walks(ReadOnlySpan<byte> head, int at)
    {
        var records = 0;
        for (; at + 4 <= head.Length && records < 50; records++)
        {
            if (U16(head, at + 2) > 0x2020 + 0x6000 || (U16(head, at) == 1 && U16(head, at + 2) == 0))
                break;
            at += 4 + U16(head, at + 2);
        }

        return records >= 2;
    }

    /// <summary>A Palm database: 32 characters of name, times, type and creator, and a list of records that lies inside.</summary>
    static Verdict? Palm(ContentSample sample, ReadOnlySpan<byte> head)
    {
        if (head.Length < 86)
            return null;
        var kind = head.Slice(60, 8);
        var (format, words) =
            kind.SequenceEqual("BOOKMOBI"u8) ? ("mobi", "a Mobipocket book")
            : kind.SequenceEqual("TEXtREAd"u8) || kind.SequenceEqual("TEXtTlDc"u8) ? ("pdb", "a PalmDOC book")
            : kind.SequenceEqual("PNRdPPrs"u8) || kind.SequenceEqual("PNPdPPrs"u8) ? ("pdb", "an eReader book")
            : kind.SequenceEqual("ToGoToGo"u8) || kind.SequenceEqual("zTXTGPlm"u8) || kind.SequenceEqual("DataPlkr"u8) || kind.SequenceEqual("DataTDat"u8) ? ("pdb", "a Palm database")
            : ("", "");
        if (format.Length == 0)
            return null;
        var (records, first) = (U16Big(head, 76), U32Big(head, 78));
        var fits = records > 0 && first >= 78 + 8 * records && (sample.Length < 0 || first < sample.Length);
        string? version = null;
        if (format == "mobi" && first < head.Length - 40 && Is(head, (int)first + 16, "MOBI"u8))
        {
            var number = U32Big(head, (int)first + 36);
            version = $"{number}";
            if (number == 8)
                format = "azw3";
        }

        return new(format, fits ? 1 : 0.85, $"is {words} by type and creator" + (fits ? "" : ", but its records do not lie inside it"), version);
    }
}
