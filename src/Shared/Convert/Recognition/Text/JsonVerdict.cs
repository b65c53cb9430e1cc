using System.Text.Json;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>JSON, and JSON a line, confirmed by reading it.</summary>
internal static class JsonVerdict
{
    const int FirstBytes = 32 << 10;

    public static Verdict? Find(TextSample text)
    {
        var start = text.Start;
        if (start.IsEmpty || start[0] is not ((byte)'{' or (byte)'['))
            return null;
        // One long value is JSON by its first part; where another may begin in a line of its own, all of it is read.
        if (start.Length > FirstBytes && Read(start[..FirstBytes], false, text.Extension) is { Format: "json", Version: null, Confidence: < 1 and > 0.8 } likely && start.IndexOf("\n{"u8) < 0 && start.IndexOf("\n["u8) < 0)
            return likely with { Version = Dialect(start) };
        return Read(start, text.IsWhole, text.Extension) is { } found ? found.Format == "json" ? found with { Version = Dialect(start) } : found : null;
    }

    /// <summary>A document that is one text, number or constant; told only where the name says JSON.</summary>
    public static Verdict? Scalar(TextSample text)
    {
        if (!text.IsWhole || text.Start.Length > 4096)
            return null;
        var reader = new Utf8JsonReader(text.Start);
        try
        {
            return reader.Read() && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) && !reader.Read() ? new("json", 0.8, "is one JSON value") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static Verdict? Read(ReadOnlySpan<byte> start, bool isWhole, string extension)
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
                return new("ndjson", 0.6, "lines start with '{', some are not JSON");
            // Broken JSON must not become a table of its pieces; a name with its colon is what other text does not have.
            return members > 0 || extension is ".json"
                ? new("json", 0.6, $"starts like JSON, which breaks in line {wrong.LineNumber + 1}")
                : null;
        }
        catch (JsonException)
        {
            // A second value follows the first.
        }

        var rest = start[(int)after..].TrimStart(" \t\r\n"u8);
        if (values == 1 && !rest.IsEmpty && rest[0] is (byte)'{' or (byte)'[')
            return new("ndjson", 0.95, "a JSON value is followed by another on a line of its own");
        // An empty value, or one that other text may begin with, is less certain than one with names.
        if (values == 1 && !rest.IsEmpty)
            return members > 0 ? new("json", 0.6, "is a JSON value with something else behind it") : null;
        return new("json", values == 1 ? members > 0 || start.Length > 20 || isWhole ? 1 : 0.9 : members > 0 ? 0.9 : 0.85, values == 1 ? "is one JSON value" : "starts like one JSON value");
    }

    /// <summary>Well-known documents in JSON.</summary>
    static string? Dialect(ReadOnlySpan<byte> start)
    {
        var near = start[..Math.Min(start.Length, 4096)];
        if (near.IndexOf("\"FeatureCollection\""u8) > 0 && near.IndexOf("\"type\""u8) > 0)
            return "GeoJSON";
        if (near.IndexOf("https://xbrl.org/2021"u8) > 0 && near.IndexOf("\"documentInfo\""u8) > 0)
            return "xBRL-JSON";
        if (near.IndexOf("\"$schema\""u8) > 0 && near.IndexOf("json-schema.org"u8) > 0)
            return "JSON Schema";
        if (near.IndexOf("\"openapi\""u8) > 0 && near.IndexOf("\"info\""u8) > 0)
            return "OpenAPI";
        return near.IndexOf("\"nbformat\""u8) > 0 || (near.IndexOf("\"cell_type\""u8) > 0 && near.IndexOf("\"cells\""u8) > 0) ? "Jupyter notebook" : null;
    }
}
