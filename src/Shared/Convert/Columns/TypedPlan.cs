using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Columns;

/// <summary>The plan for an input whose columns have types: these stand, where nothing else is expected.</summary>
internal static class TypedPlan
{
    public static ConversionPlan Of(ConversionRequest request, DataSchema found)
    {
        var names = new ColumnNames(request.Limits.MaxColumns);
        foreach (var column in found)
            names.Add(column.Name);
        var plan = ConversionPlan.Of(request, names, profiles: null);
        return request.Mapping.Count > 0 ? plan : plan with { Columns = [.. plan.Columns.Select(c => Settle(request, c, found))] };
    }

    static ColumnPlan Settle(ConversionRequest request, ColumnPlan plan, DataSchema found)
    {
        if (plan.Source is null)
            return plan;
        var inFile = found[found.IndexOf(plan.Source)];
        var expected = request.Schema is { } schema && schema.IndexOf(plan.Source) is >= 0 and var at ? schema[at] : null;
        if (expected is null)
            return request.Types == TypesMode.Text
                ? plan with { Column = new(plan.Column.Name, DataType.String, inFile.Nullable) }
                : plan with { Column = inFile, Evidence = $"the file says {inFile.Type}" };
        if (request.Policy != SchemaPolicy.Evolve || Holds(expected.Type, inFile.Type))
            return plan;
        var widened = DataType.Widen(expected.Type, inFile.Type) ?? DataType.String;
        return plan with { Column = expected with { Type = widened }, Evidence = $"expected {expected.Type}, but the file says {inFile.Type}" };
    }

    /// <summary>Text holds every value, and a double was asked for where numbers may lose digits.</summary>
    static bool Holds(DataType expected, DataType found) =>
        expected.Kind == DataKind.String || (expected.Kind == DataKind.Double && (found.IsExactNumber || found.IsFloating)) || DataType.Widen(expected, found) == expected;
}
