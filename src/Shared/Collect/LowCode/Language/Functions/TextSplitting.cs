namespace DataIngestion.Collect;

/// <summary>Text cut into pieces.</summary>
internal static class TextSplitting
{
    /// <summary>Pieces between separators, at most so many cuts; without a separator, between white space.</summary>
    public static List<object?> Split(string text, object? separator, int cuts)
    {
        if (separator is null)
            return Words(text, cuts);
        var sign = Sign(separator);
        return [.. cuts < 0 ? text.Split(sign) : text.Split(sign, cuts + 1)];
    }

    /// <summary>The same, cut from the end.</summary>
    public static List<object?> SplitFromEnd(string text, object? separator, int cuts)
    {
        if (cuts < 0)
            return Split(text, separator, cuts);
        var pieces = Split(text, separator, -1).Cast<string>().ToList();
        if (pieces.Count <= cuts + 1)
            return [.. pieces];
        var kept = pieces.Count - cuts;
        var sign = separator is null ? " " : Sign(separator);
        return [string.Join(sign, pieces.Take(kept)), .. pieces.Skip(kept)];
    }

    public static List<object?> Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').ToList<object?>();
        if (lines is [.., ""])
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>Before, separator, after.</summary>
    public static LowCodeTuple Partition(string text, string separator, int at, bool isAtEnd) =>
        separator.Length == 0 ? throw new TemplateException("the separator is empty.")
        : at >= 0 ? new([text[..at], separator, text[(at + separator.Length)..]])
        : new(isAtEnd ? ["", "", text] : [text, "", ""]);

    static List<object?> Words(string text, int cuts)
    {
        var words = new List<object?>();
        var rest = text.AsSpan().TrimStart();
        while (!rest.IsEmpty)
        {
            if (cuts >= 0 && words.Count == cuts)
            {
                words.Add(rest.ToString());
                break;
            }

            var end = 0;
            while (end < rest.Length && !char.IsWhiteSpace(rest[end]))
                end++;
            words.Add(rest[..end].ToString());
            rest = rest[end..].TrimStart();
        }

        return words;
    }

    static string Sign(object separator) => separator switch
    {
        string { Length: > 0 } text => text,
        string => throw new TemplateException("the separator is empty."),
        Undefined undefined => throw undefined.Fault(),
        _ => throw new ValueTypeException($"expected text to split at, got {ValueNames.Of(separator)}."),
    };
}
