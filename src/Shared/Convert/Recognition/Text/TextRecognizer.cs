using DataIngestion.Conversion.Csv.Detection;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>Recognises texts: by their own marks first, because these cost next to nothing, then by what the classifier says and the format's own rules confirm.</summary>
internal static class TextRecognizer
{
    const int MostGuesses = 6;
    const float LeastProbability = 0.02f;

    /// <summary>How likely a regular table is to be one, whatever the classifier says.</summary>
    const double RegularProbability = 0.6;

    public static FormatFinding Find(byte[] bytes, bool isWhole, string extension, string encoding, string evidence)
    {
        var text = new TextSample(bytes, isWhole, extension);
        if (text.Start.IsEmpty)
            return new("unknown", null, null, null, null, null, 0, [evidence, "there is nothing but white space"]);
        if (ByMarks(text) is { } marked)
            return Finding(marked, text, encoding, evidence);
        // Comments of markup may stand before any text that is shown as markup.
        if (text.AfterComments() is { } rest)
            return Find(rest, isWhole, extension, encoding, evidence);
        // A name that says so is enough for a table that has but one column.
        if (text.Extension is ".csv" or ".tsv" or ".tab" or ".psv")
            return Delimited(DialectDetector.Detect(text.All, text.IsWhole, null), 0.1, encoding, evidence);
        return text.Start[0] == '<' && MarkupText.LooseHtml(text) is null
            ? new("unknown", null, null, null, encoding, null, 0, [evidence, "starts with '<' but with no element"])
            : ByModel(text, encoding, evidence);
    }

    static Verdict? ByMarks(TextSample text) => text.Start[0] switch
    {
        (byte)'<' => FinanceText.Find(text) ?? MarkupText.Find(text),
        (byte)'{' or (byte)'[' => FinanceText.Find(text) ?? MarkedText.Find(text) ?? JsonVerdict.Find(text),
        _ => FinanceText.Find(text) ?? MarkedText.Find(text) ?? (text.Extension is ".json" ? JsonVerdict.Scalar(text) : null),
    };

    /// <summary>Of the classes that are likely and confirmed, the one for which both together are most.</summary>
    static FormatFinding ByModel(TextSample text, string encoding, string evidence)
    {
        DetectedDialect? sniffed = null;
        var (best, bestScore) = (default(FormatFinding), 0.0);
        var guesses = TextModel.Default.Guess(text.Start);
        // Lines that all have a delimiter as often are a table, unless something else is far more likely.
        if (TableOutline.IsRegular(text) && Table(text, sniffed = DialectDetector.Detect(text.All, text.IsWhole, null), encoding, evidence) is { Finding: { } regular, Sure: >= 0.8 and var even })
            (best, bestScore) = (regular with { Confidence = Math.Min(0.85, even), Evidence = [.. regular.Evidence, "every line has its delimiter as often"] }, even * RegularProbability);
        var isRegular = best is not null;
        for (var i = 0; i < MostGuesses && guesses[i].Probability >= LeastProbability && (bestScore == 0 || guesses[i].Probability > bestScore * 0.9); i++)
        {
            var (format, probability) = guesses[i];
            // Names of people with a comma between them are words, but no prose has as many in every line.
            if (format == "text" && isRegular)
                continue;
            var says = $"the classifier takes it for {format} ({probability:0.00})";
            var (finding, sure) = format switch
            {
                "csv" or "tsv" => Table(text, sniffed ??= DialectDetector.Detect(text.All, text.IsWhole, null), encoding, evidence),
                "html" or "xml" => Markup(text, encoding, evidence),
                _ when Confirmation.Of(format, text) is > 0 and var confirmed => (new FormatFinding(Named(format), null, null, null, encoding, null, confirmed, [evidence, says, "its lines keep the rules of it"]), confirmed),
                _ => (null, 0),
            };
            if (finding is null || sure * probability <= bestScore)
                continue;
            best = finding with { Confidence = Math.Round(Math.Min(sure, 0.6 + (0.4 * probability)), 4), Evidence = finding.Evidence.Contains(says) ? finding.Evidence : [.. finding.Evidence, says] };
            bestScore = sure * probability;
        }

        return best ?? Rest(text, sniffed, encoding, evidence);
    }

    /// <summary>What nothing confirmed: a table if its lines are one, then prose.</summary>
    static FormatFinding Rest(TextSample text, DetectedDialect? sniffed, string encoding, string evidence)
    {
        if (Table(text, sniffed ?? DialectDetector.Detect(text.All, text.IsWhole, null), encoding, evidence) is { Finding: { } table, Sure: >= 0.6 and var sure })
            return table with { Confidence = Math.Min(sure, 0.7) };
        return Confirmation.Of("text", text) is > 0 and var prose
            ? new("text", null, null, null, encoding, null, Math.Min(prose, 0.6), [evidence, "is made of words"])
            : new("unknown", null, null, null, encoding, null, 0, [evidence, "is text of no known form"]);
    }

    /// <summary>Properties are settings without sections.</summary>
    static string Named(string format) => format == "properties" ? "ini" : format;

    static (FormatFinding? Finding, double Sure) Markup(TextSample text, string encoding, string evidence) =>
        MarkupText.LooseHtml(text) is { } html ? (Finding(html, text, encoding, evidence), html.Confidence) : (null, 0);

    static (FormatFinding? Finding, double Sure) Table(TextSample text, DetectedDialect sniffed, string encoding, string evidence)
    {
        var lines = text.Lines(4).Count(l => l.Length > 0);
        if (sniffed.Columns < 2 || lines < 2)
            return lines == 1 && sniffed.Columns >= 3 && sniffed.Dialect.Delimiter is not " " ? (Delimited(sniffed, 0, encoding, evidence), 0.5) : (null, 0);
        var sure = sniffed.Consistency >= 0.95 ? sniffed.Columns > 2 ? 0.97 : 0.9 : sniffed.Consistency >= 0.8 ? 0.85 : sniffed.Consistency >= 0.5 ? 0.6 : 0.3;
        if (sniffed.Dialect.Delimiter is not ("," or ";" or "\t" or "|"))
            sure *= sniffed.Dialect.Delimiter == " " ? 0.6 : 0.85;
        return (Delimited(sniffed, 0, encoding, evidence), lines == 2 ? sure * 0.93 : sure);
    }

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

    /// <param name="more">What the name adds to the confidence.</param>
    static FormatFinding Delimited(DetectedDialect sniffed, double more, string encoding, string evidence)
    {
        var format = sniffed.Dialect.Delimiter == "\t" ? "tsv" : "csv";
        return new(format, null, null, null, encoding, sniffed.Dialect, Math.Min(1, sniffed.Consistency + more), [evidence, .. sniffed.Evidence]);
    }
}
