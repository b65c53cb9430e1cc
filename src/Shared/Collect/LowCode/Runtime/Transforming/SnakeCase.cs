using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>Names in snake case, as <c>KeysToSnakeCase</c> writes them.</summary>
internal static partial class SnakeCase
{
    public static string Of(string name)
    {
        List<string> tokens = [.. Tokens().Matches(Ascii(name)).Select(match => match.Groups["other"].Success ? "" : match.Value)];
        if (tokens.Count >= 3) // what stands between words goes, what stands around all of them becomes an underscore
            tokens = [tokens[0], .. tokens.Skip(1).SkipLast(1).Where(token => token.Length > 0), tokens[^1]];
        if (tokens.Count > 0 && tokens[0].Length > 0 && tokens[0].All(char.IsAsciiDigit))
            tokens.Insert(0, "");
        return string.Join('_', tokens).ToLowerInvariant();
    }

    static string Ascii(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name.Normalize(NormalizationForm.FormD))
        {
            if (char.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                plain.Append(c == 'ß' ? "ss" : c.ToString());
        }

        return plain.ToString();
    }

    [GeneratedRegex(@"[A-Z]+[a-z]*|[a-z]+|\d+|(?<other>[^a-zA-Z\d]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Tokens();
}
