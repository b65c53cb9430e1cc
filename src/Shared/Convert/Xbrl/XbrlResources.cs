using System.Text;
using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>What a fact was reported about: who, when, and in which dimensions.</summary>
/// <param name="Dimensions">A JSON object, axis to member; of a typed dimension the text inside.</param>
/// <param name="Other">What stands in a segment or scenario beside dimensions, as JSON.</param>
internal sealed record XbrlContext(string Id, string? Entity, string? Scheme, string? Instant, string? Start, string? End, string? Dimensions, string? Other, int Line)
{
    public static XbrlContext Of(MarkupElement element)
    {
        var identifier = element.Child("entity")?.Child("identifier");
        var period = element.Child("period");
        var dimensions = new List<(string, string)>();
        var others = new List<MarkupElement>();
        foreach (var member in Containers(element).SelectMany(c => c.Children))
        {
            if (member.Name is "explicitMember" or "typedMember" && member.Attribute("dimension") is { } axis)
                dimensions.Add((axis.Trim(), member.Name == "explicitMember" ? member.Text.Trim() : Inside(member)));
            else
                others.Add(member);
        }

        return new(
            element.Attribute("id") ?? "", Text(identifier), identifier?.Attribute("scheme"), Text(period?.Child("instant")), Text(period?.Child("startDate")),
            Text(period?.Child("endDate")), dimensions.Count == 0 ? null : MarkupJson.Of(dimensions), others.Count == 0 ? null : MarkupJson.Of(others), element.Line);
    }

    static IEnumerable<MarkupElement> Containers(MarkupElement element)
    {
        if (element.Child("entity")?.Child("segment") is { } segment)
            yield return segment;
        if (element.Child("scenario") is { } scenario)
            yield return scenario;
    }

    /// <summary>A typed member's value: the text of its element, or all of it where it is more than text.</summary>
    static string Inside(MarkupElement member) =>
        member.Children is [{ Children.Count: 0 } value] ? value.Text.Trim() : MarkupJson.Of(member.Children);

    static string? Text(MarkupElement? element) => element?.Text.Trim() is { Length: > 0 } text ? text : null;
}

/// <summary>What a number was measured in.</summary>
/// <param name="Name">Readable: <c>USD</c>, <c>shares</c>, <c>USD/shares</c>; the prefix is left out for currencies and the two measures of XBRL itself.</param>
internal sealed record XbrlUnit(string Id, string Name, string Measures, string? Divisor, int Line)
{
    public static XbrlUnit Of(MarkupElement element)
    {
        var divide = element.Child("divide");
        var above = MeasuresIn(divide?.Child("unitNumerator") ?? element);
        var below = divide?.Child("unitDenominator") is { } denominator ? MeasuresIn(denominator) : [];
        var name = string.Join('*', above.Select(Short)) + (below.Count == 0 ? "" : "/" + string.Join('*', below.Select(Short)));
        return new(element.Attribute("id") ?? "", name, string.Join(' ', above), below.Count == 0 ? null : string.Join(' ', below), element.Line);
    }

    static List<string> MeasuresIn(MarkupElement element) => [.. element.Children.Where(c => c.Name == "measure").Select(m => m.Text.Trim())];

    static string Short(string measure)
    {
        var (prefix, name) = measure.IndexOf(':') is >= 0 and var colon ? (measure[..colon], measure[(colon + 1)..]) : ("", measure);
        return prefix is "iso4217" or "xbrli" || name is "shares" or "pure" ? name : measure;
    }
}

/// <summary>What facts refer to: contexts, units and footnotes. It is held in memory; a document has far fewer of them than facts.</summary>
internal sealed class XbrlResources(ConversionLimits limits)
{
    readonly Dictionary<string, StringBuilder> _footnotes = new(StringComparer.Ordinal);
    long _size;

    public Dictionary<string, XbrlContext> Contexts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, XbrlUnit> Units { get; } = new(StringComparer.Ordinal);

    /// <summary>Where inline text goes on, by identifier: its markup, its text, and where it goes on from there.</summary>
    public Dictionary<string, (string Text, string? Next)> Continuations { get; } = new(StringComparer.Ordinal);

    public void Add(XbrlContext context)
    {
        Grow(context.Id.Length + (context.Dimensions?.Length ?? 0) + (context.Other?.Length ?? 0) + 200, context.Line);
        if (!Contexts.TryAdd(context.Id, context))
            throw new ConversionException($"The context '{context.Id}' is there twice.", context.Line);
    }

    public void Add(XbrlUnit unit)
    {
        Grow(unit.Id.Length + unit.Measures.Length + 200, unit.Line);
        if (!Units.TryAdd(unit.Id, unit))
            throw new ConversionException($"The unit '{unit.Id}' is there twice.", unit.Line);
    }

    public void AddContinuation(string id, string text, string? next, int line)
    {
        Grow(id.Length + text.Length + 100, line);
        Continuations.TryAdd(id, (text, next));
    }

    /// <summary>A footnote of a fact.</summary>
    public void AddFootnote(string fact, string text, int line)
    {
        Grow(fact.Length + text.Length + 100, line);
        if (_footnotes.TryGetValue(fact, out var notes))
            notes.Append('\n').Append(text);
        else
            _footnotes.Add(fact, new(text));
    }

    public string? FootnotesOf(string? fact) => fact is not null && _footnotes.TryGetValue(fact, out var notes) ? notes.ToString() : null;

    /// <summary>What facts refer to may take as much memory as records may: 16 of them.</summary>
    void Grow(long size, int line)
    {
        _size += size;
        if (_size > 16L * limits.MaxRecordBytes)
            throw new ConversionException($"Contexts, units, footnotes and continuations take more than {16L * limits.MaxRecordBytes} characters: a larger limit of record bytes reads them.", Math.Max(1, line));
    }
}
