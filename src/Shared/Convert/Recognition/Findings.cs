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
                : $"The format of {request.Name ?? "the input"} is {(found.Container is null ? found.Format : "a " + found.Container + " container")}, which cannot be converted ({string.Join("; ", found.Evidence)}). Say which it is with a format hint.");
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
}
