using System.Text;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Inference;

/// <summary>Columns of cells, without a file around them.</summary>
internal static class Columns
{
    public static ColumnProfile Profile(params IEnumerable<string> cells)
    {
        var profile = new ColumnProfile(new(FormatHint.DefaultNullSpellings));
        var row = 0;
        foreach (var cell in cells)
            profile.Add(Encoding.UTF8.GetBytes(cell), CellKind.Text, ++row);
        return profile;
    }

    public static ColumnPlan Plan(ColumnProfile profile)
    {
        var found = profile.Infer();
        return new(new("x", found.Type), "x", found.Format, found.Evidence, Open: found.IsOpen ? profile : null);
    }

    /// <summary>The values under the type and format found; a text that does not fit is "refused".</summary>
    public static object?[] Read(ColumnPlan plan, bool strict, params IEnumerable<string> cells)
    {
        var nulls = new NullSpellings(FormatHint.DefaultNullSpellings);
        var builder = ColumnBuilder.For(plan.Column.Type);
        var parser = CellParser.For(plan, builder, strict);
        var isText = plan.Column.Type.Kind == DataKind.String;
        var values = new List<object?>();
        foreach (var cell in cells)
        {
            var text = Encoding.UTF8.GetBytes(cell);
            if (isText ? text.Length == 0 : nulls.Contains(text))
                values.Add(null);
            else if (parser.TryAppend(isText ? text : CellTrim.Trim(text)))
                values.Add(builder.Count);
            else
                values.Add("refused");
        }

        using var column = builder.Detach();
        return [.. values.Select(v => v is int count ? column.GetValue(count - 1) : v)];
    }
}
