using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>Documents in compound files, told by the names of their streams.</summary>
internal static class CompoundProbe
{
    const string Container = "cfb";

    static readonly (string Stream, string Format, string Words)[] Streams =
    [
        ("WordDocument", "doc", "a Word text"),
        ("PowerPoint Document", "ppt", "a PowerPoint presentation"),
        ("PP40", "ppt", "a PowerPoint presentation"),
        ("PP97_DUALSTORAGE", "ppt", "a PowerPoint presentation"),
        ("__properties_version1.0", "msg", "an Outlook message"),
        ("VisioDocument", "vsd", "a Visio drawing"),
        ("WksSSWorkBook", "wks", "a Works spreadsheet"),
        ("MatOST", "wps", "a Works text"),
        ("NativeContent_MAIN", "qpw", "a Quattro Pro notebook"),
        ("Quill", "pub", "a Publisher document"),
        ("HwpSummaryInformation", "hwp", "a Hangul text"),
        ("StarCalcDocument", "sdc", "a StarCalc spreadsheet"),
        ("StarWriterDocument", "sdw", "a StarWriter text"),
        ("Props14", "mpp", "a Project plan"),
        ("Props12", "mpp", "a Project plan"),
        ("Props9", "mpp", "a Project plan"),
        ("SwDocContentMgr", "sldprt", "a SolidWorks document"),
        ("Catalog", "thumbs.db", "a cache of thumbnails"),
    ];

    static readonly Dictionary<Guid, (string Format, string Words)> Classes = new()
    {
        [new("00020820-0000-0000-c000-000000000046")] = ("xls", "an Excel workbook"),
        [new("00020810-0000-0000-c000-000000000046")] = ("xls", "an Excel workbook"),
        [new("00020906-0000-0000-c000-000000000046")] = ("doc", "a Word text"),
        [new("00020900-0000-0000-c000-000000000046")] = ("doc", "a Word text"),
        [new("64818d10-4f9b-11cf-86ea-00aa00b929e8")] = ("ppt", "a PowerPoint presentation"),
        [new("00020d0b-0000-0000-c000-000000000046")] = ("msg", "an Outlook message"),
        [new("000c1084-0000-0000-c000-000000000046")] = ("msi", "a Windows installer package"),
        [new("000c1086-0000-0000-c000-000000000046")] = ("msp", "a Windows installer patch"),
    };

    public static Verdict? Find(ContentSample sample)
    {
        if (!sample.Head.StartsWith(CompoundDirectory.Mark))
            return null;
        var (entries, root) = CompoundDirectory.Read(sample);
        var streams = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
            streams.Add(entry.Name);
        if (streams.Contains("EncryptedPackage") && (streams.Contains("EncryptionInfo") || streams.Contains("\u0006DataSpaces")))
            return Encrypted(sample);
        foreach (var entry in entries)
        {
            if (entry.Kind == 2 && (entry.Name.Equals("Workbook", StringComparison.OrdinalIgnoreCase) || entry.Name.Equals("Book", StringComparison.OrdinalIgnoreCase)))
                return Workbook(sample, entry);
        }

        foreach (var (stream, format, words) in Streams)
        {
            if (streams.Contains(stream) && !(stream == "Catalog" && streams.Count > 1 && !streams.Contains("1")))
                return new(format, 1, $"is a compound file with the stream '{stream}': {words}", null, Container);
        }

        if (Classes.TryGetValue(root, out var known))
            return new(known.Format, 0.95, $"is a compound file of the class of {known.Words}", null, Container);
        if (streams.Contains("PerfectOffice_MAIN"))
            return Corel(sample, entries);
        return new("cfb", entries.Count > 0 ? 0.9 : 0.7, entries.Count > 0
            ? $"is a compound file of an unknown kind: it holds {string.Join(", ", streams.Where(s => s != "Root Entry").Take(5).Select(s => Text(System.Text.Encoding.ASCII.GetBytes(s))))}"
            : "starts with the mark of a compound file, whose directory cannot be reached", null, Container);
    }

    /// <summary>The password hides which kind of Office document it is, so the name decides; workbooks are what data comes in.</summary>
    static Verdict Encrypted(ContentSample sample)
    {
        var (format, confidence) = sample.Extension switch
        {
            ".docx" or ".docm" or ".doc" => ("docx", 0.8),
            ".pptx" or ".pptm" or ".ppt" => ("pptx", 0.8),
            ".xlsx" or ".xlsm" or ".xls" => ("xlsx", 0.8),
            ".xlsb" => ("xlsb", 0.8),
            _ => ("xlsx", 0.5),
        };
        return new(format, confidence, "is an Office document encrypted with a password, which hides whether it is a workbook", "encrypted", Container);
    }

    static Verdict Workbook(ContentSample sample, CompoundEntry entry)
    {
        var version = entry.Name.Equals("Book", StringComparison.OrdinalIgnoreCase) ? "BIFF5" : "BIFF8";
        var start = CompoundDirectory.Start(sample, entry);
        if (U16(start, 0) == 0x0809)
            version = U16(start, 4) == 0x0500 ? "BIFF5" : "BIFF8";
        // A FILEPASS record stands right behind the first one, or behind a write-protection record.
        var isEncrypted = U16(start, 0) == 0x0809 && U16(start, 2) is > 0 and <= 16 and var length && (U16(start, 4 + length) == 0x002F || (U16(start, 4 + length) == 0x0086 && U16(start, 8 + length) == 0x002F));
        return new("xls", 1, $"is a compound file with the stream '{entry.Name}' of an Excel workbook" + (isEncrypted ? ", which is encrypted with a password" : ""), version, Container);
    }

    /// <summary>WordPerfect and Quattro Pro name their stream alike; its own mark tells.</summary>
    static Verdict Corel(ContentSample sample, IReadOnlyList<CompoundEntry> entries)
    {
        var start = CompoundDirectory.Start(sample, entries.First(e => e.Name == "PerfectOffice_MAIN"));
        return start.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, (byte)'W', (byte)'P', (byte)'C'])
            ? new("wpd", 1, "is a compound file with a WordPerfect text", null, Container)
            : new("wb3", start.Length > 0 ? 0.95 : 0.8, "is a compound file with a Quattro Pro notebook", null, Container);
    }
}
