using System.Text.RegularExpressions;

namespace DataIngestion.Cli.Proposing;

/// <summary>Finds what requests are about: the parameter or part of the path that names a ticker, a series, a pair.</summary>
internal static partial class PartitionFinder
{
    static readonly string[] Words = ["v1", "v2", "v3", "v4", "api", "json", "csv", "xml", "data", "rest", "public", "latest", "history", "daily"];

    /// <summary>The path with placeholders, and the partitions.</summary>
    public static (string? Path, IReadOnlyList<PartitionGuess> Partitions) Find(IReadOnlyList<RecordedExchange> exchanges, SampleTable table, IReadOnlySet<string> taken)
    {
        var asked = exchanges.Where(e => e.Path is not null).ToList();
        if (asked.Count == 0)
            return (null, []);
        List<PartitionGuess> found = [];
        var paths = asked.Select(e => e.Path!.Split('/')).Where(p => p.Length == asked[0].Path!.Split('/').Length).ToList();
        var segments = paths[0].ToArray();
        for (var i = 1; i < segments.Length; i++)
        {
            var values = paths.Select(p => p[i]).Distinct(StringComparer.Ordinal).ToList();
            var name = NameOf(segments, i);
            if (values.Count > 1)
                found.Add(new(name, null, values, new(name, 0.9, $"part {i} of the path differs between requests")));
            else if (DayPattern().IsMatch(segments[i]))
                found.Add(new(name = "day", null, values, new("day", 0.8, $"'{segments[i]}' in the path holds a day: write it as a partition of dates")));
            else if (IsAsked(segments, i, table))
                found.Add(new(name, null, values, new(name, 0.75, $"'{segments[i]}' in the path looks like what is asked about")));
            else
                continue;
            segments[i] = $"{{{name}}}";
        }

        foreach (var parameter in asked.SelectMany(e => e.Query).Where(q => !taken.Contains(q.Key)).GroupBy(q => q.Key))
        {
            var values = parameter.Select(q => q.Value).Distinct(StringComparer.Ordinal).ToList();
            var isNamed = ParameterNames.IsSubject(parameter.Key);
            var isRepeated = values.Exists(v => v.Length > 1 && table.Columns.Any(c => c.Values.Contains(v)));
            if (values.Count > 1 || (isNamed && (isRepeated || (values.TrueForAll(IsSubject) && parameter.Key.ToLowerInvariant() is not ("function" or "dataset" or "schema" or "market" or "q" or "query" or "exchange" or "id")))))
                found.Add(new(Clean(parameter.Key), parameter.Key, values, new(parameter.Key, values.Count > 1 ? 0.85 : 0.7, values.Count > 1 ? "it differs between requests" : $"'{values[0]}' looks like what is asked about")));
        }

        return (string.Join('/', segments), [.. found.Select(p => p with { Column = Repeating(p, table) })]);
    }

    static string? Repeating(PartitionGuess partition, SampleTable table) => table.Columns
        .FirstOrDefault(c => c.IsComplete && c.Values.Count > 0 && c.Values.TrueForAll(v => partition.Values.Any(asked => asked.Split(',').Contains(v!, StringComparer.OrdinalIgnoreCase))))?.Name;

    // One value alone: it comes again in the records, or the word before it says what it is.
    static bool IsAsked(string[] segments, int at, SampleTable table)
    {
        var text = segments[at];
        if (Words.Contains(text, StringComparer.OrdinalIgnoreCase) || text.Length < 2)
            return false;
        var isRepeated = text.Length > 2 && table.Columns.Any(c => c.Values.Contains(text));
        return isRepeated || (IsSubject(text) && SubjectPattern().IsMatch(segments[at - 1])) || (IsSubject(text) && text.Contains('-', StringComparison.Ordinal) && text.Length <= 12);
    }

    [GeneratedRegex(@"(?<![0-9])((19|20)[0-9]{2}-?(0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])|(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])(19|20)[0-9]{2})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DayPattern();

    [GeneratedRegex(@"^(symbols?|tickers?|products?|coins?|stocks?|instruments?|pairs?|prices?|eod|real-time|securities|bars|ohlc|ohlcv|candles|transactions|trades|daily|quotes?|series|currenc(y|ies)|fundamentals|div|splits|intraday|isins?|companies|company|latest|historical|candle|spot|code|views|interday-summaries)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SubjectPattern();

    static string NameOf(string[] segments, int at)
    {
        var before = Clean(segments[at - 1]).TrimEnd('s');
        return before.Length > 1 && !Words.Contains(before, StringComparer.OrdinalIgnoreCase) && before.All(c => char.IsAsciiLetterLower(c) || c == '_') && before.Length < 16 ? before : "symbol";
    }

    // AAPL, BTC-USD, EURUSD=X, US0378331005: not a word of an address.
    static bool IsSubject(string text) =>
        text.Length is >= 2 and <= 24 && (text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-' or '.' or ':' or '_' or '=' or ',') && text.Any(char.IsAsciiLetterUpper));

    static string Clean(string name)
    {
        var clean = new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]).Trim('_');
        return clean.Length > 0 && char.IsAsciiLetter(clean[0]) ? clean : $"p{clean}";
    }
}
