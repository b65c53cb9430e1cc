using System.Text;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Texts of requests. References to secrets stay in them; everything else is escaped as its place needs it.</summary>
internal static partial class RequestTexts
{
    const string Kept = "!#$%&'()*+,/:;=?@[]~";

    /// <summary>An address as it is sent: what may not stand in one is escaped, what is escaped stays.</summary>
    public static string Address(string text) => BetweenReferences(text, part =>
    {
        var address = new StringBuilder(part.Length);
        for (var i = 0; i < part.Length; i++)
        {
            var c = part[i];
            if (c == '%' && !(i + 2 < part.Length && char.IsAsciiHexDigit(part[i + 1]) && char.IsAsciiHexDigit(part[i + 2])))
                address.Append("%25");
            else if (char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' || Kept.Contains(c, StringComparison.Ordinal))
                address.Append(c);
            else if (char.IsHighSurrogate(c) && i + 1 < part.Length)
                address.Append(Uri.EscapeDataString(part.AsSpan(i++, 2)));
            else
                address.Append(Uri.EscapeDataString(c.ToString()));
        }

        return address.ToString();
    });

    /// <summary>A form's fields.</summary>
    public static string Form(LowCodeMap fields) =>
        string.Join('&', Pairs(fields).Select(field => $"{FormText(field.Key)}={FormText(field.Value)}"));

    /// <summary>Names and values, a list as several of its name, what is empty left out.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(LowCodeMap values) =>
        from entry in values
        where entry.Value is not null
        from value in entry.Value is List<object?> list ? list : [entry.Value]
        where value is not null
        select KeyValuePair.Create(entry.Key, PythonText.Str(value));

    /// <summary>An address and what follows it, as links in pages are followed.</summary>
    public static string Join(string start, string path)
    {
        if (path.Length == 0)
            return start;
        if (path.Contains("://", StringComparison.Ordinal) && Scheme().IsMatch(path))
            return path;
        if (path[0] == '/')
        {
            var host = start.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
            return path.StartsWith("//", StringComparison.Ordinal) ? start[..Math.Max(0, host - 2)] + path : (start.IndexOf('/', host) is >= 0 and var slash ? start[..slash] : start) + path;
        }

        return start.EndsWith('/') ? start + path : $"{start}/{path}";
    }

    static string FormText(string text) => BetweenReferences(text, Uri.EscapeDataString);

    static string BetweenReferences(string text, Func<string, string> escape)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return escape(text);
        var (whole, at) = (new StringBuilder(), 0);
        foreach (var name in SecretReference.NamesIn(text))
        {
            var reference = $"${{{name}}}";
            var found = text.IndexOf(reference, at, StringComparison.Ordinal);
            whole.Append(escape(text[at..found])).Append(reference);
            at = found + reference.Length;
        }

        return whole.Append(escape(text[at..])).ToString();
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*://", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Scheme();
}
