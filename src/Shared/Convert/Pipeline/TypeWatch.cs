using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>
/// Sees to it that a plan made from the first records is the one that all records would give. Fast parsers take only values that cannot change
/// it; every other value is looked at here.
/// </summary>
internal sealed class TypeWatch
{
    readonly ConversionRequest _request;
    readonly Func<string, DataType?>? _declared;
    readonly ConversionPlan _plan;
    readonly InputProfile _seen;
    readonly InputProfile _counted;
    readonly long _headRows;

    TypeWatch(ConversionInput input, ConversionPlan plan, InputProfile head)
    {
        (_request, _declared, _plan, _seen, _headRows) = (input.Request, input.Declared, plan, head.Copy(), head.Rows);
        _counted = new(_request.Limits, input.Nulls);
        Strict = [.. plan.Columns.Select(c => IsStrict(c, head))];
    }

    /// <summary>What was seen: the first records, and every value that was looked at since.</summary>
    public InputProfile Seen => _seen;

    /// <summary>By column of the plan, whether its type rests on what was seen.</summary>
    public IReadOnlyList<bool> Strict { get; }

    /// <summary>Whether what was seen is likely to be enough for another attempt: not where values are counted, for then none may be counted twice.</summary>
    public bool CanTryAgain => IsEvolving(_request);

    /// <summary>A watch for a plan made from the first records, or null where not everything that a later value could change would be seen.</summary>
    public static TypeWatch? For(ConversionInput input, ConversionPlan plan, InputProfile head)
    {
        var request = input.Request;
        if (request.ProfileFirst || (request.Schema is not null && request.Policy == SchemaPolicy.Freeze))
            return null;
        var isWatchable = IsEvolving(request)
            ? head.AllNames.All(name => IsWatchable(request, plan, head, name))
            : plan.Columns.All(c => FixedShapes(c) is var shapes && (ProfileOf(c, head)?.Seen & shapes) is null or TextShape.None || IsOneDateShape(c, head));
        return isWatchable ? new(input, plan, head) : null;
    }

    static bool IsEvolving(ConversionRequest request) => request.Mapping.Count == 0 && (request.Schema is null || request.Policy == SchemaPolicy.Evolve);

    static ColumnProfile? ProfileOf(ColumnPlan column, InputProfile profile) =>
        column.Source is { } source && profile.Names.IndexOf(source) is >= 0 and var at && at < profile.Columns.Count ? profile.Columns[at] : null;

    /// <summary>
    /// What must not turn up in a column of a schema that does not change, because how its values are read is then weighed over all of them:
    /// numbers with marks and units, and dates in another form.
    /// </summary>
    static TextShape FixedShapes(ColumnPlan column) => column switch
    {
        { Pattern: not null } => TextShape.None,
        { Column.Type: { IsExactNumber: true } or { IsFloating: true } } => TextShape.SpelledNumber,
        { Column.Type.Kind: DataKind.Date } => TextShape.Dates,
        _ => TextShape.None,
    };

    static bool IsOneDateShape(ColumnPlan column, InputProfile profile) =>
        column.Column.Type.Kind == DataKind.Date && ProfileOf(column, profile) is { } seen && int.IsPow2((int)(seen.Seen & TextShape.Dates));

    /// <summary>A column that was left out for want of values, or kept its expected type although values say less, has no parser that would object.</summary>
    static bool IsWatchable(ConversionRequest request, ConversionPlan plan, InputProfile head, string name)
    {
        if (plan.Columns.FirstOrDefault(c => c.Source == name) is not { } column)
            return false;
        return request.Schema is not { } schema || schema.IndexOf(column.Column.Name) < 0
            || column.Column.Type.Kind is DataKind.String or DataKind.Binary
            || head.Columns[head.Names.IndexOf(name)].Infer().Type == column.Column.Type;
    }

    bool IsStrict(ColumnPlan column, InputProfile head)
    {
        if (column.Open is not null)
            return true;
        if (column.Source is not { } source || column.Pattern is not null)
            return false;
        var expected = _request.Schema is { } schema && schema.IndexOf(column.Column.Name) is >= 0 and var at ? schema[at].Type : null;
        if (expected is not null && (_request.Mapping.Count > 0 || _request.Policy != SchemaPolicy.Evolve))
            return expected.Kind == DataKind.Date;
        if (expected is null && (_request.Types == TypesMode.Text || _declared?.Invoke(source)?.Kind == DataKind.String))
            return false;
        return column.Column.Type.Kind == DataKind.String
            ? expected is null && !head.Columns[head.Names.IndexOf(source)].IsTextForGood
            : expected?.Kind is not (DataKind.String or DataKind.Binary);
    }

    /// <summary>Looks at what is new in a block.</summary>
    /// <param name="rowsBefore">Records before it.</param>
    /// <returns>False if the plan would be another one now.</returns>
    public bool Holds(ParsedBlock block, long rowsBefore)
    {
        if (block.Seen.Count == 0 && block.NewNames is null or { Count: 0 })
            return true;
        var before = IsEvolving(_request) ? [] : _plan.Columns.Select(c => ProfileOf(c, _seen)?.Seen ?? TextShape.None).ToArray();
        var names = new ColumnNames(_request.Limits.MaxColumns);
        foreach (var name in _seen.AllNames.Concat(block.NewNames ?? []))
            names.Add(name);
        _seen.Add(names, block.Seen, rowsBefore, 0);
        _counted.Add(names, block.Seen, rowsBefore, 0);
        if (before.Where((shapes, i) => ((ProfileOf(_plan.Columns[i], _seen)?.Seen ?? TextShape.None) & ~shapes & FixedShapes(_plan.Columns[i])) != TextShape.None).Any())
            return false;
        var plan = ConversionPlan.Of(_request, _seen.Names, _seen.Columns, _declared);
        return plan.Columns.Select(WithoutEvidence).SequenceEqual(_plan.Columns.Select(WithoutEvidence)) && plan.Notes.SequenceEqual(_plan.Notes, StringComparer.Ordinal);
    }

    static ColumnPlan WithoutEvidence(ColumnPlan column) => column with { Evidence = "", Open = null };

    /// <summary>The plan with reasons that say on which records they rest.</summary>
    public ConversionPlan Explained()
    {
        var plan = ConversionPlan.Of(_request, _seen.Names, _seen.Columns, _declared);
        return plan with
        {
            Columns = [.. plan.Columns.Select((c, i) => Strict[i] ? c with { Evidence = $"{c.Evidence}, seen in the first {_headRows} rows; every later value was checked against the type" } : c)],
        };
    }

    /// <summary>How often texts meant "no value" in the values that were looked at.</summary>
    public IReadOnlyDictionary<string, long> NullSpellings(string source, DataType type) => _counted.Names.IndexOf(source) is >= 0 and var at
        ? _counted.Columns[at].NullsAs(type).Spellings
        : new Dictionary<string, long>(StringComparer.Ordinal);
}

/// <summary>The plan does not hold: the conversion must begin anew.</summary>
/// <param name="canTryAgain">Whether what was seen is likely to be enough for another attempt.</param>
internal sealed class PlanChangedException(bool canTryAgain) : Exception("The plan that was made from the first records does not hold.")
{
    public bool CanTryAgain => canTryAgain;
}
