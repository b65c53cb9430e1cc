using System.Text;
using DataIngestion.Conversion.Lines;

namespace DataIngestion.Conversion.FixedWidth;

/// <summary>What was found about a text: its fields, and the line before its first record.</summary>
/// <param name="FirstLine">Records begin behind this line's number; 0 for the first line.</param>
internal sealed record FoundLayout(FixedLayout Layout, long FirstLine, string Evidence);

/// <summary>
/// Finds the fields of lines whose layout nobody gave. A rule under the headings says where the table begins, and if it has gaps, where the fields are; otherwise
/// fields stand between columns that are blank in nearly every line, and headings that are two blanks apart say which of these are between fields.
/// </summary>
internal sealed class LayoutFinder(IReadOnlyList<TextLine> lines)
{
    /// <summary>Lines that may have text where others are blank: one that is out of place does not hide the table.</summary>
    const double MostOutOfPlace = 0.02;
    const double MostOutOfPlaceUnderHeadings = 0.25;
    const int MostHeadingsBack = 3;

    /// <summary>In fewer lines a single blank column between words is chance.</summary>
    const int EnoughLines = 20;

    /// <summary>More lines above a table without a rule are no preamble, but records that were not understood.</summary>
    const int MostPreamble = 30;
    const int LeastPreamble = 3;

    /// <summary>A rule with gaps that far down may be one above totals.</summary>
    const int MostLinesToRule = 15;

    /// <summary>The layout, or null where the lines show none.</summary>
    public FoundLayout? Find()
    {
        var rule = IndexOfRule();
        if (rule >= 0)
        {
            var heading = HeadingBefore(rule);
            var body = Body(rule + 1);
            var (start, evidence) = (lines[rule].Number, $"the rule in line {lines[rule].Number}");
            if (Segments(FixedText.Blanks(lines[rule].Bytes)) is { Count: > 1 } gaps)
                return Of(gaps, heading, start, evidence + ", whose gaps are between the fields");
            return heading is not null && UnderHeadings(heading, body) is { Count: > 1 } fields
                ? Of(fields, heading, start, evidence + " and the headings above it")
                : Columns(body, MostOutOfPlace) is { Count: > 1 } found ? Of(found, null, start, evidence) : null;
        }

        return WithoutRule();
    }

    FoundLayout? WithoutRule()
    {
        var all = lines.Where(l => !l.IsBlank && !FixedText.IsRule(l.Bytes)).ToList();
        if (all.Count < 2)
            return null;
        // The second half is nearly always the table; what stands above it and does not fit is a preamble.
        var fields = Columns(all.Skip(all.Count / 2).Select(l => FixedText.Blanks(l.Bytes)).ToList(), MostOutOfPlace);
        if (all.Count < EnoughLines)
            fields = Joined(fields);
        if (fields.Count < 2)
            return null;
        var first = all.Count / 2;
        while (first > 0 && Fits(all[first - 1], fields))
            first--;
        if (first > Math.Clamp(all.Count / 4, LeastPreamble, MostPreamble))
            return null;
        var heading = first < all.Count - 1 && IsHeading(all[first], all[first + 1]) ? all[first] : null;
        var under = heading is null ? null : UnderHeadings(heading, all.Skip(first + 1).Select(l => FixedText.Blanks(l.Bytes)).ToList());
        return Of(under is { Count: > 1 } ? under : fields, heading, heading?.Number ?? (first == 0 ? 0 : all[first - 1].Number), "columns that are blank in every line");
    }

    /// <summary>Fields that a single blank separates are one.</summary>
    static List<(int Start, int End)> Joined(List<(int Start, int End)> fields)
    {
        var joined = new List<(int Start, int End)>();
        foreach (var field in fields)
        {
            if (joined.Count > 0 && field.Start - joined[^1].End < 2)
                joined[^1] = (joined[^1].Start, field.End);
            else
                joined.Add(field);
        }

        return joined;
    }

    static bool Fits(TextLine line, List<(int Start, int End)> fields)
    {
        var blanks = FixedText.Blanks(line.Bytes);
        return fields.Skip(1).All(f => f.Start - 1 >= blanks.Length || blanks[f.Start - 1]) && blanks.Length > fields[1].Start;
    }

    /// <summary>Headings have no digits where the lines below have.</summary>
    static bool IsHeading(TextLine line, TextLine below) =>
        !line.Bytes.AsSpan().ContainsAnyInRange((byte)'0', (byte)'9') && below.Bytes.AsSpan().ContainsAnyInRange((byte)'0', (byte)'9');

    /// <summary>The rule below headings, which have no digits: one below records stands above totals.</summary>
    int IndexOfRule()
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (!FixedText.IsRule(lines[i].Bytes))
                continue;
            var isBelowHeadings = HeadingBefore(i) is { } heading && !FixedText.IsRule(heading.Bytes) && !heading.Bytes.AsSpan().ContainsAnyInRange((byte)'0', (byte)'9');
            if (isBelowHeadings || (i < MostLinesToRule && Segments(FixedText.Blanks(lines[i].Bytes)).Count > 1))
                return i;
        }

        return -1;
    }

    TextLine? HeadingBefore(int rule)
    {
        for (var i = rule - 1; i >= Math.Max(0, rule - MostHeadingsBack); i--)
        {
            if (!lines[i].IsBlank)
                return lines[i];
        }

        return null;
    }

    List<bool[]> Body(int from) => [.. lines.Skip(from).Where(l => !l.IsBlank && !FixedText.IsRule(l.Bytes)).Select(l => FixedText.Blanks(l.Bytes))];

    /// <summary>Fields between columns that are blank in nearly all lines.</summary>
    static List<(int Start, int End)> Columns(List<bool[]> body, double outOfPlace) => Segments(BlankColumns(body, outOfPlace));

    static bool[] BlankColumns(List<bool[]> body, double outOfPlace)
    {
        var width = body.Count == 0 ? 0 : body.Max(l => l.Length);
        var filled = new int[width];
        foreach (var line in body)
        {
            for (var i = 0; i < line.Length; i++)
                filled[i] += line[i] ? 0 : 1;
        }

        var most = (int)(body.Count * outOfPlace);
        return Array.ConvertAll(filled, f => f <= most);
    }

    static List<(int Start, int End)> Segments(bool[] blanks)
    {
        var segments = new List<(int, int)>();
        for (var i = 0; i < blanks.Length; i++)
        {
            if (blanks[i])
                continue;
            var start = i;
            while (i < blanks.Length && !blanks[i])
                i++;
            segments.Add((start, i));
        }

        return segments;
    }

    /// <summary>One field a heading: between two headings the border is where the lines are blank, best just before the later one.</summary>
    static List<(int Start, int End)> UnderHeadings(TextLine heading, List<bool[]> body)
    {
        var headings = FixedText.Parts(FixedText.Blanks(heading.Bytes));
        var blanks = BlankColumns(body, MostOutOfPlaceUnderHeadings);
        var starts = new List<int> { 0 };
        for (var i = 1; i < headings.Count; i++)
        {
            var (from, to) = (headings[i - 1].End, headings[i].Start);
            var border = to;
            if (to - 1 < blanks.Length && !blanks[to - 1])
            {
                while (border > from && !blanks[border - 1])
                    border--;
                if (border == from)
                    border = to;
            }

            starts.Add(border);
        }

        return [.. starts.Select((s, i) => (s, i + 1 < starts.Count ? starts[i + 1] : FixedField.Open))];
    }

    /// <summary>Fields reach up to the next one, and the last to the end of the line.</summary>
    static FoundLayout Of(List<(int Start, int End)> segments, TextLine? heading, long firstLine, string evidence)
    {
        var fields = new List<FixedField>();
        var names = new Pipeline.ColumnNames(int.MaxValue);
        for (var i = 0; i < segments.Count; i++)
        {
            var (start, end) = (i == 0 ? 0 : segments[i].Start, i + 1 < segments.Count ? segments[i + 1].Start : FixedField.Open);
            var name = "";
            if (heading is not null)
            {
                var first = FixedText.ByteOf(heading.Bytes, start);
                var last = end == FixedField.Open ? heading.Bytes.Length : FixedText.ByteOf(heading.Bytes, end);
                name = string.Join(' ', Encoding.UTF8.GetString(heading.Bytes.AsSpan(first, last - first)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            }

            fields.Add(new(names.AddUnique(name), start, end));
        }

        return new(new(fields), firstLine, evidence);
    }
}
