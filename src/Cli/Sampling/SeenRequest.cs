using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataIngestion.Cli.Sampling;

/// <summary>A request that was made, and how it differs from one of the sample.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Origin">Scheme and host that it was meant for.</param>
/// <param name="Path">Its path, escapes resolved.</param>
/// <param name="Query">Its query parameters; the values of one that comes several times are separated by line ends.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body; empty for none.</param>
internal sealed record SeenRequest(string Method, string Origin, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Query parameters as written in an address.</summary>
    public static Dictionary<string, string> QueryOf(string query)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var (name, value) = (Unescape(pair[0]), Unescape(pair.ElementAtOrDefault(1) ?? ""));
            parameters[name] = parameters.TryGetValue(name, out var earlier) ? $"{earlier}\n{value}" : value;
        }

        return parameters;
    }

    /// <summary>Everything in which it is not what the sample says; empty when it is.</summary>
    public IReadOnlyList<string> DifferencesFrom(SampleRequest expected)
    {
        List<string> differences = [];
        if (!string.Equals(Method, expected.Method, StringComparison.OrdinalIgnoreCase))
            differences.Add($"the method is {Method} where the sample has {expected.Method}");
        var (origin, path, query) = Split(expected);
        if (origin is not null && origin != Origin)
            differences.Add($"the host is {Origin} where the sample has {origin}");
        if (path != Path)
            differences.Add($"the path is '{Path}' where the sample has '{path}'");
        foreach (var (name, value) in Query)
        {
            if (!query.TryGetValue(name, out var wanted))
                differences.Add($"the query has {name}={value}, which is not in the sample");
            else if (wanted != value)
                differences.Add($"{name} is '{value}' in the query where the sample has '{wanted}'");
        }

        differences.AddRange(query.Where(q => !Query.ContainsKey(q.Key)).Select(q => $"the query lacks {q.Key}={q.Value}"));
        foreach (var (name, value) in expected.Headers)
        {
            var seen = Headers.FirstOrDefault(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
            if (seen != value)
                differences.Add(seen is null ? $"the header {name} is missing" : $"the header {name} is '{seen}' where the sample has '{value}'");
        }

        if (!IsSameBody(Body, expected.Body ?? ""))
            differences.Add($"the body is '{Short(Body)}' where the sample has '{Short(expected.Body ?? "")}'");
        return differences;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Method} {Origin}{Path}{(Query.Count == 0 ? "" : "?" + string.Join('&', Query.Select(q => $"{q.Key}={q.Value.ReplaceLineEndings(",")}")))}";

    static (string? Origin, string Path, Dictionary<string, string> Query) Split(SampleRequest request)
    {
        var text = request.Path;
        string? origin = null;
        if (text.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out var address))
            (origin, text) = (address.GetLeftPart(UriPartial.Authority), text[address.GetLeftPart(UriPartial.Authority).Length..]);
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? [] : QueryOf(text[mark..]);
        foreach (var (name, value) in request.Query)
            query[name] = value;
        var path = Uri.UnescapeDataString(mark < 0 ? text : text[..mark]);
        return (origin, path.StartsWith('/') ? path : "/" + path, query);
    }

    static bool IsSameBody(string seen, string wanted)
    {
        if (seen.Trim().ReplaceLineEndings("\n") == wanted.Trim().ReplaceLineEndings("\n"))
            return true;
        if (TryParse(seen, out var one) && TryParse(wanted, out var other))
            return JsonNode.DeepEquals(one, other);
        return seen.Contains('=', StringComparison.Ordinal) && !seen.Contains('<', StringComparison.Ordinal) && !seen.Contains('{', StringComparison.Ordinal)
            && Same(QueryOf(seen.Trim()), QueryOf(wanted.Trim()));
    }

    static bool Same(Dictionary<string, string> one, Dictionary<string, string> other) =>
        one.Count == other.Count && one.All(p => other.TryGetValue(p.Key, out var value) && value == p.Value);

    static bool TryParse(string text, out JsonNode? node)
    {
        try
        {
            node = JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            node = null;
            return false;
        }
    }

    static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    static string Short(string text) => text.Length <= 400 ? text : text[..400] + "…";
}
