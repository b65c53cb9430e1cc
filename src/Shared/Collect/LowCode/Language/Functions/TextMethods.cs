using System.Text;

namespace DataIngestion.Collect;

/// <summary>Methods of text.</summary>
internal static class TextMethods
{
    /// <summary>By name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<object, CallValues, object?>> All = new Dictionary<string, Func<string, CallValues, object?>>(StringComparer.Ordinal)
    {
        ["lower"] = (text, _) => text.ToLowerInvariant(),
        ["casefold"] = (text, _) => text.ToLowerInvariant(),
        ["upper"] = (text, _) => text.ToUpperInvariant(),
        ["capitalize"] = (text, _) => Capitalize(text),
        ["title"] = (text, _) => Title(text),
        ["swapcase"] = (text, _) => string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))),
        ["strip"] = (text, v) => Strip(text, v.Find(0, "chars") as string, 3),
        ["lstrip"] = (text, v) => Strip(text, v.Find(0, "chars") as string, 1),
        ["rstrip"] = (text, v) => Strip(text, v.Find(0, "chars") as string, 2),
        ["split"] = (text, v) => v.Budget.List(TextSplitting.Split(text, v.Find(0, "sep"), v.Int(1, "maxsplit", -1))),
        ["rsplit"] = (text, v) => v.Budget.List(TextSplitting.SplitFromEnd(text, v.Find(0, "sep"), v.Int(1, "maxsplit", -1))),
        ["splitlines"] = (text, _) => TextSplitting.Lines(text),
        ["partition"] = (text, v) => TextSplitting.Partition(text, v.Text(0, "sep"), text.IndexOf(v.Text(0, "sep"), StringComparison.Ordinal), isAtEnd: false),
        ["rpartition"] = (text, v) => TextSplitting.Partition(text, v.Text(0, "sep"), text.LastIndexOf(v.Text(0, "sep"), StringComparison.Ordinal), isAtEnd: true),
        ["replace"] = (text, v) => Replace(text, v.Text(0, "old"), v.Text(1, "new"), v.Int(2, "count", -1), v.Budget),
        ["join"] = Join,
        ["format"] = (text, v) => v.Budget.Text(BraceFormat.Apply(text, v.Placed, v.Named)),
        ["startswith"] = (text, v) => Ends(v.Need(0, "prefix"), p => text.StartsWith(p, StringComparison.Ordinal)),
        ["endswith"] = (text, v) => Ends(v.Need(0, "suffix"), p => text.EndsWith(p, StringComparison.Ordinal)),
        ["removeprefix"] = (text, v) => text.StartsWith(v.Text(0, "prefix"), StringComparison.Ordinal) ? text[v.Text(0, "prefix").Length..] : text,
        ["removesuffix"] = (text, v) => v.Text(0, "suffix") is { Length: > 0 } end && text.EndsWith(end, StringComparison.Ordinal) ? text[..^end.Length] : text,
        ["find"] = (text, v) => (long)Find(text, v, isLast: false),
        ["rfind"] = (text, v) => (long)Find(text, v, isLast: true),
        ["index"] = (text, v) => Find(text, v, isLast: false) is >= 0 and var at ? (long)at : throw new TemplateException("the text does not hold what is looked for."),
        ["rindex"] = (text, v) => Find(text, v, isLast: true) is >= 0 and var at ? (long)at : throw new TemplateException("the text does not hold what is looked for."),
        ["count"] = (text, v) => v.Text(0, "sub") is { Length: > 0 } part ? (long)(text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length : text.Length + 1L,
        ["zfill"] = (text, v) => Filled(text, v),
        ["ljust"] = (text, v) => text.PadRight(Width(v), Filling(v)),
        ["rjust"] = (text, v) => text.PadLeft(Width(v), Filling(v)),
        ["center"] = (text, v) => Center(text, Width(v), Filling(v), v.Budget),
        ["isdigit"] = (text, _) => text.Length > 0 && text.All(char.IsDigit),
        ["isdecimal"] = (text, _) => text.Length > 0 && text.All(char.IsDigit),
        ["isnumeric"] = (text, _) => text.Length > 0 && text.All(char.IsNumber),
        ["isalpha"] = (text, _) => text.Length > 0 && text.All(char.IsLetter),
        ["isalnum"] = (text, _) => text.Length > 0 && text.All(char.IsLetterOrDigit),
        ["isspace"] = (text, _) => text.Length > 0 && text.All(char.IsWhiteSpace),
        ["islower"] = (text, _) => text.Any(char.IsLower) && !text.Any(char.IsUpper),
        ["isupper"] = (text, _) => text.Any(char.IsUpper) && !text.Any(char.IsLower),
        ["isascii"] = (text, _) => Ascii.IsValid(text),
    }.ToDictionary(m => m.Key, m => new Func<object, CallValues, object?>((text, values) => m.Value((string)text, values.Of($"'.{m.Key}()'"))), StringComparer.Ordinal);

    public static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    /// <summary>Without white space, or without some characters, at the beginning (1), the end (2) or both (3).</summary>
    public static string Strip(string text, string? characters, int ends)
    {
        bool Goes(char c) => characters is null ? char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f' : characters.Contains(c, StringComparison.Ordinal);
        int from = 0, to = text.Length;
        while ((ends & 1) != 0 && from < to && Goes(text[from]))
            from++;
        while ((ends & 2) != 0 && to > from && Goes(text[to - 1]))
            to--;
        return text[from..to];
    }

    public static string Replace(string text, string old, string with, int count, TemplateBudget budget)
    {
        var replaced = new StringBuilder();
        var at = 0;
        for (; count != 0 && at <= text.Length; count--)
        {
            var found = text.IndexOf(old, at, StringComparison.Ordinal);
            if (found < 0 || (old.Length == 0 && at == text.Length))
                break;
            replaced.Append(text, at, found - at).Append(with);
            at = found + old.Length;
            if (old.Length == 0)
                replaced.Append(text[at++]);
            if (replaced.Length > TemplateBudget.MaxText)
                budget.Allow(replaced.Length);
        }

        if (old.Length == 0 && count != 0)
            replaced.Append(with);
        return budget.Text(replaced.Append(text, Math.Min(at, text.Length), text.Length - Math.Min(at, text.Length)).ToString());
    }

    public static string Center(string text, int width, char filling, TemplateBudget budget)
    {
        budget.Allow(Math.Max(0, width));
        var missing = width - text.Length;
        if (missing <= 0)
            return text;
        var left = (missing / 2) + (missing & width & 1);
        return text.PadLeft(text.Length + left, filling).PadRight(width, filling);
    }

    static object? Join(string text, CallValues values)
    {
        var parts = new List<string>();
        foreach (var item in Operators.Items(values.Need(0, "iterable")))
            parts.Add(item as string ?? throw new ValueTypeException($"'.join()' joins texts, not {ValueNames.Of(item)}: expected the filter 'join', which takes all values."));
        values.Budget.Allow(parts.Sum(p => (long)p.Length) + ((long)text.Length * parts.Count));
        return string.Join(text, parts);
    }

    static bool Ends(object? wanted, Func<string, bool> fits) => wanted switch
    {
        string text => fits(text),
        LowCodeTuple several => several.Any(t => t is string text && fits(text)),
        Undefined undefined => throw undefined.Fault(),
        _ => throw new ValueTypeException($"expected text to begin or end with, got {ValueNames.Of(wanted)}."),
    };

    static int Find(string text, CallValues values, bool isLast)
    {
        var part = values.Text(0, "sub");
        int Bound(int place, int otherwise)
        {
            var at = values.Int(place, "bound", otherwise);
            return Math.Clamp(at < 0 ? at + text.Length : at, 0, text.Length);
        }

        int from = Bound(1, 0), to = Bound(2, text.Length);
        if (from > to)
            return -1;
        var found = isLast ? text[from..to].LastIndexOf(part, StringComparison.Ordinal) : text[from..to].IndexOf(part, StringComparison.Ordinal);
        return found < 0 ? -1 : found + from;
    }

    static string Filled(string text, CallValues values)
    {
        var width = Width(values);
        return text.Length > 0 && text[0] is '-' or '+' ? text[0] + text[1..].PadLeft(Math.Max(0, width - 1), '0') : text.PadLeft(width, '0');
    }

    static char Filling(CallValues values) =>
        values.Text(1, "fillchar", " ") is [var filling] ? filling : throw new ValueTypeException("what fills a text up has to be one character.");

    static int Width(CallValues values)
    {
        var width = Math.Max(0, values.Int(0, "width", 0));
        values.Budget.Allow(width);
        return width;
    }

    // Every letter after what is no letter becomes large.
    static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        var isInside = false;
        foreach (var c in text)
        {
            title.Append(isInside ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
            isInside = char.IsLetter(c);
        }

        return title.ToString();
    }
}
