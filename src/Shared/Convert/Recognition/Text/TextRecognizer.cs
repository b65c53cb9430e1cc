using DataIngestion.Conversion.Csv.Detection;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>Recognises texts: by their own marks first, because these cost next to nothing, then by what the classifier says and the format's parser confirms.</summary>
internal static class TextRecognizer
{
    public static FormatFinding Find(byte[] bytes, bool isWhole, string extension, string encoding, string evidence)
    {
        var text = new TextSample(bytes, isWhole, extension);
        if (text.Start.IsEmpty)
            return new("unknown", null, null, null, null, null, 0, [evidence, "there is nothing but white space"]);
        if (ByMarks(text) is { } marked)
            return Finding(marked, text, encoding, evidence);
        if (text.Start[0] == '<')
            return new("unknown", null, null, null, encoding, null, 0, [evidence, "starts with '<' but with no element"]);
        return Delimited(text, encoding, evidence);
    }

    static Verdict? ByMarks(TextSample text) => text.Start[0] switch
    {
        (byte)'<' => FinanceText.Find(text) ?? MarkupText.Find(text),
        (byte)'{' or (byte)'[' => FinanceText.Find(text) ?? MarkedText.Find(text) ?? JsonVerdict.Find(text),
        _ => FinanceText.Find(text) ?? MarkedText.Find(text),
    };

    static FormatFinding Finding(Verdict match, TextSample text, string encoding, string evidence)
    {
        var named = match.Format switch
        {
            "json" or "ndjson" => TextEncodings.OfJson(encoding),
            "xml" or "iso20022" or "xbrl" or "ixbrl" or "fpml" or "ofx" or "svg" or "html" => Declared(text.Start) ?? encoding,
            _ => encoding,
        };
        return match.ToFinding() with { Encoding = named, Evidence = [evidence, match.Evidence] };
    }

    /// <summary>The encoding of the XML declaration, where there is one.</summary>
    static string? Declared(ReadOnlySpan<byte> start)
    {
        var end = start[..Math.Min(start.Length, 300)].IndexOf("?>"u8);
        if (!start.StartsWith("<?xml"u8) || end is < 0 or > 200)
            return null;
        var declaration = Field.Text(start[..end]);
        var at = declaration.IndexOf("encoding", StringComparison.Ordinal);
        var parts = at < 0 ? [] : declaration[at..].Split('"', '\'');
        return parts.Length >= 2 ? parts[1].ToLowerInvariant() : null;
    }

    static FormatFinding Delimited(TextSample text, string encoding, string evidence)
    {
        var sniffed = DialectDetector.Detect(text.All, text.IsWhole, null);
        var named = text.Extension is ".csv" or ".tsv" or ".tab" or ".psv";
        if (sniffed.Columns < 2 && !named)
            return new("unknown", null, null, null, encoding, null, 0, [evidence, "is text without delimiters that repeat from line to line"]);
        var format = sniffed.Dialect.Delimiter == "\t" ? "tsv" : "csv";
        return new(format, null, null, null, encoding, sniffed.Dialect, Math.Min(1, sniffed.Consistency + (named ? 0.1 : 0)), [evidence, .. sniffed.Evidence]);
    }
}
