using DataIngestion.Contracts;
using DataIngestion.Conversion.Csv.Detection;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion;

/// <summary>Brings together what was recognised and what configuration says.</summary>
internal static class Findings
{
    public static FormatFinding Settle(FormatFinding found, ReadOnlySpan<byte> head, ConversionRequest request)
    {
        var hint = request.Hint;
        var format = hint.Format?.ToLowerInvariant() ?? found.Format;
        if (!FormatCatalog.Names.Contains(format))
            throw new ConversionException(hint.Format is not null
                ? $"'{hint.Format}' is not a format that can be converted: {Suggestion.Phrase(format, FormatCatalog.Names)}"
                : Unreadable(found, request));
        var finding = found.Format == format ? found : found with { Format = format, Confidence = 1, Evidence = [.. found.Evidence, $"configuration says {format}"] };
        // A damaged workbook looks like any zip archive; configuration says that it is the content.
        if (found.Format == Compression.Compressions.Zip && format is "xlsx" or "xlsb" or "ods")
            finding = finding with { Compression = null };
        if (format is not ("csv" or "tsv"))
            return finding with { Dialect = null };
        var overridden = hint.SaysDialect || finding.Dialect is null || (hint.Format == "tsv" && finding.Dialect.Delimiter != "\t");
        if (!overridden)
            return finding;
        var settled = hint.Format == "tsv" && hint.Delimiter is null ? hint with { Delimiter = "\t" } : hint;
        var sniffed = DialectDetector.Detect(FormatRecognizer.Open(head, found), head.Length < FormatRecognizer.HeadBytes, settled);
        return finding with { Dialect = sniffed.Dialect, Evidence = [.. finding.Evidence, .. sniffed.Evidence] };
    }

    /// <summary>Why an input whose format nobody named cannot be converted: not recognised, or recognised as something that is not read.</summary>
    static string Unreadable(FormatFinding found, ConversionRequest request)
    {
        var (name, evidence) = (request.Name ?? "the input", string.Join("; ", found.Evidence));
        if (found.Format is "unknown" && found.Container is null)
            return $"The format of {name} is not recognised ({evidence}). Say which it is with a format hint.";
        if (found.Format is "text")
            return $"{name} is text in which no records were found ({evidence}). If it has a format, say which with a format hint.";
        var what = found.Format is "unknown" ? $"a {found.Container} container" : found.Format;
        return $"{name} is {what}, which is recognised but not read ({evidence}). Expected one of {string.Join(", ", FormatCatalog.Names)}.";
    }
}
