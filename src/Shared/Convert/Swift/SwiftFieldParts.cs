using System.Text.RegularExpressions;

namespace DataIngestion.Conversion.Swift;

/// <summary>Parts of fields that messages of any type have.</summary>
internal static partial class SwiftFieldParts
{
    /// <summary>The tags of a block, <c>{108:1704250164920-04}{119:STP}</c>; a block of plain text is one part without a tag.</summary>
    public static IEnumerable<(string? Tag, string Value)> OfBlock(string content)
    {
        if (!content.StartsWith('{'))
        {
            yield return (null, content);
            yield break;
        }

        var (depth, start) = (0, 0);
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == '{' && depth++ == 0)
                start = i + 1;
            if (content[i] != '}' || depth == 0 || --depth > 0)
                continue;
            var part = content[start..i];
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            yield return colon < 0 ? (part, "") : (part[..colon], part[(colon + 1)..]);
        }
    }

    /// <summary>The qualifier of a generic field of ISO 15022, <c>:BUYR/ISSUER/value</c>.</summary>
    public static (string? Qualifier, string? Issuer, string Value) Qualified(string value) =>
        Generic().Match(value) is { Success: true } match
            ? (match.Groups["qualifier"].Value, match.Groups["issuer"].Value is { Length: > 0 } issuer ? issuer : null, match.Groups["value"].Value)
            : (null, null, value);

    [GeneratedRegex("^:(?<qualifier>[A-Z0-9]{4})/(?<issuer>[A-Z0-9]{0,8})/(?<value>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Generic();
}

/// <summary>Where a field stands in its message: sequences begin with <c>15A</c>, <c>15B</c>... or lie between <c>16R</c> and <c>16S</c>.</summary>
internal sealed class SwiftSequence
{
    const int MostOpen = 32;
    readonly List<string> _open = [];
    string? _letter;

    /// <summary>The sequence of the next field, such as <c>B</c> or <c>SETDET/SETPRTY</c>.</summary>
    public string? At(SwiftField field)
    {
        if (field.Tag.Length == 3 && field.Tag.StartsWith("15", StringComparison.Ordinal))
            _letter = field.Tag[2..];
        if (field.Tag == "16R" && _open.Count < MostOpen)
            _open.Add(field.Value.Trim());
        var sequence = _open.Count > 0 ? string.Join('/', _open) : _letter;
        if (field.Tag == "16S" && _open.Count > 0)
            _open.RemoveAt(_open.Count - 1);
        return sequence;
    }
}
