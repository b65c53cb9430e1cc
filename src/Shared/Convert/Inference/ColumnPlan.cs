using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Inference;

/// <summary>One column of the output and where it comes from.</summary>
/// <param name="Source">The column's name in the input; null for one that the input lacks.</param>
/// <param name="Format">How its values are spelled.</param>
/// <param name="Constant">The value of every row, where it does not come from the input.</param>
/// <param name="Pattern">The configured format of its values, instead of <paramref name="Format"/>.</param>
/// <param name="Open">What was seen of a column whose type one more value could change, because no value was seen or none decides; otherwise null.</param>
internal sealed record ColumnPlan(
    DataColumn Column, string? Source, ColumnFormat Format, string Evidence, string? Constant = null, string? Pattern = null, ColumnProfile? Open = null)
{
    /// <summary>The value where the input has none.</summary>
    public string? Default { get; init; }

    /// <summary>What values of the input become; null where they stay.</summary>
    public ValueMap? Values { get; init; }

    /// <summary>Whether its cells are what the input says, and nothing else.</summary>
    public bool IsPlain => Default is null && Values is null;

    /// <summary>How its dates are written.</summary>
    public (TextShape Shape, bool DayFirst) Dates => (Format.Shape, Format.DayFirst ?? true);
}

/// <summary>What the second pass will write.</summary>
internal sealed record ConversionPlan(IReadOnlyList<ColumnPlan> Columns, IReadOnlyList<string> Notes)
{
    /// <summary>Fits what was expected and what was found to each other.</summary>
    /// <param name="declared">What the format says about a column's type, see <see cref="Formats.IRowFormat.TypeOf"/>.</param>
    public static ConversionPlan Of(
        ConversionRequest request, Pipeline.ColumnNames names, IReadOnlyList<ColumnProfile>? profiles, Func<string, DataType?>? declared = null)
    {
        if (request is { Mapping.Count: > 0, Schema: { } target })
            return Mapped(request, target, names, profiles);

        var found = new List<ColumnPlan>();
        var comma = Siblings.DecimalComma(profiles ?? []);
        var notes = new List<string>();
        for (var i = 0; i < names.Count; i++)
        {
            var expected = request.Schema is { } schema && schema.IndexOf(names[i]) is >= 0 and var at ? schema[at] : null;
            if (expected is null && request.Schema is not null && request.Policy != SchemaPolicy.Evolve)
            {
                if (request.Policy == SchemaPolicy.Freeze)
                    throw new ConversionException($"Column '{names[i]}' is not in the expected schema, which has {string.Join(", ", request.Schema.Select(c => c.Name))}.");
                notes.Add($"column '{names[i]}' is not expected and was left out");
                continue;
            }

            if (expected is null && profiles is not null && IsTrailing(names, profiles, i))
            {
                notes.Add($"column '{names[i]}' has neither a name nor a value and was left out");
                continue;
            }

            found.Add(Declared(Plan(request, names[i], expected, profiles?[i], comma), expected is null ? declared?.Invoke(names[i]) : null));
        }

        return new(Arrange(request, found), notes);
    }

    static ConversionPlan Mapped(ConversionRequest request, DataSchema target, Pipeline.ColumnNames names, IReadOnlyList<ColumnProfile>? profiles)
    {
        var mapping = request.Mapping;
        var plans = new List<ColumnPlan>();
        foreach (var column in target)
        {
            var mapped = mapping.FirstOrDefault(m => m.Name == column.Name);
            var source = mapped?.From is { } from && names.IndexOf(from) >= 0 ? from : null;
            var constant = mapped?.Constant ?? (source is null ? mapped?.Default : null);
            if (source is null && constant is null && !column.Nullable)
                throw new ConversionException(
                    $"Column '{column.Name}' must have values and comes from '{mapped?.From}', which the input lacks; it has {string.Join(", ", Names(names))}.");
            var format = source is not null && profiles?[names.IndexOf(source)] is { } profile ? ColumnFit.FormatOf(profile, column.Type) : ColumnFormat.Default;
            plans.Add(new(column, source, format, "expected", constant, mapped?.Format)
            {
                Default = source is null ? null : mapped?.Default,
                Values = source is null || mapped is not { Values.Count: > 0 } ? null : new(mapped.Values),
            });
        }

        var composed = request.Shaping?.Composed ?? [];
        var used = mapping.Select(m => m.From).Concat(composed.SelectMany(c => c.Alternatives).SelectMany(a => a.Parts).Where(p => p.IsField).Select(p => p.Text))
            .Concat(composed.Select(c => c.Name)).ToHashSet(StringComparer.Ordinal);
        return new(plans, [.. Names(names).Where(n => !used.Contains(n)).Select(n => $"column '{n}' is not mapped and was left out")]);
    }

    static IEnumerable<string> Names(Pipeline.ColumnNames names) => Enumerable.Range(0, names.Count).Select(i => names[i]);

    /// <summary>Many exports end each line with a delimiter.</summary>
    static bool IsTrailing(Pipeline.ColumnNames names, IReadOnlyList<ColumnProfile> profiles, int column) =>
        column > 0 && column == names.Count - 1 && names[column] == $"column{column + 1}" && profiles[column].Values == 0;

    static ColumnPlan Plan(ConversionRequest request, string name, DataColumn? expected, ColumnProfile? profile, bool? comma)
    {
        if (request.Types == TypesMode.Text && expected is null)
            return new(new(name, DataType.String), name, ColumnFormat.Default, "text was asked for");
        if (profile is null)
            return new(expected ?? new(name, DataType.String), name, ColumnFormat.Default, "expected");
        var found = profile.Infer(comma);
        var open = found.IsOpen ? profile : null;
        if (expected is null)
            return new(new(name, found.Type), name, found.Format, found.Evidence, Open: open);
        if (request.Policy != SchemaPolicy.Evolve)
            return new(expected, name, ColumnFit.FormatOf(profile, expected.Type), "expected");
        if (profile.Values == 0 && expected.Type.Kind != DataKind.String)
            return new(expected, name, ColumnFormat.Default, "expected", Open: profile);
        if (ColumnFit.Of(profile, found, expected.Type) is { } format)
            return new(expected, name, format, "expected");
        var widened = ColumnFit.Widen(profile, found, expected.Type);
        return new(new(name, widened.Type, expected.Nullable), name, widened.Format, $"expected {expected.Type}, but {found.Evidence}", Open: open);
    }

    /// <summary>A column about whose type the format says something.</summary>
    static ColumnPlan Declared(ColumnPlan plan, DataType? type) => type?.Kind switch
    {
        DataKind.String => new(new(plan.Column.Name, DataType.String), plan.Source, ColumnFormat.Default, "the format says text"),
        DataKind.Decimal when plan.Column.Type.IsInteger => plan with
        {
            Column = new(plan.Column.Name, DataType.Decimal(plan.Column.Type.Kind == DataKind.UInt64 ? DataType.MaxPrecision : 18, 0)),
            Evidence = plan.Evidence + "; the format says that there may be digits after the point",
        },
        _ => plan,
    };

    static List<ColumnPlan> Arrange(ConversionRequest request, List<ColumnPlan> found)
    {
        if (request.Schema is null)
            return found;
        var plans = new List<ColumnPlan>();
        foreach (var column in request.Schema.Where(c => !c.Name.StartsWith('_') || found.Exists(f => f.Column.Name == c.Name)))
        {
            var plan = found.Find(f => f.Column.Name == column.Name);
            if (plan is null && (request.Policy == SchemaPolicy.Freeze || !column.Nullable))
                throw new ConversionException($"Column '{column.Name}' is expected and missing; the input has {string.Join(", ", found.Select(f => f.Column.Name))}.");
            plans.Add(plan ?? new(column, null, ColumnFormat.Default, "expected, but the input lacks it"));
        }

        plans.AddRange(found.Where(f => request.Schema.IndexOf(f.Column.Name) < 0));
        return plans;
    }
}
