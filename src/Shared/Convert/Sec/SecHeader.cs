namespace DataIngestion.Conversion.Sec;

/// <summary>A field of a header.</summary>
/// <param name="Section">The sections around it, <c>REPORTING-OWNER/OWNER DATA</c>; empty for none.</param>
internal sealed record SecField(string Section, string Key, string Value, long Line);

/// <summary>Reads the lines of a header: fields indented under their sections, or in tags, or both.</summary>
internal static class SecHeader
{
    const int TabWidth = 8;

    public static List<SecField> Parse(List<(string Text, long Line)> lines)
    {
        // A tag is a section exactly if something ends it; all others hold a value, or nothing.
        var ended = lines.Select(l => l.Text.Trim()).Where(l => l.StartsWith("</", StringComparison.Ordinal) && l.EndsWith('>')).Select(l => l[2..^1]).ToHashSet(StringComparer.Ordinal);
        var fields = new List<SecField>();
        var open = new List<(string Name, int Indent)>();
        for (var i = 0; i < lines.Count; i++)
        {
            var (text, line) = lines[i];
            var body = text.Trim();
            if (body.Length == 0)
                continue;
            if (body[0] == '<')
            {
                Tag(body, line, ended, open, fields);
                continue;
            }

            var colon = body.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                if (fields.Count > 0)
                    fields.Add(new(Path(open), "", body, line));
                continue;
            }

            var indent = Indent(text);
            while (open.Count > 0 && open[^1].Indent >= indent)
                open.RemoveAt(open.Count - 1);
            var (key, value) = (body[..colon].Trim(), body[(colon + 1)..].Trim());
            if (value.Length == 0 && IsSection(lines, i, indent))
                open.Add((key, indent));
            else
                fields.Add(new(Path(open), key, value, line));
        }

        return fields;
    }

    static void Tag(string body, long line, HashSet<string> ended, List<(string Name, int Indent)> open, List<SecField> fields)
    {
        var end = body.IndexOf('>', StringComparison.Ordinal);
        if (end < 0)
            return;
        var (name, value) = (body[1..end], body[(end + 1)..].Trim());
        if (name.StartsWith('/'))
        {
            if (open.FindLastIndex(o => o.Name == name[1..]) is >= 0 and var at)
                open.RemoveRange(at, open.Count - at);
        }
        else if (value.Length == 0 && ended.Contains(name))
        {
            // Indented sections end where a tag begins, and none is outside of it.
            open.RemoveAll(o => o.Indent >= 0);
            open.Add((name, -1));
        }
        else
        {
            fields.Add(new(Path(open), name, value, line));
        }
    }

    /// <summary>Whether the next line that says something is further in.</summary>
    static bool IsSection(List<(string Text, long Line)> lines, int at, int indent)
    {
        for (var i = at + 1; i < lines.Count; i++)
        {
            if (!string.IsNullOrWhiteSpace(lines[i].Text))
                return !lines[i].Text.TrimStart().StartsWith('<') && Indent(lines[i].Text) > indent;
        }

        return false;
    }

    static int Indent(string text)
    {
        var indent = 0;
        foreach (var character in text)
        {
            if (character is not (' ' or '\t'))
                break;
            indent += character == '\t' ? TabWidth : 1;
        }

        return indent;
    }

    static string Path(List<(string Name, int Indent)> open) => string.Join('/', open.Select(o => o.Name));
}
