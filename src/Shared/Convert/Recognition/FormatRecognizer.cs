using System.Text;
using System.Text.Json;
using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Csv.Detection;

namespace DataIngestion.Conversion;

/// <summary>Recognises formats by their bytes: marks, then structure. Says <c>unknown</c> rather than guess.</summary>
public sealed class FormatRecognizer : IFormatRecognizer
{
    /// <summary>How many bytes of the start of a file are looked at.</summary>
    public const int HeadBytes = 256 << 10;

    /// <inheritdoc/>
    public FormatFinding Recognize(ReadOnlySpan<byte> head, string? name) => Recognize(head, name, head.Length < HeadBytes);

    FormatFinding Recognize(ReadOnlySpan<byte> head, string? name, bool isWhole)
    {
        if (Compressions.Of(head) is { } compression)
            return compression == Compressions.Zip ? new("unknown", null, compression, null, null, null, 1, ["starts with the mark of a zip archive"]) : Inside(head, name, isWhole, compression);
        if (head.IsEmpty)
            return Unknown("the content is empty");
        return Magic(head) ?? Text(head, name, isWhole);
    }

    static FormatFinding Unknown(params string[] evidence) => new("unknown", null, null, null, null, null, 0, evidence);

    FormatFinding Inside(ReadOnlySpan<byte> head, string? name, bool isWhole, string compression)
    {
        var inner = Compressions.Head(head, compression, HeadBytes);
        var finding = Recognize(inner, Compressions.NameInside(name), isWhole && inner.Length < HeadBytes);
        return finding with
        {
            Compression = finding.Compression is null ? compression : compression + Compressions.Separator + finding.Compression,
            Evidence = [$"starts with the mark of {compression}", .. finding.Evidence],
        };
    }

    /// <summary>The head as UTF-8 text.</summary>
    internal static byte[] Open(ReadOnlySpan<byte> head, FormatFinding finding)
    {
        var plain = head.ToArray();
        foreach (var compression in finding.Compression?.Split(Compressions.Separator) ?? [])
            plain = Compressions.Head(plain, compression, HeadBytes);
        return TextEncodings.Find(plain).Text ?? plain;
    }

    static FormatFinding? Magic(ReadOnlySpan<byte> head)
    {
        var format = head switch
        {
            _ when head.StartsWith("PAR1"u8) => "parquet",
            _ when head.StartsWith("Obj\x01"u8) => "avro",
            _ when head.StartsWith("ARROW1"u8) => "arrow",
            _ when head.StartsWith("ORC"u8) => "orc",
            _ => null,
        };
        return format is null ? null : new(format, null, null, null, null, null, 1, [$"starts with the mark of {format}"]);
    }

    static FormatFinding Text(ReadOnlySpan<byte> head, string? name, bool isWhole)
    {
        var (encoding, text, evidence) = TextEncodings.Find(head);
        if (text is null)
            return Unknown(evidence);
        var start = text.AsSpan().TrimStart(" \t\r\n"u8);
        if (start.IsEmpty)
            return Unknown(evidence, "there is nothing but white space");
        if (start[0] == '<')
            return Markup(start, encoding, evidence);
        if (start[0] is (byte)'{' or (byte)'[' && Json(start, name, isWhole, TextEncodings.OfJson(encoding), evidence) is { } json)
            return json;
        return Delimited(text, name, isWhole, encoding, evidence);
    }

    static FormatFinding Markup(ReadOnlySpan<byte> start, string encoding, string evidence)
    {
        if (start.Length > 9 && (Ascii.EqualsIgnoreCase(start[..9], "<!doctype"u8) && start.IndexOf("html"u8) is > 0 and < 40 || Ascii.EqualsIgnoreCase(start[..5], "<html"u8)))
            return Unknown(evidence, "is an HTML page, which holds no records");
        var second = start.Length > 1 ? start[1] : (byte)0;
        if (second is not ((byte)'?' or (byte)'!' or (byte)'_') && !char.IsLetter((char)second))
            return Unknown(evidence, "starts with '<' but with no element");
        var version = start.StartsWith("<?xml"u8) && start.IndexOf("version="u8) is > 0 and < 60 and var at && at + 12 <= start.Length ? Encoding.UTF8.GetString(start.Slice(at + 9, 3)) : null;
        return new("xml", version, null, null, Declared(start) ?? encoding, null, version is null ? 0.9 : 1, [evidence, "starts with an element or an XML declaration"]);
    }

    /// <summary>The encoding of the XML declaration, where there is one.</summary>
    static string? Declared(ReadOnlySpan<byte> start)
    {
        var end = start.IndexOf("?>"u8);
        if (!start.StartsWith("<?xml"u8) || end is < 0 or > 200)
            return null;
        var declaration = Encoding.UTF8.GetString(start[..end]);
        var at = declaration.IndexOf("encoding", StringComparison.Ordinal);
        var parts = at < 0 ? [] : declaration[at..].Split('"', '\'');
        return parts.Length >= 2 ? parts[1].ToLowerInvariant() : null;
    }

    static FormatFinding? Json(ReadOnlySpan<byte> start, string? name, bool isWhole, string encoding, string evidence)
    {
        var reader = new Utf8JsonReader(start, isFinalBlock: isWhole, new JsonReaderState(new() { MaxDepth = 1000 }));
        var (values, members) = (0, 0);
        long after = 0;
        try
        {
            while (reader.Read())
            {
                members += reader.TokenType == JsonTokenType.PropertyName ? 1 : 0;
                if (reader.CurrentDepth == 0 && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    values++;
                    after = reader.BytesConsumed;
                }
            }
        }
        catch (JsonException wrong) when (values == 0)
        {
            var line = start.IndexOf((byte)'\n');
            if (line > 0 && start[0] == '{' && start.IndexOf("\n{"u8) > 0)
                return new("ndjson", null, null, null, encoding, null, 0.6, [evidence, "lines start with '{', some are not JSON"]);
            // Broken JSON must not become a table of its pieces; a name with its colon is what other text does not have.
            return members > 0 || Path.GetExtension(name) is ".json"
                ? new("json", null, null, null, encoding, null, 0.6, [evidence, $"starts like JSON, which breaks in line {wrong.LineNumber + 1}"])
                : null;
        }
        catch (JsonException)
        {
            // A second value follows the first.
        }

        var rest = start[(int)after..].TrimStart(" \t\r\n"u8);
        if (values == 1 && !rest.IsEmpty && rest[0] is (byte)'{' or (byte)'[')
            return new("ndjson", null, null, null, encoding, null, 0.95, [evidence, "a JSON value is followed by another on a line of its own"]);
        return new("json", null, null, null, encoding, null, values == 1 ? 1 : 0.9, [evidence, values == 1 ? "is one JSON value" : "starts like one JSON value"]);
    }

    static FormatFinding Delimited(byte[] text, string? name, bool isWhole, string encoding, string evidence)
    {
        var sniffed = DialectDetector.Detect(text, isWhole, null);
        var extension = name is null ? "" : Path.GetExtension(name).ToLowerInvariant();
        var named = extension is ".csv" or ".tsv" or ".tab" or ".psv";
        if (sniffed.Columns < 2 && !named)
            return Unknown(evidence, "is text without delimiters that repeat from line to line");
        var format = sniffed.Dialect.Delimiter == "\t" ? "tsv" : "csv";
        return new(format, null, null, null, encoding, sniffed.Dialect, Math.Min(1, sniffed.Consistency + (named ? 0.1 : 0)), [evidence, .. sniffed.Evidence]);
    }
}
