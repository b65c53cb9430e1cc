using System.Text.RegularExpressions;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.Recognition;

/// <summary>A file and what it is.</summary>
/// <param name="Path">Where its bytes lie.</param>
/// <param name="Label">What it is, by those who collected it.</param>
/// <param name="Shown">Its name in lists.</param>
internal sealed record LabelledFile(string Path, string Label, string Shown)
{
    /// <summary>Our names for a label, where they differ: other names of the same format, and members of a family that a label covers.</summary>
    static readonly Dictionary<string, string[]> Accepted = new(StringComparer.Ordinal)
    {
        ["bzip"] = ["bzip2"],
        ["htm"] = ["html"],
        ["jpg"] = ["jpeg"],
        ["lz"] = ["lzip"],
        ["lzh"] = ["lha"],
        ["sevenzip"] = ["7z"],
        ["tif"] = ["tiff"],
        ["txt"] = ["text"],
        ["sta"] = ["statistica"],
        ["nmind"] = ["gzip", "tar"],
        // Word processing before and beside Word; the folder's files have this ending and are of several programs.
        ["doc"] = ["doc", "wpd"],
        // A theme of Office that was given the ending of XML.
        ["xml"] = ["xml", "thmx", "iso20022", "xbrl", "fpml", "ofx"],
        // The password hides whether the workbook inside is the newer one.
        ["xls"] = ["xls", "xlsx"],
        ["csv"] = ["csv", "tsv"],
    };

    /// <summary>What libmagic's descriptions hold where they are right, generously.</summary>
    static readonly Dictionary<string, string> Magic = new(StringComparer.Ordinal)
    {
        ["bzip"] = "bzip2",
        ["htm"] = "HTML",
        ["html"] = "HTML",
        ["jpg"] = "JPEG",
        ["jpeg"] = "JPEG",
        ["lz"] = "lzip",
        ["lzh"] = "LHa",
        ["sevenzip"] = "7-zip",
        ["tif"] = "TIFF",
        ["tiff"] = "TIFF",
        ["nmind"] = "gzip",
        ["doc"] = "Word|WordPerfect|Composite Document",
        ["xml"] = "XML|OOXML",
        ["iso20022"] = "XML",
        ["xbrl"] = "XML",
        ["ixbrl"] = "HTML|XML",
        ["xls"] = "Excel|CDFV2",
        ["123"] = "Lotus",
        ["wk1"] = "Lotus",
        ["wk3"] = "Lotus",
        ["wk4"] = "Lotus",
        ["wks"] = "Lotus",
        ["wq1"] = "Quattro",
        ["wq2"] = "Quattro",
        ["wb1"] = "Quattro",
        ["wb3"] = "Quattro|Composite Document",
        ["arj"] = "ARJ",
        ["azw3"] = "Mobipocket",
        ["mobi"] = "Mobipocket",
        ["pdb"] = "PalmDOC|eReader",
        ["csv"] = "CSV",
        ["tsv"] = "TSV|CSV",
        ["docx"] = "Word 2007|OOXML",
        ["pptx"] = "PowerPoint 2007|OOXML",
        ["xlsx"] = "Excel 2007|OOXML",
        ["epub"] = "EPUB",
        ["fb2"] = "FictionBook|XML",
        ["htmlz"] = "Zip",
        ["pmlz"] = "Zip",
        ["zip"] = "Zip",
        ["jp2"] = "JPEG 2000",
        ["lit"] = "Microsoft Reader",
        ["lrf"] = "BBeB",
        ["mdb"] = "Microsoft Access",
        ["odb"] = "OpenDocument",
        ["odg"] = "OpenDocument",
        ["odt"] = "OpenDocument",
        ["ods"] = "OpenDocument",
        ["opf"] = "XML|OPF",
        ["opml"] = "OPML|XML",
        ["pdf"] = "PDF",
        ["png"] = "PNG",
        ["ppt"] = "PowerPoint|Composite Document",
        ["rtf"] = "Rich Text",
        ["sam"] = "AmiPro",
        ["snb"] = "Bambook",
        ["sta"] = "Statistica",
        ["stg"] = "STG",
        ["map"] = "PCRaster|CROSS SYSTEM",
        ["txt"] = @"^(?!.*(script|source|document|program)).*\btext\b",
        ["text"] = @"^(?!.*(script|source|document|program)).*\btext\b",
        ["ace"] = "ACE",
        ["avro"] = "Avro",
        ["dcm"] = "DICOM",
        ["eml"] = "mail",
        ["flac"] = "FLAC",
        ["ico"] = "icon",
        ["latex"] = "LaTeX|TeX",
        ["markdown"] = "Markdown",
        ["mht"] = "MIME|MHTML",
        ["mp3"] = "MPEG|layer III",
        ["ogg"] = "Ogg",
        ["plist"] = "property list",
        ["protobuf"] = "Protocol|protobuf",
        ["psd"] = "Photoshop",
        ["qoi"] = "QOI",
        ["rar"] = "RAR",
        ["sqlite"] = "SQLite",
        ["srt"] = "SubRip",
        ["svg"] = "SVG",
        ["tar"] = "tar archive",
        ["tga"] = "Targa",
        ["wav"] = "WAVE",
        ["xar"] = "xar",
        ["xz"] = "XZ",
        ["c"] = @"\bC(\+\+)? source|C\+\+",
        ["csharp"] = "C#",
        ["css"] = "CSS|Cascading",
        ["diff"] = "diff",
        ["edifact"] = "EDIFACT",
        ["fix"] = "FIX|Financial Information",
        ["fixed-width"] = "fixed",
        ["go"] = @"\bGo\b",
        ["ics"] = "vCalendar|iCalendar",
        ["ini"] = "INItialization|configuration",
        ["java"] = "Java source",
        ["javascript"] = "JavaScript|Node.js",
        ["json"] = "JSON",
        ["log"] = @"\blog\b",
        ["ndjson"] = "JSON",
        ["ofx"] = "OFX|Open Financial",
        ["perl"] = "Perl|Perl5",
        ["python"] = "Python",
        ["qif"] = "Quicken|QIF",
        ["rust"] = "Rust",
        ["sec-submission"] = "EDGAR|SGML|SEC",
        ["shell"] = "shell",
        ["sql"] = "SQL",
        ["swift-mt"] = "SWIFT",
        ["toml"] = "TOML",
        ["vcf"] = "vCard",
        ["x12"] = "X12|EDI",
        ["yaml"] = "YAML",
    };

    /// <summary>Whether a finding is right: the format is, or the compression or container where the label is one of these.</summary>
    public bool IsRight(FormatFinding found) =>
        Names().Any(n => found.Format == n || found.Container == n || (found.Compression is { } compression && compression.Split('+')[0] == n));

    /// <summary>Whether a description of libmagic names the format.</summary>
    public bool IsRightByMagic(string description) => Magic.TryGetValue(Label, out var pattern) && Regex.IsMatch(description, pattern, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    /// <summary>The files of a collection whose folders are labels.</summary>
    public static IReadOnlyList<LabelledFile> OfFolders(string folder) =>
        [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).SelectMany(label => Directory.GetFiles(label).Order(StringComparer.Ordinal).Select(f => new LabelledFile(f, System.IO.Path.GetFileName(label), System.IO.Path.GetRelativePath(folder, f))))];

    /// <summary>Text files of the other third-party data, whose endings and folders say what they are. Broken files and those of one column are left out.</summary>
    public static IEnumerable<LabelledFile> OfSharedData()
    {
        foreach (var (folder, ending, label) in new[]
        {
            ("csv/csv_spectrum", ".csv", "csv"), ("csv/exceldatareader_csv", ".csv", "csv"), ("csv/opendata_dialects", ".csv", "csv"), ("csv/pollock_survey_sample", ".csv", "csv"), ("market/yfinance_bad_vs_fixed", ".csv", "csv"), ("er/febrl", ".csv", "csv"), ("csv/csv_spectrum", ".json", "json"),
            ("csv/pollock_survey_sample", ".json", "json"), ("market/fx_feeds", ".json", "json"), ("market/fx_feeds", ".xml", "xml"), ("market/lean", ".md", "markdown"), ("fix/acceptance_messages", ".def", "fix"), ("fix/spec_dictionaries", ".xml", "xml"), ("swift/mt940", ".sta", "swift-mt"), ("swift/mt940", ".yml", "yaml"),
            ("swift/prowide_mt", ".fin", "swift-mt"), ("swift/prowide_mt", ".rje", "swift-mt"), ("xml/iso20022_camt", ".xml", "iso20022"), ("xml/sec_forms", ".xml", "xml"), ("xml/xbrl", ".html", "ixbrl"), ("excel/sec_financial_report", ".htm", "html"),
        })
        {
            if (SharedFolder.Find(folder) is not { } found)
                continue;
            foreach (var file in Directory.GetFiles(found, "*" + ending, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                yield return new(file, label, $"{folder}/{System.IO.Path.GetRelativePath(found, file)}");
        }

        if (SharedFolder.Find("json/JSONTestSuite_test_parsing") is { } json)
        {
            foreach (var file in Directory.GetFiles(json, "y_*.json").Order(StringComparer.Ordinal))
                yield return new(file, "json", System.IO.Path.GetFileName(file));
        }
    }

    string[] Names() => Accepted.GetValueOrDefault(Label) is { } names ? names : [Label];
}
