using System.Text.Json;

namespace DataIngestion.Tabular.Parquet;

/// <summary>
/// Keeps the types for which Parquet has no name (durations) in the footer's key-value metadata, so that reading gives what was written.
/// Other readers see the storage form, an integer of 64 bits.
/// </summary>
internal static class SchemaNote
{
    public const string Key = "ingest.schema";

    /// <summary>The metadata with the note, where the schema needs one.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Add(DataSchema schema, IEnumerable<KeyValuePair<string, string>> metadata) =>
        schema.Any(c => NeedsNote(c.Type)) ? metadata.Where(p => p.Key != Key).Append(new(Key, schema.ToJson())) : metadata;

    static bool NeedsNote(DataType type) =>
        type.Kind == DataKind.Duration || (type.Element is { } element && NeedsNote(element)) || (type.Fields?.Any(f => NeedsNote(f.Type)) ?? false);

    /// <summary>The schema with the types of the note, where it fits; a note that does not is another program's and is passed over.</summary>
    public static DataSchema Apply(DataSchema schema, Dictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(Key, out var json))
            return schema;
        try
        {
            return Apply(schema, DataSchema.FromJson(json));
        }
        catch (JsonException)
        {
            return schema;
        }
    }

    static DataSchema Apply(DataSchema schema, DataSchema note) => new(schema.Select(c => note.IndexOf(c.Name) is >= 0 and var at ? c with { Type = Apply(c.Type, note[at].Type) } : c));

    static DataType Apply(DataType type, DataType note) => (type.Kind, note.Kind) switch
    {
        (DataKind.Int64, DataKind.Duration) => note,
        (DataKind.List, DataKind.List) => DataType.List(Apply(type.Element!, note.Element!), type.ElementNullable),
        (DataKind.Struct, DataKind.Struct) => DataType.Struct(Apply(type.Fields!, note.Fields!)),
        _ => type,
    };
}
