using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Samples;

/// <summary>What a request for bars asks for.</summary>
sealed record BarQuery(DateOnly From, HashSet<string> Symbols, int Page, int Size, int Offset)
{
    public static BarQuery? Read(IQueryCollection query, int maxSize)
    {
        var from = DateOnly.MinValue;
        var (page, size, offset) = (1, maxSize, 0);
        var isRight = (!query.TryGetValue("from", out var text) || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out from))
            && (!query.TryGetValue("page", out text) || int.TryParse(text, out page))
            && (!query.TryGetValue("size", out text) || int.TryParse(text, out size))
            && (!query.TryGetValue("cursor", out text) || TryReadToken(text!, out offset))
            && (!query.TryGetValue("offset", out text) || int.TryParse(text, out offset));
        var symbols = (query["symbols"].FirstOrDefault() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        return isRight ? new(from, [.. symbols], Math.Max(page, 1), Math.Clamp(size, 1, maxSize), Math.Max(offset, 0)) : null;
    }

    public static string Token(int offset) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"o:{offset}"));

    static bool TryReadToken(string token, out int offset)
    {
        offset = 0;
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length) is ['o', ':', .. var number]
            && int.TryParse(number, out offset);
    }
}

/// <summary>The bodies of the four ways to page.</summary>
static class BarPages
{
    public static byte[] Write(string path, Bar[] bars, BarQuery query, bool loops, out string? link)
    {
        link = null;
        var offset = path switch
        {
            "/v1/bars" => (int)Math.Min((long)(query.Page - 1) * query.Size, bars.Length),
            "/v1/bars/all" => 0,
            _ => Math.Min(query.Offset, bars.Length),
        };
        var size = path is "/v1/bars/all" ? bars.Length : query.Size;
        var page = bars.AsSpan(offset, Math.Min(size, bars.Length - offset));
        var next = loops ? 0 : offset + page.Length;
        var isLast = !loops && next >= bars.Length;
        if (path is "/v1/bars/link" && !isLast)
        {
            var symbols = query.Symbols.Count == 0 ? "" : $"&symbols={string.Join(',', query.Symbols)}";
            link = FormattableString.Invariant($"</v1/bars/link?offset={next}&size={size}&from={query.From:yyyy-MM-dd}{symbols}>; rel=\"next\"");
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            switch (path)
            {
                case "/v1/bars/cursor":
                    json.WriteStartObject();
                    json.WriteStartObject("data");
                    WriteBars(json, "bars", page);
                    json.WriteEndObject();
                    json.WriteString("next", isLast ? null : BarQuery.Token(next));
                    json.WriteEndObject();
                    break;
                case "/v1/bars/link":
                    WriteBars(json, null, page);
                    break;
                default:
                    json.WriteStartObject();
                    json.WriteNumber("total", bars.Length);
                    WriteBars(json, "bars", page);
                    json.WriteEndObject();
                    break;
            }
        }

        return stream.ToArray();
    }

    static void WriteBars(Utf8JsonWriter json, string? name, ReadOnlySpan<Bar> bars)
    {
        if (name is null)
            json.WriteStartArray();
        else
            json.WriteStartArray(name);
        foreach (var bar in bars)
        {
            json.WriteStartObject();
            json.WriteString("symbol", bar.Symbol);
            json.WriteString("date", bar.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteNumber("open", bar.Open);
            json.WriteNumber("high", bar.High);
            json.WriteNumber("low", bar.Low);
            json.WriteNumber("close", bar.Close);
            json.WriteNumber("volume", bar.Volume);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
