using System.Text.RegularExpressions;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>
/// Says whether a text really is what the classifier takes it for: by the format's own rules, as far as its start goes. The answer is how sure that makes us,
/// 0 for not at all.
/// </summary>
internal static partial class Confirmation
{
    const int MostLines = 80;

    public static double Of(string format, TextSample text) => format switch
    {
        "yaml" => YamlOutline.Of(text),
        "ini" => Keyed(text, sections: true, quoted: false),
        "toml" => Keyed(text, sections: true, quoted: true),
        "properties" => Keyed(text, sections: false, quoted: false),
        "markdown" => Markdown(text),
        "latex" => Latex(text),
        "sql" => Sql(text),
        "log" => Log(text),
        "fixed-width" => FixedWidthOutline.Of(text),
        "css" => Css(text),
        "c" or "csharp" or "java" or "javascript" or "python" or "go" or "rust" or "shell" or "perl" => Languages.Of(format, text),
        "text" => Prose(text),
        _ => 0,
    };

    /// <summary>Lines with characters, the last left out where it may be cut.</summary>
    internal static List<string> Lines(TextSample text, int most = MostLines)
    {
        var lines = new List<string>();
        foreach (var line in text.Lines(most))
            lines.Add(TextSample.Words(line));
        if (!text.IsWhole && lines.Count is > 1 and < MostLines)
            lines.RemoveAt(lines.Count - 1);
        lines.RemoveAll(string.IsNullOrWhiteSpace);
        return lines;
    }

    /// <summary>Sections in brackets and keys with values; nothing else but comments.</summary>
    static double Keyed(TextSample text, bool sections, bool quoted)
    {
        var (heads, keys, others, typed) = (0, 0, 0, 0);
        var open = false;
        foreach (var line in Lines(text))
        {
            var trimmed = line.Trim();
            if (open)
            {
                open = !(trimmed.StartsWith(']') || trimmed.EndsWith("\"\"\"", StringComparison.Ordinal) || trimmed.EndsWith("'''", StringComparison.Ordinal));
                continue;
            }

            if (trimmed[0] is '#' or ';' or '!')
                continue;
            if (trimmed[0] == '[' && (trimmed.EndsWith(']') || trimmed.Contains("] ", StringComparison.Ordinal)) && !trimmed.Contains(',', StringComparison.Ordinal))
                heads++;
            else if (KeyValue().Match(trimmed) is { Success: true } pair)
            {
                keys++;
                var value = pair.Groups[1].Value.Trim();
                typed += TomlValue().IsMatch(value) ? 1 : 0;
                open = quoted && (value is "[" || (value.StartsWith("\"\"\"", StringComparison.Ordinal) && !value[3..].Contains("\"\"\"", StringComparison.Ordinal)) || (value.StartsWith('[') && !value.Contains(']', StringComparison.Ordinal)));
            }
            else
            {
                others++;
            }
        }

        if (keys + heads < 2 || others * 8 > keys + heads || (sections && heads == 0 && !quoted) || (!sections && heads > 0))
            return 0;
        // TOML's values have types, so that a bare word is none; in the other two nearly every value would have one by chance only.
        if (quoted)
            return keys > 0 && typed == keys && others == 0 ? heads > 0 ? 0.97 : 0.85 : 0;
        if (sections)
            return heads > 0 && keys > 0 ? 0.95 : heads > 1 ? 0.7 : 0;
        return keys >= 3 ? 0.9 : 0.6;
    }

    static double Markdown(TextSample text)
    {
        var (kinds, lines) = (0, Lines(text));
        var whole = string.Join('\n', lines);
        var headings = lines.Count(l => Heading().IsMatch(l));
        kinds += headings > 0 ? 1 : 0;
        kinds += headings > 2 ? 1 : 0;
        kinds += MarkdownLink().IsMatch(whole) ? 1 : 0;
        kinds += lines.Any(l => l.TrimStart().StartsWith("```", StringComparison.Ordinal)) ? 1 : 0;
        kinds += lines.Count(l => Bullet().IsMatch(l)) >= 2 ? 1 : 0;
        kinds += Bold().IsMatch(whole) ? 1 : 0;
        kinds += lines.Any(l => l.StartsWith("|--", StringComparison.Ordinal) || l.StartsWith("| --", StringComparison.Ordinal) || l.StartsWith("| :-", StringComparison.Ordinal)) ? 2 : 0;
        kinds += lines.Any(l => l is "---" or "===" || l.StartsWith("=====", StringComparison.Ordinal) || l.StartsWith("-----", StringComparison.Ordinal)) && lines.Count > 3 ? 1 : 0;
        kinds += lines.Any(l => l.StartsWith("> ", StringComparison.Ordinal)) ? 1 : 0;
        return kinds >= 3 ? 0.95 : kinds == 2 ? 0.85 : 0;
    }

    static double Latex(TextSample text)
    {
        var near = text.Near;
        if (near.IndexOf("\\documentclass"u8) >= 0 || near.IndexOf("\\begin{document}"u8) >= 0 || near.IndexOf("\\documentstyle"u8) >= 0)
            return 0.98;
        var commands = LatexCommand().Count(TextSample.Words(text.All.AsMemory(text.All.Length - text.Start.Length)));
        return near.IndexOf("\\begin{"u8) >= 0 && commands >= 2 ? 0.92 : commands >= 4 ? 0.85 : 0;
    }

    static double Sql(TextSample text)
    {
        var (statements, lines) = (0, Lines(text));
        statements = lines.Count(l => SqlStatement().IsMatch(l));
        var whole = text.Near;
        return statements == 0 ? 0 : statements >= 2 && whole.IndexOf((byte)';') > 0 ? 0.95 : whole.IndexOf((byte)';') > 0 ? 0.88 : 0.7;
    }

    /// <summary>Most lines begin with a time, an address, or a priority.</summary>
    static double Log(TextSample text)
    {
        var lines = Lines(text);
        var (timed, known, levels) = (lines.Count(l => Timed().IsMatch(l)), lines.Count(l => Access().IsMatch(l) || Syslog().IsMatch(l)), lines.Count(l => Level().IsMatch(l)));
        if (lines.Count == 0)
            return 0;
        if (known >= Math.Max(1, lines.Count * 0.7))
            return lines.Count >= 2 ? 0.98 : 0.85;
        // Stack traces and wrapped messages lie between the lines that are timed.
        return timed >= Math.Max(1, lines.Count * 0.5) && levels >= timed * 0.5 ? lines.Count >= 3 ? 0.95 : 0.75 : timed >= Math.Max(3, lines.Count * 0.9) ? 0.7 : 0;
    }

    static double Css(TextSample text)
    {
        var whole = string.Join('\n', Lines(text));
        var rules = CssRule().Count(whole);
        return rules >= 2 ? 0.93 : rules == 1 && whole.TrimEnd().EndsWith('}') ? 0.8 : 0;
    }

    /// <summary>Words, blanks and the marks of sentences, and few others.</summary>
    static double Prose(TextSample text)
    {
        var near = text.Near;
        var (letters, words, marks, others) = (0, 0, 0, 0);
        var inWord = false;
        foreach (var b in near)
        {
            var isLetter = char.IsAsciiLetter((char)b) || b >= 0x80;
            letters += isLetter ? 1 : 0;
            words += isLetter && !inWord ? 1 : 0;
            inWord = isLetter;
            marks += b is (byte)'.' or (byte)',' or (byte)'!' or (byte)'?' or (byte)'\'' or (byte)'-' or (byte)'"' ? 1 : 0;
            others += b is (byte)';' or (byte)'{' or (byte)'}' or (byte)'=' or (byte)'<' or (byte)'>' or (byte)'|' or (byte)'\\' or (byte)'$' or (byte)'_' ? 1 : 0;
        }

        var isProse = letters > near.Length * 0.7 && marks < near.Length * 0.08 && others < near.Length * 0.02;
        return isProse ? words >= 3 ? 0.95 : 0.8 : letters > near.Length * 0.45 && others < near.Length * 0.05 ? 0.75 : 0;
    }

    [GeneratedRegex(@"^""?[A-Za-z_0-9][\w.\-\[\]/:$ ]{0,80}""?\s*=(.*)$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex KeyValue();

    [GeneratedRegex(@"^(""|'|\[|\{|true\b|false\b|[+-]?\d|[+-]?inf\b|nan\b)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TomlValue();

    [GeneratedRegex(@"^#{1,6} \S", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[[^\]\n]{1,200}\]\([^)\s]{1,300}\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex MarkdownLink();

    [GeneratedRegex(@"^\s{0,6}([-*+]|\d{1,2}\.) \S", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Bullet();

    [GeneratedRegex(@"\*\*[^*\n]{1,80}\*\*|`[^`\n]{1,80}`", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Bold();

    [GeneratedRegex(@"\\[a-zA-Z]+[{\[]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LatexCommand();

    [GeneratedRegex(@"^\s*(CREATE (OR REPLACE )?(TEMP(ORARY)? )?(TABLE|VIEW|INDEX|UNIQUE|DATABASE|FUNCTION|PROCEDURE|SCHEMA|TRIGGER)|INSERT INTO|SELECT\s.{1,400}|UPDATE \S+ SET|DELETE FROM|ALTER TABLE|DROP (TABLE|VIEW|INDEX|DATABASE)|GRANT \w+|WITH \w+ AS \(|BEGIN TRANSACTION)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex SqlStatement();

    [GeneratedRegex(@"^\W{0,2}(\d{4}[-/.]\d\d[-/.]\d\d[T ,_]\s?\d{1,2}:\d\d|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4} \d{1,2}:\d\d|\d{1,2}:\d\d:\d\d|[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d|time=|\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d|[A-Z][a-z]{2},? [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d|<\d{1,3}>|\d{10}\.\d{3})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Timed();

    [GeneratedRegex(@"^[\w.:\-]+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Access();

    [GeneratedRegex(@"^(<\d{1,3}>)?(\d )?([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ \S+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* \S+ \S+ \S+ \S+ )", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Syslog();

    [GeneratedRegex(@"\b(INFO|DEBUG|WARN|WARNING|ERROR|TRACE|FATAL|CRITICAL|NOTICE|SEVERE|info|debug|warn|warning|error|notice|Information|Warning|Error)\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Level();

    [GeneratedRegex(@"[^{}\n;]{1,200}\{\s*([\w-]{2,40}\s*:\s*[^;{}]{1,300};?\s*)+\}?", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CssRule();
}
