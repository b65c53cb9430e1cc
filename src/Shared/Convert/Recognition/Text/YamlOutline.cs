using System.Text.RegularExpressions;

namespace DataIngestion.Conversion.Texts;

/// <summary>The outline of YAML by its lines: keys with values, items, deeper lines only below keys and items. Cheaper than parsing, and stricter than it.</summary>
internal static partial class YamlOutline
{
    public static double Of(TextSample text)
    {
        var (keys, items, others, blockIndent, depth) = (0, 0, 0, -1, 0);
        var flows = 0;
        var isDocument = text.Near.StartsWith("---"u8) || text.Near.IndexOf("\n---\n"u8) > 0;
        foreach (var line in Confirmation.Lines(text))
        {
            var trimmed = line.Trim();
            var indent = line.Length - line.TrimStart(' ').Length;
            if (blockIndent >= 0 && indent > blockIndent)
                continue;
            blockIndent = -1;
            if (trimmed[0] == '#' || trimmed is "---" or "..." || trimmed.StartsWith("--- ", StringComparison.Ordinal) || trimmed[0] == '%')
                continue;
            if (flows > 0)
            {
                flows += Balance(trimmed);
                continue;
            }

            if (line.Contains('\t', StringComparison.Ordinal) && line.TrimStart(' ')[0] == '\t')
                return 0;
            depth = Math.Max(depth, indent);
            var isItem = trimmed == "-" || trimmed.StartsWith("- ", StringComparison.Ordinal);
            var rest = isItem ? trimmed[1..].TrimStart() : trimmed;
            if (rest.Length > 0 && Key().Match(rest) is { Success: true } key)
            {
                keys++;
                var value = key.Groups[1].Value.Trim();
                if (value.Length > 0 && (value[0] is '|' or '>') && value.Length <= 3)
                    blockIndent = indent;
                if (value.Length > 0 && value[0] is '{' or '[')
                    flows = Math.Max(0, Balance(value));
                if (value.EndsWith(';') || value.EndsWith(" {", StringComparison.Ordinal))
                    others++;
            }
            else if (isItem)
            {
                items++;
            }
            else if (indent > 0 && keys + items > 0)
            {
                // A value may go on in the next line.
                others += trimmed.EndsWith(';') || trimmed.EndsWith('{') ? 2 : 0;
            }
            else
            {
                others++;
            }
        }

        if (others > 0 && others * 20 > keys + items)
            return 0;
        if (keys >= 3 || (isDocument && keys + items >= 1))
            return depth > 0 || items > 0 || isDocument || keys >= 4 ? 0.95 : 0.85;
        return keys >= 2 ? 0.75 : items >= 3 && isDocument ? 0.9 : 0;
    }

    static int Balance(string text) => text.Count(c => c is '{' or '[') - text.Count(c => c is '}' or ']');

    [GeneratedRegex(@"^(?:""[^""]{1,100}""|'[^']{1,100}'|[\w$./@*<>&!+\-][\w $./@*()\-\[\]+&!<>]{0,100}?)\s*:(?:\s+(.*))?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Key();
}
