using System.Text.Json;
using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Identifiers;

/// <summary>Records what columns identify: in the schema, and in a Parquet file's key-value metadata.</summary>
internal static class IdentifierNote
{
    /// <summary>The key of the metadata; its value is an object of <c>{"type","score"}</c> by column.</summary>
    public const string Key = "ingest.semantic_types";

    /// <summary>The metadata; null where no column holds identifiers.</summary>
    public static string? Of(ConversionPlan plan, IReadOnlyList<IdentifierFinding?> found)
    {
        var named = plan.Columns.Zip(found).Where(c => c.Second is not null).ToDictionary(
            c => c.First.Column.Name, c => new { type = Identifier.NameOf(c.Second!.Kind), score = c.Second.Score }, StringComparer.Ordinal);
        return named.Count == 0 ? null : JsonSerializer.Serialize(named);
    }

    /// <summary>The schema with what was found of its first columns; what was declared stays.</summary>
    public static DataSchema Add(DataSchema schema, IReadOnlyList<IdentifierFinding?> found) =>
        found.All(f => f is null)
            ? schema
            : new(schema.Select((c, i) => i < found.Count && found[i] is { } finding && c.Semantic is null ? c with { Semantic = new(Identifier.NameOf(finding.Kind), finding.Score) } : c));
}
