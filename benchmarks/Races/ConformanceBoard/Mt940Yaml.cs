using System.Globalization;
using System.Text.RegularExpressions;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>One object of a dump: its scalars, and the amounts, currencies and days inside it, by key.</summary>
internal sealed class Mt940Object
{
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, decimal> Amounts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Currencies { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DateOnly> Days { get; } = new(StringComparer.Ordinal);
}

/// <summary>Reads the facts out of YAML dumps of Python objects as the mt940 library writes them: two levels of keys, tagged values, anchors.</summary>
internal static partial class Mt940Yaml
{
    public static (Mt940Object Data, IReadOnlyList<Mt940Object> Transactions) Read(string path)
    {
        var data = new Mt940Object();
        var transactions = new List<Mt940Object>();
        var days = new Dictionary<string, DateOnly>(StringComparer.Ordinal);
        var (section, key, anchor) = ("", "", "");
        Mt940Object? current = null;
        var lines = File.ReadAllLines(path);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Length > 0 && !char.IsWhiteSpace(line[0]) && line[0] != '-')
            {
                section = line.Split(':')[0];
                current = section == "data" ? data : null;
            }
            else if (line.StartsWith("- !!python/object:mt940.models.Transaction", StringComparison.Ordinal))
            {
                transactions.Add(current = new());
            }

            var depth = section == "data" ? 2 : 4;
            if (current is null || Entry().Match(line) is not { Success: true } entry)
                continue;
            var indent = entry.Groups["indent"].Length;
            if (indent == depth)
            {
                (key, anchor) = (entry.Groups["key"].Value, Anchor().Match(line).Groups["name"].Value);
                if (Alias().Match(line) is { Success: true } alias && days.TryGetValue(alias.Groups["name"].Value, out var known))
                    current.Days[key] = known;
                else if (!entry.Groups["value"].Value.Contains("!!", StringComparison.Ordinal))
                    current.Texts[key] = Plain(Whole(lines, i, entry.Groups["value"].Value.Trim(), depth));
                Scan(lines, i, depth, current, key, anchor, days);
            }
        }

        return (data, transactions);
    }

    /// <summary>A scalar with the lines it goes on in: they are folded, and a blank line is a line feed.</summary>
    static string Whole(string[] lines, int at, string value, int depth)
    {
        for (var i = at + 1; i < lines.Length && (lines[i].Length == 0 || lines[i].TakeWhile(c => c == ' ').Count() > depth); i++)
            value += lines[i].Length == 0 ? "\n" : value.EndsWith('\n') ? lines[i].Trim() : " " + lines[i].Trim();
        return value;
    }

    /// <summary>Reads what lies deeper than a key.</summary>
    static void Scan(string[] lines, int at, int depth, Mt940Object to, string key, string anchor, Dictionary<string, DateOnly> days)
    {
        for (var i = at; i < lines.Length; i++)
        {
            if (i > at && (lines[i].Length - lines[i].TrimStart().Length) <= depth && !lines[i].TrimStart().StartsWith("- ", StringComparison.Ordinal))
                return;
            if (lines[i].Contains("decimal.Decimal", StringComparison.Ordinal))
                to.Amounts[key] = decimal.Parse(Plain(lines[i + 1].Trim()[2..]), CultureInfo.InvariantCulture);
            else if (i > at && lines[i].TrimStart().StartsWith("currency:", StringComparison.Ordinal))
                to.Currencies[key] = Plain(lines[i].Split(':', 2)[1]);
            else if (i > at && lines[i].TrimStart().StartsWith("status:", StringComparison.Ordinal))
                to.Texts[key + ".status"] = Plain(lines[i].Split(':', 2)[1]);
            else if (i > at && Alias().Match(lines[i]) is { Success: true } alias && days.TryGetValue(alias.Groups["name"].Value, out var known))
                to.Days[key] = known;
            if (Anchor().Match(lines[i]) is { Success: true } named)
                anchor = named.Groups["name"].Value;
            if (!lines[i].TrimEnd().EndsWith("!!binary |", StringComparison.Ordinal))
                continue;
            var bytes = System.Convert.FromBase64String(lines[i + 1].Trim());
            var day = new DateOnly((bytes[0] << 8) | bytes[1], bytes[2], bytes[3]);
            to.Days[key] = day;
            if (anchor.Length > 0)
                days[anchor] = day;
        }
    }

    static string Plain(string value) => value.Trim() switch
    {
        "null" => "",
        ['"', .. var text, '"'] => Escape().Replace(text, m => ((char)int.Parse(m.Groups["code"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()),
        var text => text.Trim('\''),
    };

    [GeneratedRegex(@"\\(x|u)(?<code>[0-9A-F]{4}|[0-9A-F]{2})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();

    [GeneratedRegex("^(?<indent> *)(?<key>[A-Za-z_0-9]+):(?<value>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();

    [GeneratedRegex("&(?<name>id[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Anchor();

    [GeneratedRegex(@"\*(?<name>id[0-9]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Alias();
}
