using System.Globalization;
using System.Text.Json;

namespace DataIngestion.Cli.Proposing;

/// <summary>Finds how answers are split into pages: from what changes between requests, else from names.</summary>
internal static class PaginationFinder
{
    /// <param name="pages">Answers to requests of one partition, in order, each with its records.</param>
    /// <param name="table">The records of all of them.</param>
    /// <param name="changing">Query parameters that were seen to change from page to page.</param>
    public static PaginationGuess? Find(IReadOnlyList<RecordedExchange> pages, SampleTable table, out string? changing)
    {
        changing = null;
        var guess = FromLinks(pages) ?? FromChanges(pages, table, out changing) ?? FromNames(pages, table);
        if (guess is null)
            return null;
        var size = pages.SelectMany(p => p.Query).FirstOrDefault(q => ParameterNames.IsSize(q.Key) && int.TryParse(q.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        return size.Key is null ? guess : guess with { SizeParameter = size.Key, Size = int.Parse(size.Value, CultureInfo.InvariantCulture) };
    }

    static PaginationGuess? FromLinks(IReadOnlyList<RecordedExchange> pages)
    {
        if (pages.Any(p => p.Headers.TryGetValue("Link", out var link) && link.Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase)))
            return new(new("link", 0.98, "an answer has a Link header with rel=\"next\""));
        foreach (var page in pages)
        {
            foreach (var (path, value) in Texts(page))
            {
                var isAddress = value.StartsWith("http", StringComparison.Ordinal) || (value.StartsWith('/') && value.Contains('?', StringComparison.Ordinal));
                if (!isAddress || !path.Contains("next", StringComparison.OrdinalIgnoreCase))
                    continue;
                var asked = page.Path is { } at && value.Contains(at.Split('?')[0], StringComparison.Ordinal);
                return new(new("url", asked ? 0.97 : 0.8, $"'{path}' of an answer holds the address of the next page")) { NextPath = path };
            }
        }

        return null;
    }

    static PaginationGuess? FromChanges(IReadOnlyList<RecordedExchange> pages, SampleTable table, out string? changing)
    {
        changing = null;
        for (var i = 1; i < pages.Count; i++)
        {
            var (before, after) = (pages[i - 1], pages[i]);
            if (before.Path != after.Path && before.Path is not null)
                continue;
            foreach (var (name, value) in after.Query)
            {
                if (before.Parameter(name) == value)
                    continue;
                if (Explain(before, name, value, i - 1, table) is not { } guess)
                    continue;
                changing = name;
                return guess;
            }
        }

        return null;
    }

    static PaginationGuess? Explain(RecordedExchange before, string name, string value, int page, SampleTable table)
    {
        if (value.Length > 0 && Texts(before).FirstOrDefault(t => t.Value == value && !t.Path.Contains("[*]", StringComparison.Ordinal)).Path is { } path)
            return new(new("cursor", 0.97, $"'{name}' of the next request is '{path}' of the answer before")) { Parameter = name, NextPath = path };
        if (before.Headers.FirstOrDefault(h => h.Value == value).Key is { } header)
            return new(new("header", 0.97, $"'{name}' of the next request is the header {header} of the answer before")) { Parameter = name, Header = header };
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            var was = long.TryParse(before.Parameter(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var earlier) ? earlier : (long?)null;
            if (number - (was ?? (ParameterNames.IsPage(name) ? number - 1 : long.MinValue)) == 1 && !ParameterNames.IsOffset(name))
                return new(new("page", 0.95, $"'{name}' counts up by one from request to request")) { Parameter = name, FirstPage = was == 0 ? 0 : null };
            var rows = page < table.PageRows.Count ? table.PageRows[page] : 0;
            if (number - (was ?? 0) is > 0 and var step && (step == rows || ParameterNames.IsOffset(name)))
                return new(new("offset", 0.95, $"'{name}' counts up by the records of a page")) { Parameter = name };
        }

        return table.Columns.FirstOrDefault(c => Last(c, page, table) == value) is { } column
            ? new(new("seek", 0.85, $"'{name}' of the next request is '{column.Name}' of the last record before")) { Parameter = name, Field = column.Name }
            : null;
    }

    // One answer alone: what its fields and parameters are usually called.
    static PaginationGuess? FromNames(IReadOnlyList<RecordedExchange> pages, SampleTable table)
    {
        foreach (var page in pages)
        {
            var token = Texts(page).FirstOrDefault(t => ParameterNames.IsToken(t.Path[(t.Path.LastIndexOf('.') + 1)..]) && !t.Path.Contains("[*]", StringComparison.Ordinal) && t.Value.Length > 0);
            var parameter = page.Query.Select(q => q.Key).FirstOrDefault(k => ParameterNames.IsToken(k) && !ParameterNames.IsFrom(k));
            if (token.Path is not null)
                return new(new("cursor", 0.7, $"an answer has '{token.Path}', which is what a next page's token is usually called")) { Parameter = parameter ?? token.Path[(token.Path.LastIndexOf('.') + 1)..], NextPath = token.Path };
            if (page.Query.FirstOrDefault(q => ParameterNames.IsPage(q.Key)) is { Key: { } number } counted)
                return new(new("page", 0.75, $"the request has the parameter '{number}'")) { Parameter = number, FirstPage = counted.Value == "0" ? 0 : null };
            if (page.Query.Select(q => q.Key).FirstOrDefault(ParameterNames.IsOffset) is { } offset)
                return new(new("offset", 0.75, $"the request has the parameter '{offset}'")) { Parameter = offset };
        }

        return null;
    }

    static string? Last(SampleColumn column, int page, SampleTable table)
    {
        var end = table.PageRows.Take(page + 1).Sum();
        return end > 0 && end <= column.Values.Count && page < table.PageRows.Count && table.PageRows[page] > 0 ? column.Values[end - 1] : null;
    }

    static IEnumerable<(string Path, string Value)> Texts(RecordedExchange exchange)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(exchange.Body);
        }
        catch (JsonException)
        {
            return [];
        }

        using (document)
            return [.. Texts(document.RootElement, "", 0)];
    }

    static IEnumerable<(string Path, string Value)> Texts(JsonElement element, string path, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                yield return (path, element.GetString()!);
                break;
            case JsonValueKind.Number:
                yield return (path, element.GetRawText());
                break;
            case JsonValueKind.Object when depth < 5:
                foreach (var text in element.EnumerateObject().SelectMany(e => Texts(e.Value, path.Length == 0 ? e.Name : $"{path}.{e.Name}", depth + 1)))
                    yield return text;
                break;
            case JsonValueKind.Array when depth < 3:
                foreach (var text in element.EnumerateArray().Take(20).Where(i => i.ValueKind is JsonValueKind.Object).SelectMany(i => Texts(i, $"{path}[*]", depth + 1)))
                    yield return text;
                break;
        }
    }
}
