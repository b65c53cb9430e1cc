using System.Globalization;
using System.Text.Json;

namespace DataIngestion.Cli.Proposing;

/// <summary>Finds where the records lie in a JSON document.</summary>
internal static class RecordPaths
{
    const int MaxDepth = 6;

    /// <summary>The best place; null where the document holds nothing that could be records.</summary>
    public static RecordPathGuess? Find(JsonElement root)
    {
        List<Candidate> candidates = [];
        Walk(root, "$", 0, candidates);
        if (candidates.OrderByDescending(c => c.Score).FirstOrDefault() is { } best)
            return new(new(best.Path, best.Confidence, best.Reason), best.IsColumns, best.IsMap ? Beside(root, best.Path) : []);
        return root.ValueKind is JsonValueKind.Object && root.EnumerateObject().Any()
            ? new(new("$", 0.6, "there is neither a list nor a map of alike entries, so the document is one record"), IsColumns: false, [])
            : null;
    }

    static void Walk(JsonElement element, string path, int depth, List<Candidate> candidates)
    {
        if (depth > MaxDepth)
            return;
        if (element.ValueKind is JsonValueKind.Array)
            WalkArray(element, path, depth, candidates);
        else if (element.ValueKind is JsonValueKind.Object)
            WalkObject(element, path, depth, candidates);
    }

    static void WalkArray(JsonElement array, string path, int depth, List<Candidate> candidates)
    {
        var items = array.EnumerateArray().ToList();
        if (items.Count == 0)
            return;
        var objects = items.Count(i => i.ValueKind is JsonValueKind.Object);
        var rows = items.Count(i => i.ValueKind is JsonValueKind.Array && IsRow(i));
        var here = path + "[*]";

        // What is nested in a record is a list of its own, but not the records: a step down costs.
        if (objects * 10 >= items.Count * 9 && !IsWrapper(items))
            candidates.Add(new(here, Weight(objects, items[0].EnumerateObject().Count(), depth) * Likeness(path), 0.95, $"it is a list of {objects} objects"));
        if (rows * 10 >= items.Count * 9 && rows > 0)
            candidates.Add(new(here, Weight(rows, items[0].GetArrayLength(), depth) * Likeness(path), 0.9, $"it is a list of {rows} rows"));
        foreach (var item in items.Take(3).Where(i => i.ValueKind is JsonValueKind.Object or JsonValueKind.Array && !IsRow(i)))
            Walk(item, here, depth + 1, candidates);
    }

    static void WalkObject(JsonElement element, string path, int depth, List<Candidate> candidates)
    {
        var entries = element.EnumerateObject().ToList();
        if (Columns(entries) is { } length)
            candidates.Add(new(path, Weight(length, entries.Count, depth) * 1.5, 0.9, $"it has lists of {length} values each, one a field") { IsColumns = true });
        if (IsMap(entries))
        {
            var name = entries.TrueForAll(e => IsDay(e.Name)) ? "date" : entries.TrueForAll(e => e.Name.Length == 3 && e.Name.All(char.IsAsciiLetterUpper)) ? "currency" : "key";
            var fields = entries[0].Value.ValueKind is JsonValueKind.Object ? entries[0].Value.EnumerateObject().Count() : 1;
            var here = Join(path, $"{{{name}}}");
            if (entries[0].Value.ValueKind is JsonValueKind.Array)
                WalkArray(entries[0].Value, here, depth + 1, candidates);
            else
                candidates.Add(new(here, Weight(entries.Count, fields, depth) * (name == "key" ? 0.8 : 2), name == "key" ? 0.7 : 0.9, $"its {entries.Count} entries are alike, their names being values") { IsMap = true });
            return;
        }

        foreach (var entry in entries.Where(e => e.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
            Walk(entry.Value, Join(path, Quote(entry.Name)), depth + 1, candidates);
    }

    // Values that stand at the root beside the records and say what they all share.
    static List<string> Beside(JsonElement root, string path) => root.ValueKind is not JsonValueKind.Object ? [] :
    [
        .. root.EnumerateObject()
            .Where(e => e.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number && !path.StartsWith($"$.{e.Name}", StringComparison.Ordinal))
            .Where(e => ParameterNames.IsTime(e.Name) || e.Name.ToLowerInvariant() is "base" or "source" or "symbol" or "currency")
            .Select(e => e.Name),
    ];

    // What speaks about the data is not the data.
    static double Likeness(string path) => path[(path.LastIndexOf('.') + 1)..].ToLowerInvariant() switch
    {
        "columns" or "fields" or "links" or "errors" or "warnings" or "footnotes" or "notes" or "meta" or "metadata" or "dimensions" or "schema" => 0.2,
        "data" or "results" or "result" or "rows" or "values" or "records" or "observations" or "items" => 1.3,
        _ => 1,
    };

    static double Weight(int records, int fields, int depth) => Math.Log2(1 + records) * Math.Sqrt(Math.Max(1, fields)) / (1 + (depth * 0.6));

    // [{"data": [...]}]: a list of one that holds a list of several is a wrapping.
    static bool IsWrapper(List<JsonElement> items) =>
        items.Count == 1 && items[0].ValueKind is JsonValueKind.Object && items[0].EnumerateObject().ToList() is var entries
        && entries.Exists(e => e.Value.ValueKind is JsonValueKind.Array && e.Value.GetArrayLength() > (entries.Count <= 2 ? 0 : 1) && (e.Value[0].ValueKind is JsonValueKind.Object || IsRow(e.Value[0])));

    static bool IsRow(JsonElement array) => array.ValueKind is JsonValueKind.Array && array.GetArrayLength() >= 2 && array.EnumerateArray().All(v => v.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array));

    static int? Columns(List<JsonProperty> entries)
    {
        var lists = entries.Where(e => e.Value.ValueKind is JsonValueKind.Array).ToList();
        if (lists.Count < 3)
            return null;
        var length = lists[0].Value.GetArrayLength();
        return length > 0 && lists.TrueForAll(l => l.Value.GetArrayLength() == length && l.Value.EnumerateArray().All(v => v.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))) ? length : null;
    }

    static bool IsMap(List<JsonProperty> entries)
    {
        if (entries.Count == 0)
            return false;
        var areNames = entries.TrueForAll(e => IsDay(e.Name)) || (entries.Count >= 2 && entries.TrueForAll(e => IsSymbol(e.Name)));
        var kind = entries[0].Value.ValueKind;
        if (!entries.TrueForAll(e => e.Value.ValueKind == kind))
            return false;
        if (kind is JsonValueKind.Object && entries.Count >= 2)
        {
            var first = entries[0].Value.EnumerateObject().Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
            var alike = entries.Skip(1).All(e => e.Value.EnumerateObject().Count(f => first.Contains(f.Name)) * 10 >= first.Count * 8);
            return first.Count > 0 && alike && (areNames || entries.Count >= 5 || entries.TrueForAll(e => e.Name.Any(char.IsAsciiDigit)));
        }

        return areNames && kind is JsonValueKind.Number or JsonValueKind.Object || (areNames && kind is JsonValueKind.Array && entries.TrueForAll(e => e.Value.GetArrayLength() > 0));
    }

    static bool IsDay(string name) => name.Length >= 8 && char.IsAsciiDigit(name[0]) && DateTime.TryParse(name, CultureInfo.InvariantCulture, out _);

    static bool IsSymbol(string name) => name.Length is >= 2 and <= 12 && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-' or '.' or '/' or ':') && name.Any(char.IsAsciiLetterUpper);

    static string Join(string path, string step) => step.StartsWith('[') ? path + step : $"{path}.{step}";

    static string Quote(string name) => name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '@' or '$') ? name : $"['{name}']";

    sealed record Candidate(string Path, double Score, double Confidence, string Reason)
    {
        public bool IsColumns { get; init; }

        public bool IsMap { get; init; }
    }
}
