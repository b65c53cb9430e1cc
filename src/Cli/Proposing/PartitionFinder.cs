namespace DataIngestion.Cli.Proposing;

/// <summary>Finds what requests are about: the parameter or part of the path that names a ticker, a series, a pair.</summary>
internal static class PartitionFinder
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
            else if (IsSubject(segments[i]) && !Words.Contains(segments[i], StringComparer.OrdinalIgnoreCase))
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
            if (values.Count > 1 || (isNamed && (isRepeated || values.TrueForAll(IsSubject))))
                found.Add(new(Clean(parameter.Key), parameter.Key, values, new(parameter.Key, values.Count > 1 ? 0.85 : 0.7, values.Count > 1 ? "it differs between requests" : $"'{values[0]}' looks like what is asked about")));
        }

        return (string.Join('/', segments), found);
    }

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
