using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>Filters about text.</summary>
internal static partial class TextFilters
{
    /// <summary>Text as it is; anything else as JSON in triple quotes, so that it is read as text in the end.</summary>
    public static object? AsText(object? value, CallValues values) => value switch
    {
        string text => text,
        _ => values.Budget.Text($"\"\"\"{JsonText.Write(value)}\"\"\""),
    };

    public static object? Replace(object? value, CallValues values)
    {
        var count = values.Int(2, "count", -1);
        return values.Budget.Text(TextMethods.Replace(PythonText.Str(value), PythonText.Str(values.Need(0, "old")), PythonText.Str(values.Need(1, "new")), count, values.Budget));
    }

    public static object? Truncate(object? value, CallValues values)
    {
        var text = PythonText.Str(value);
        var length = values.Int(0, "length", 255);
        var end = values.Text(2, "end", "...");
        var leeway = values.Int(3, "leeway", 5);
        if (length < end.Length)
            throw new TemplateException($"truncate got the length {length}: expected at least {end.Length}.");
        if (text.Length <= length + leeway)
            return text;
        var cut = text[..(length - end.Length)];
        return values.Truth(1, "killwords") || !cut.Contains(' ', StringComparison.Ordinal) ? cut + end : cut[..cut.LastIndexOf(' ')] + end;
    }

    public static object? Indent(object? value, CallValues values)
    {
        var by = values.Has(0, "width", out var width) && width is string text ? text : new string(' ', Math.Clamp(values.Int(0, "width", 4), 0, 1000));
        var lines = PythonText.Str(value).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i == 0 ? values.Truth(1, "first") : lines[i].Length > 0 || values.Truth(2, "blank"))
                lines[i] = by + lines[i];
        }

        return values.Budget.Text(string.Join('\n', lines));
    }

    public static object? WordWrap(object? value, CallValues values)
    {
        var width = Math.Max(1, values.Int(0, "width", 79));
        var lines = new List<string>();
        foreach (var paragraph in PythonText.Str(value).Split('\n'))
        {
            var line = new StringBuilder();
            foreach (var word in paragraph.Split(' '))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    lines.Add(line.ToString());
                    line.Clear();
                }

                if (line.Length > 0)
                    line.Append(' ');
                line.Append(word);
            }

            lines.Add(line.ToString());
        }

        return values.Budget.Text(string.Join('\n', lines));
    }

    /// <summary>Text, or the pairs of a mapping, as in an address.</summary>
    public static object? UrlEncode(object? value, CallValues values)
    {
        var pairs = value switch
        {
            LowCodeMap map => map.Select(e => (MapKey.Value(e.Key), e.Value)),
            List<object?> or LowCodeTuple => Operators.Items(value).Select(i => Operators.Items(i) is [var key, var item] ? (key, item) : throw new ValueTypeException("urlencode takes text, a mapping or a list of pairs.")),
            _ => null,
        };
        return values.Budget.Text(pairs is null
            ? Quote(PythonText.Str(value), "/")
            : string.Join('&', pairs.Select(p => $"{QuotePlus(PythonText.Str(p.Item1))}={QuotePlus(PythonText.Str(p.Item2))}")));
    }

    /// <summary>As in a query: a blank is a plus.</summary>
    public static string QuotePlus(string text) => Quote(text, " ").Replace(' ', '+');

    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);

    public static string StripTags(string text) =>
        string.Join(' ', System.Net.WebUtility.HtmlDecode(Tags().Replace(text, "")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The first letter of each word large, the others small; words are parted by blanks, hyphens and brackets.</summary>
    public static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        var isFirst = true;
        foreach (var c in text)
        {
            title.Append(isFirst ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
            isFirst = char.IsWhiteSpace(c) || c is '-' or '(' or '{' or '[' or '<';
        }

        return title.ToString();
    }

    static string Quote(string text, string safe)
    {
        var quoted = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'.' or (byte)'-' or (byte)'~' || safe.Contains((char)b, StringComparison.Ordinal))
                quoted.Append((char)b);
            else
                quoted.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return quoted.ToString();
    }

    [GeneratedRegex("<!--.*?-->|<[^>]*>", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Tags();
}
