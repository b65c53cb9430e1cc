using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>A fact as the document has it, before what it refers to is looked up.</summary>
internal sealed record XbrlFact(string Concept, string? Namespace, int Line)
{
    public string? Id { get; init; }

    public string? Context { get; init; }

    public string? Unit { get; init; }

    public string? Decimals { get; init; }

    public string? Precision { get; init; }

    public string? Language { get; init; }

    public string? Tuple { get; init; }

    public bool IsNil { get; init; }

    public bool? IsHidden { get; init; }

    /// <summary>The text; of a fraction <c>numerator/denominator</c>.</summary>
    public string Value { get; set; } = "";

    /// <summary>Whether the value is that of two numbers, which no column holds exactly.</summary>
    public bool IsFraction { get; set; }

    /// <summary>What else the markup says, as JSON.</summary>
    public string? Other { get; set; }
}

/// <summary>Facts as rows.</summary>
internal sealed class XbrlFactRows(RecordRows rows, XbrlResources resources)
{
    public ValueTask AddAsync(XbrlFact fact, CancellationToken cancellationToken)
    {
        XbrlContext? context = null;
        XbrlUnit? unit = null;
        if (fact.Context is null)
            return RejectAsync(fact, "context", "the context of the fact", "nothing", cancellationToken);
        if (!resources.Contexts.TryGetValue(fact.Context, out context))
            return RejectAsync(fact, "context", "a context of the document", fact.Context, cancellationToken);
        if (fact.Unit is not null && !resources.Units.TryGetValue(fact.Unit, out unit))
            return RejectAsync(fact, "unit_id", "a unit of the document", fact.Unit, cancellationToken);
        string? number = null;
        if (unit is not null && !fact.IsNil && !fact.IsFraction)
        {
            number = FieldTexts.Number(fact.Value);
            if (number is null && fact.Value.Trim() is not ("INF" or "-INF" or "NaN"))
                return RejectAsync(fact, "number", "a number, as it has a unit", fact.Value, cancellationToken);
        }

        return rows.AddAsync(
            [
                fact.Concept, fact.Namespace, fact.IsNil ? null : number is null ? fact.Value : fact.Value.Trim(), number, fact.IsNil ? "true" : "false",
                context.Id, .. Of(context),
                unit?.Name, unit?.Id, fact.Decimals, fact.Precision, fact.Language, resources.FootnotesOf(fact.Id), fact.Tuple, fact.Id, fact.IsHidden is null ? null : fact.IsHidden.Value ? "true" : "false",
            ],
            fact.Other, fact.Line, cancellationToken);
    }

    public static string?[] Of(XbrlContext context) => [context.Entity, context.Scheme, context.Instant, context.Start, context.End, context.Dimensions, context.Other];

    ValueTask RejectAsync(XbrlFact fact, string column, string expected, string found, CancellationToken cancellationToken)
    {
        var record = new MarkupElement(fact.Concept, "", fact.Line);
        record.AddText(fact.Value);
        return rows.RejectAsync(new(column, expected, found.Length > 100 ? found[..100] + "..." : found, fact.Line), record, cancellationToken);
    }
}
