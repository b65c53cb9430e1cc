using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Probes;

/// <summary>Documents that are zip archives: told by the parts that the archive's directory names, and by the media type that OpenDocument and EPUB put first.</summary>
internal static class ZipDocuments
{
    const int MostTypeBytes = 1 << 20;

    /// <summary>Media types of OpenDocument and its kin, by what follows <c>application/</c>.</summary>
    static readonly Dictionary<string, string> MediaTypes = new(StringComparer.Ordinal)
    {
        ["vnd.oasis.opendocument.text"] = "odt",
        ["vnd.oasis.opendocument.text-template"] = "odt",
        ["vnd.oasis.opendocument.text-master"] = "odt",
        ["vnd.oasis.opendocument.text-web"] = "odt",
        ["vnd.oasis.opendocument.spreadsheet"] = "ods",
        ["vnd.oasis.opendocument.spreadsheet-template"] = "ods",
        ["vnd.oasis.opendocument.presentation"] = "odp",
        ["vnd.oasis.opendocument.presentation-template"] = "odp",
        ["vnd.oasis.opendocument.graphics"] = "odg",
        ["vnd.oasis.opendocument.graphics-template"] = "odg",
        ["vnd.oasis.opendocument.chart"] = "odc",
        ["vnd.oasis.opendocument.formula"] = "odf",
        ["vnd.oasis.opendocument.image"] = "odi",
        ["vnd.oasis.opendocument.base"] = "odb",
        ["vnd.oasis.opendocument.database"] = "odb",
        ["vnd.sun.xml.base"] = "odb",
        ["vnd.sun.xml.writer"] = "sxw",
        ["vnd.sun.xml.calc"] = "sxc",
        ["vnd.sun.xml.impress"] = "sxi",
        ["vnd.sun.xml.draw"] = "sxd",
        ["epub+zip"] = "epub",
        ["vnd.etsi.asic-e+zip"] = "asice",
        ["vnd.etsi.asic-s+zip"] = "asics",
        ["vnd.adobe.indesign-idml-package"] = "idml",
    };

    /// <summary>Parts that tell a document, with a sentence's end; the first that an archive has decides.</summary>
    static readonly (string Part, string Format, string Words)[] Parts =
    [
        ("xl/workbook.bin", "xlsb", "an Office document (a zip archive of XML parts) with a binary workbook"),
        ("xl/workbook.xml", "xlsx", "an Office document (a zip archive of XML parts) with a workbook"),
        ("xl/worksheets/sheet1.xml", "xlsx", "an Office document (a zip archive of XML parts) with a worksheet"),
        ("word/document.xml", "docx", "an Office document (a zip archive of XML parts) with a text"),
        ("ppt/presentation.xml", "pptx", "an Office document (a zip archive of XML parts) with a presentation"),
        ("visio/document.xml", "vsdx", "an Office document (a zip archive of XML parts) with a drawing"),
        ("FixedDocSeq.fdseq", "xps", "an XPS document"),
        ("FixedDocumentSequence.fdseq", "xps", "an XPS document"),
        ("3D/3dmodel.model", "3mf", "a 3MF model"),
        ("theme/theme/themeManager.xml", "thmx", "an Office theme (a zip archive of XML parts)"),
        ("AndroidManifest.xml", "apk", "an Android package"),
        ("META-INF/container.xml", "epub", "an EPUB without its media type"),
        ("META-INF/reportPackage.json", "xbrl-report-package", "an XBRL report package"),
        ("META-INF/taxonomyPackage.xml", "xbrl-taxonomy-package", "an XBRL taxonomy package"),
        ("Index/Document.iwa", "iwork", "an iWork document"),
        ("index.apxl", "iwork", "an iWork document"),
        ("doc.kml", "kmz", "a KML archive"),
        ("META-INF/MANIFEST.MF", "jar", "a Java archive"),
    ];

    /// <summary>The document that an archive is; null for a mere archive.</summary>
    /// <param name="entries">What its directory lists.</param>
    /// <param name="read">Reads the start of an entry; null where it cannot be read.</param>
    public static Verdict? Find(IReadOnlyList<ZipEntry> entries, Func<ZipEntry, int, byte[]?> read)
    {
        var names = entries.Select(e => e.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (entries.FirstOrDefault(e => e.Name == "mimetype") is { } typed && names.Count > 1 && read(typed, 200) is { } type && OfMediaType(type) is { } byType)
            return byType;
        foreach (var (part, format, words) in Parts)
        {
            if (names.Contains(part))
                return new(format, 1, $"is {words}: its directory has {part}", format is "xlsx" or "docx" or "pptx" ? Macros(names) : null, "zip");
        }

        return ByContentTypes(entries, read) ?? ByEndings(entries, names);
    }

    /// <summary>The same for an archive of which only the start is there.</summary>
    public static Verdict? FindInHead(ReadOnlySpan<byte> head)
    {
        var entries = new List<ZipEntry>();
        byte[]? type = null;
        for (var at = 0; entries.Count < 1000 && Field.Is(head, at, "PK\x03\x04"u8);)
        {
            var (packed, size, length, extra) = (Field.U32(head, at + 18), Field.U32(head, at + 22), Field.U16(head, at + 26), Field.U16(head, at + 28));
            if (extra < 0 || at + 30 + length + extra > head.Length)
                break;
            var name = Field.Text(head.Slice(at + 30, length));
            var data = at + 30 + length + extra;
            if (name == "mimetype" && packed == size && data + size <= head.Length && size < 200)
                type = head.Slice(data, (int)size).ToArray();
            entries.Add(new(name, 0, false, 0, packed, size, at));
            var next = data + packed;
            // Where the sizes follow the data, the next header is found by its mark.
            if ((Field.U16(head, at + 6) & 8) != 0 && packed == 0)
                next = head[data..].IndexOf("PK\x03\x04"u8) is >= 0 and var found ? data + found : head.Length;
            if (next > head.Length)
                break;
            at = (int)next;
        }

        return Find(entries, (entry, _) => entry.Name == "mimetype" ? type : null) is { } match ? match with { Confidence = 0.9 } : null;
    }

    static Verdict? OfMediaType(ReadOnlySpan<byte> type)
    {
        var text = Field.Text(type).Trim();
        return text.StartsWith("application/", StringComparison.Ordinal) && MediaTypes.TryGetValue(text["application/".Length..], out var format)
            ? new(format, 1, $"is a zip archive whose part 'mimetype' says {text}", null, "zip")
            : null;
    }

    static string? Macros(HashSet<string> names) => names.Any(n => n.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase)) ? "with macros" : null;

    /// <summary>Parts may have any name; the list of content types says what the main one is.</summary>
    static Verdict? ByContentTypes(IReadOnlyList<ZipEntry> entries, Func<ZipEntry, int, byte[]?> read)
    {
        if (entries.FirstOrDefault(e => e.Name == "[Content_Types].xml") is not { } list || read(list, MostTypeBytes) is not { } types)
            return null;
        var content = types.AsSpan();
        var format = content.IndexOf("sheet.binary.macroEnabled.main"u8) >= 0 ? "xlsb"
            : content.IndexOf("spreadsheetml.sheet.main"u8) >= 0 || content.IndexOf("ms-excel.sheet.macroEnabled.main"u8) >= 0 || content.IndexOf("spreadsheetml.template.main"u8) >= 0 ? "xlsx"
            : content.IndexOf("wordprocessingml.document.main"u8) >= 0 || content.IndexOf("ms-word.document.macroEnabled.main"u8) >= 0 ? "docx"
            : content.IndexOf("presentationml.presentation.main"u8) >= 0 ? "pptx"
            : content.IndexOf("themeManager"u8) >= 0 ? "thmx"
            : entries.Any(e => e.Name.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase)) ? "nupkg"
            : null;
        return format is null ? null : new(format, 1, "is an Office document (a zip archive of XML parts) by its list of content types", null, "zip");
    }

    static Verdict? ByEndings(IReadOnlyList<ZipEntry> entries, HashSet<string> names)
    {
        var files = entries.Where(e => e.IsData).ToList();
        if (files.Count > 0 && files.All(e => e.Name.EndsWith(".npy", StringComparison.Ordinal)))
            return new("npz", 1, "is a zip archive of NumPy arrays", null, "zip");
        if (names.Contains("index.html") && names.Contains("metadata.opf"))
            return new("htmlz", 0.9, "is a zip archive of an HTML book with its metadata", null, "zip");
        return names.Contains("index.pml") ? new("pmlz", 0.9, "is a zip archive of a PML book", null, "zip")
            : files.Any(e => e.Name.EndsWith(".dist-info/WHEEL", StringComparison.Ordinal)) ? new("whl", 1, "is a zip archive with the metadata of a Python wheel", null, "zip")
            : null;
    }
}
