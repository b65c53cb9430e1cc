using System.Text.RegularExpressions;

namespace DataIngestion.Contracts;

/// <summary>The placeholders in a dataset's requests: that something stands for each, and that formats are formats.</summary>
internal static partial class PlaceholderChecks
{
    static readonly string[] Times = ["cursor", "from", "to"];

    /// <summary>What is wrong in a dataset's requests: where, as a path inside the dataset, and what.</summary>
    public static IEnumerable<(string Path, string Message)> Of(SourceDatasetDefinition dataset)
    {
        string[] always = [.. Times, "page", .. dataset.Partitions.Select(p => p.Name)];
        if (dataset.Request is { } request)
        {
            foreach (var fault in Of(request, nameof(SourceDatasetDefinition.Request), always, dataset))
                yield return fault;
        }

        foreach (var (exported, name) in new[] { (dataset.Export?.Poll, nameof(ExportDefinition.Poll)), (dataset.Export?.Download, nameof(ExportDefinition.Download)) })
        {
            if (exported is null)
                continue;
            foreach (var fault in Of(exported, $"{nameof(SourceDatasetDefinition.Export)}.{name}", [.. always, "job", "part"], dataset))
                yield return fault;
        }
    }

    static IEnumerable<(string Path, string Message)> Of(RequestDefinition request, string at, string[] known, SourceDatasetDefinition dataset)
    {
        IEnumerable<(string Path, string Text)> texts =
        [
            (nameof(RequestDefinition.Path), request.Path),
            .. request.Query.Select(q => ($"{nameof(RequestDefinition.Query)}[{q.Key}]", q.Value)),
            .. request.Headers.Select(h => ($"{nameof(RequestDefinition.Headers)}[{h.Key}]", h.Value)),
            .. request.Form.Select(f => ($"{nameof(RequestDefinition.Form)}[{f.Key}]", f.Value)),
        ];
        foreach (var (path, text) in texts)
        {
            foreach (var message in FaultsIn(text, known, dataset, mayBeText: false))
                yield return ($"{at}.{path}", message);
        }

        // Braces in a body may be its own: only what is nearly a placeholder is one that was written wrong.
        IEnumerable<(string Path, string Text)> bodies =
        [
            (nameof(RequestDefinition.Body), request.Body ?? ""),
            .. (request.Graphql?.Variables ?? new Dictionary<string, string>()).Select(v => ($"{nameof(RequestDefinition.Graphql)}.{nameof(GraphqlDefinition.Variables)}[{v.Key}]", v.Value)),
        ];
        foreach (var (path, text) in bodies)
        {
            foreach (var message in FaultsIn(text, known, dataset, mayBeText: true))
                yield return ($"{at}.{path}", message);
        }
    }

    static IEnumerable<string> FaultsIn(string text, string[] known, SourceDatasetDefinition dataset, bool mayBeText)
    {
        foreach (Match match in Written().Matches(text))
        {
            var (name, format) = (match.Groups["name"].Value, match.Groups["format"] is { Success: true, Value: var written } ? written : null);
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                if (!mayBeText || Suggestion.For(name, known) is not null)
                    yield return $"nothing stands for '{match.Value}' in a request: {Suggestion.Phrase(name, known)}";
            }
            else if (format is not null && FaultOf(name, format, dataset) is { } fault)
            {
                yield return fault;
            }
        }
    }

    static string? FaultOf(string name, string format, SourceDatasetDefinition dataset)
    {
        var isTime = Times.Contains(name, StringComparer.Ordinal)
            ? dataset.Cursor is null or { Type: CursorType.Date or CursorType.Timestamp }
            : dataset.Partitions.Any(p => p.Name == name && p.Dates is not null);
        if (!isTime)
            return $"'{{{name}:{format}}}' writes no day or instant: leave ':{format}' out.";
        return InstantFormat.FaultOf(format, mustBeRead: false) is { } fault ? $"'{format}' in '{{{name}:{format}}}' {fault}" : null;
    }

    // A reference to a setting has a dollar before it.
    [GeneratedRegex(@"(?<!\$)\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:(?<format>[^{}]*))?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Written();
}
