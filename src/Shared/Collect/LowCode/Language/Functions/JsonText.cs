using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace DataIngestion.Collect;

/// <summary>Values as JSON and JSON as values. Numbers stay exact where a decimal or whole number holds them.</summary>
internal static class JsonText
{
    const int MaxDepth = 64;

    /// <summary>Reads JSON.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static object? Read(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        return Read(document.RootElement);
    }

    /// <summary>The value of an element of JSON.</summary>
    public static object? Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Map(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Read).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => Number(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Writes JSON as Python does: a blank after colon and comma, everything beyond ASCII escaped.</summary>
    public static string Write(object? value, int indent = 0, bool forHtml = false)
    {
        var text = new StringBuilder();
        Write(text, forHtml ? Sorted(value, 0) : value, Math.Clamp(indent, 0, 40), 0);
        return forHtml
            ? text.Replace("<", "\\u003c").Replace(">", "\\u003e").Replace("&", "\\u0026").Replace("'", "\\u0027").ToString()
            : text.ToString();
    }

    // As the filter tojson does.
    static object? Sorted(object? value, int depth) => value switch
    {
        _ when depth > MaxDepth => throw new TemplateException($"a value is nested deeper than {MaxDepth} levels."),
        LowCodeMap map => new LowCodeMap(map.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, Sorted(e.Value, depth + 1)))),
        IReadOnlyList<object?> list => list.Select(i => Sorted(i, depth + 1)).ToList(),
        _ => value,
    };

    static LowCodeMap Map(JsonElement element)
    {
        var map = new LowCodeMap();
        foreach (var property in element.EnumerateObject())
            map[property.Name] = Read(property.Value);
        return map;
    }

    static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out var whole))
            return whole;
        var text = element.GetRawText();
        return text.All(c => char.IsAsciiDigit(c) || c == '-') && text.Length < 1000
            ? Numbers.Normal(BigInteger.Parse(text, CultureInfo.InvariantCulture))
            : Numbers.Read(text);
    }

    static void Write(StringBuilder text, object? value, int indent, int depth)
    {
        if (depth > MaxDepth)
            throw new TemplateException($"a value is nested deeper than {MaxDepth} levels.");
        if (text.Length > TemplateBudget.MaxText)
            throw new TemplateException($"a text became longer than {TemplateBudget.MaxText} characters.");
        switch (value)
        {
            case null: text.Append("null"); break;
            case bool truth: text.Append(truth ? "true" : "false"); break;
            case string words: Quote(text, words); break;
            case double number when !double.IsFinite(number): text.Append(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity"); break;
            case not null when Numbers.Is(value): text.Append(PythonText.Str(value)); break;
            case LowCodeMap map: Many(text, '{', '}', [.. map], indent, depth, e => Entry(text, e, indent, depth)); break;
            case IReadOnlyList<object?> list: Many(text, '[', ']', list, indent, depth, i => Write(text, i, indent, depth + 1)); break;
            default: throw new ValueTypeException($"{ValueNames.Of(value)} cannot be written as JSON: expected text, a number, a list or a mapping.");
        }
    }

    static void Entry(StringBuilder text, KeyValuePair<string, object?> entry, int indent, int depth)
    {
        Quote(text, MapKey.Value(entry.Key) switch
        {
            null => "null",
            string name => name,
            var number => PythonText.Str(number),
        });
        text.Append(": ");
        Write(text, entry.Value, indent, depth + 1);
    }

    static void Many<T>(StringBuilder text, char open, char close, IReadOnlyList<T> items, int indent, int depth, Action<T> write)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                text.Append(indent > 0 ? "," : ", ");
            if (indent > 0)
                text.Append('\n').Append(' ', indent * (depth + 1));
            write(items[i]);
        }

        if (indent > 0 && items.Count > 0)
            text.Append('\n').Append(' ', indent * depth);
        text.Append(close);
    }

    static void Quote(StringBuilder text, string words)
    {
        text.Append('"');
        foreach (var c in words)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
