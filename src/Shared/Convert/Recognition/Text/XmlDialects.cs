using System.Text;
using System.Text.RegularExpressions;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Iso20022;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>What an XML document is by its root and namespaces, to the message and its version.</summary>
internal static partial class XmlDialects
{
    const int Near = 16 << 10;

    /// <summary>Documents that nobody reads as records of XML.</summary>
    static readonly Dictionary<string, string> Roots = new(StringComparer.Ordinal)
    {
        ["svg"] = "svg",
        ["plist"] = "plist",
        ["opml"] = "opml",
        ["FictionBook"] = "fb2",
    };

    /// <summary>Parts of namespaces and what they mean; the first that fits.</summary>
    static readonly (string Part, string Version)[] Spaces =
    [
        ("http://www.sec.gov/edgar/document/thirteenf/informationtable", "13F information table"),
        ("http://www.sec.gov/edgar/document/npxproxy/informationtable", "N-PX proxy vote table"),
        ("http://www.w3.org/2001/XMLSchema", "XML Schema"),
        ("http://www.w3.org/1999/XSL/Transform", "XSLT"),
        ("http://www.w3.org/2005/Atom", "Atom"),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "RDF"),
        ("http://schemas.xmlsoap.org/soap/envelope/", "SOAP 1.1"),
        ("http://www.w3.org/2003/05/soap-envelope", "SOAP 1.2"),
        ("http://schemas.xmlsoap.org/wsdl/", "WSDL"),
        ("http://www.opengis.net/kml/2", "KML"),
        ("http://www.topografix.com/GPX/1/1", "GPX 1.1"),
        ("http://www.topografix.com/GPX/1/0", "GPX 1.0"),
        ("urn:schemas-microsoft-com:office:spreadsheet", "SpreadsheetML 2003"),
        ("http://schemas.microsoft.com/office/word/2003/wordml", "WordprocessingML 2003"),
        ("http://schemas.microsoft.com/office/2006/xmlPackage", "Flat OPC"),
        ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", "Flat OpenDocument"),
        ("http://www.xbrl.org/2003/linkbase", "XBRL linkbase"),
        ("http://www.gesmes.org/xml/2002-08-01", "Eurofxref"),
        ("http://www.sdmx.org/resources/sdmxml/schemas/v2_1", "SDMX-ML 2.1"),
        ("http://www.SDMX.org/resources/SDMXML/schemas/v2_0", "SDMX-ML 2.0"),
        ("http://www.sitemaps.org/schemas/sitemap/", "Sitemap"),
        ("http://maven.apache.org/POM/", "Maven POM"),
        ("http://docbook.org/ns/docbook", "DocBook"),
        ("http://www.w3.org/1998/Math/MathML", "MathML"),
        ("urn:oasis:names:specification:ubl:schema:xsd:Invoice", "UBL Invoice"),
        ("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice", "Cross Industry Invoice"),
    ];

    /// <param name="start">The document, from its first '&lt;'.</param>
    public static Verdict Find(ReadOnlySpan<byte> start, in XmlRoot root)
    {
        var isDeclared = start.StartsWith("<?xml"u8);
        var confidence = isDeclared || root.Namespace.Length > 0 ? 1 : 0.9;
        var words = isDeclared ? "starts with an XML declaration" : "starts with an element";
        if (Iso20022(start) is { } message)
            return As(IsoMessage.ByRoot.Values.Any(m => message.StartsWith(m.Name, StringComparison.Ordinal)) ? "iso20022" : "xml", message, 1, $"is XML with the namespace of {message}");
        if (root.Name == "xbrl" && (root.Namespace.Contains("xbrl.org/2003/instance", StringComparison.Ordinal) || root.Tag.IndexOf("xbrl.org/2003/instance"u8) > 0))
            return As("xbrl", Taxonomy(start) ?? "2.1", 1, "is XML whose root is an XBRL instance");
        if (root.Name == "OFX")
            return As("ofx", OfxVersion(root.Instructions), 1, "is XML whose root is OFX");
        if (Fpml().Match(Decode(root.Tag)) is { Success: true } fpml)
            return As("fpml", FpmlVersion(fpml, root), 1, "is XML with the namespace of FpML");
        if (Fixml().Match(Decode(root.Tag)) is { Success: true } fixml)
            return new("xml", 1, "is XML with the namespace of FIXML", "FIXML " + fixml.Groups[1].Value.Replace('-', '.'));
        if (Roots.TryGetValue(root.Name, out var format))
            return new(format, 1, $"is XML whose root is {root.Name}", root.Attribute("version") is { Length: > 0 and < 12 } version ? version : null);
        if (root is { Name: "package" } && root.Namespace.Contains("idpf.org", StringComparison.Ordinal))
            return new("opf", 1, "is XML with the namespace of an Open Packaging description", root.Attribute("version") is { Length: > 0 } opf ? opf : null);
        return new("xml", confidence, words, Sec(start, root) ?? SpaceOf(root) ?? ByRoot(root) ?? Declared(start));
    }

    /// <summary>The format's own name where it is read, and the XML that it is until then.</summary>
    static Verdict As(string format, string? version, double confidence, string evidence) =>
        new(FormatCatalog.Names.Contains(format) ? format : "xml", confidence, evidence, version);

    /// <summary>The first message that is no header; a business message has its header's namespace first.</summary>
    static string? Iso20022(ReadOnlySpan<byte> start)
    {
        var near = start[..Math.Min(start.Length, Near)];
        var header = default(string);
        for (var rounds = 0; rounds < 20 && near.IndexOf("urn:iso:std:iso:20022:tech:xsd:"u8) is >= 0 and var at; rounds++)
        {
            near = near[(at + 31)..];
            var name = TextSample.Until(near, "\"' \r\n<"u8, 60);
            if (IsoName().IsMatch(name))
            {
                if (!name.StartsWith("head.", StringComparison.Ordinal))
                    return name;
                header ??= name;
            }
        }

        return header;
    }

    /// <summary>The taxonomy that facts are of: <c>us-gaap 2023</c>, <c>ifrs-full 2021-03-24</c>.</summary>
    internal static string? Taxonomy(ReadOnlySpan<byte> start)
    {
        var text = Decode(start[..Math.Min(start.Length, 64 << 10)]);
        if (UsGaap().Match(text) is { Success: true } us)
            return $"{us.Groups[1].Value} {us.Groups[2].Value}";
        if (Ifrs().Match(text) is { Success: true } ifrs)
            return $"ifrs-full {ifrs.Groups[1].Value}";
        if (text.Contains("xbrl.frc.org.uk", StringComparison.Ordinal))
            return "frc";
        if (text.Contains("www.eba.europa.eu/xbrl", StringComparison.Ordinal))
            return "eba";
        return Dei().Match(text) is { Success: true } dei ? $"dei {dei.Groups[1].Value}" : null;
    }

    static string? OfxVersion(ReadOnlySpan<byte> instructions)
    {
        var at = instructions.IndexOf("<?OFX"u8);
        return at >= 0 && OfxHeader().Match(Decode(instructions[at..])) is { Success: true } header ? FinanceText.Dotted(header.Groups[1].Value) : "2";
    }

    static string FpmlVersion(Match fpml, in XmlRoot root)
    {
        var said = root.Attribute("fpmlVersion") is { Length: > 0 } attribute ? attribute : root.Attribute("version");
        return (said.Length > 0 ? said : fpml.Groups[1].Value) is var number && fpml.Groups[2].Success ? $"{number} {fpml.Groups[2].Value}" : number;
    }

    /// <summary>EDGAR's own forms name their type in an element.</summary>
    static string? Sec(ReadOnlySpan<byte> start, in XmlRoot root)
    {
        if (root.Name is not ("edgarSubmission" or "ownershipDocument"))
            return null;
        var near = Decode(start[..Math.Min(start.Length, Near)]);
        return SubmissionType().Match(near) is { Success: true } type ? "SEC form " + type.Groups[1].Value.Trim() : "SEC form";
    }

    static string? SpaceOf(in XmlRoot root)
    {
        var space = root.Namespace;
        foreach (var (part, version) in Spaces)
        {
            if (space.StartsWith(part, StringComparison.Ordinal) || (part.Contains("gesmes", StringComparison.Ordinal) && root.Tag.IndexOf("www.gesmes.org"u8) > 0))
                return version;
        }

        return null;
    }

    static string? ByRoot(in XmlRoot root) => root.Name switch
    {
        "rss" => "RSS " + (root.Attribute("version") is { Length: > 0 and < 8 } version ? version : "2.0"),
        "feed" when root.Namespace.Length > 0 => "Atom",
        "kml" => "KML",
        "gpx" => "GPX",
        _ => null,
    };

    /// <summary>The version of the declaration.</summary>
    static string? Declared(ReadOnlySpan<byte> start) =>
        start.StartsWith("<?xml"u8) && start[..Math.Min(start.Length, 80)].IndexOf("version="u8) is > 0 and var at && at + 12 <= start.Length ? Field.Text(start.Slice(at + 9, 3)) : null;

    static string Decode(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 64 << 10)]);

    [GeneratedRegex(@"^[a-z]{4}\.\d{3}\.\d{3}\.\d{2}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IsoName();

    [GeneratedRegex(@"(?:fasb\.org|xbrl\.us)/(us-gaap|srt)/(\d{4}(?:-\d\d-\d\d)?)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex UsGaap();

    [GeneratedRegex(@"xbrl\.ifrs\.org/taxonomy/(\d{4}-\d\d-\d\d)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Ifrs();

    [GeneratedRegex(@"xbrl\.sec\.gov/dei/(\d{4}(?:-\d\d-\d\d)?)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Dei();

    [GeneratedRegex(@"VERSION\s*=\s*[""'](\d{3})[""']", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OfxHeader();

    [GeneratedRegex(@"http://www\.fpml\.org/(?:\d{4}/)?FpML-(\d+(?:-\d+)?)(?:/(\w+))?", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Fpml();

    [GeneratedRegex(@"http://www\.fixprotocol\.org/FIXML-([\d-]+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Fixml();

    [GeneratedRegex(@"<(?:\w+:)?(?:submissionType|documentType)>([^<]{1,30})<", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SubmissionType();
}
