using System.Text;

namespace DataIngestion.Collect;

/// <summary>One column.</summary>
/// <param name="Name">Its name in the dataset.</param>
/// <param name="From">The record's field; <c>a.b</c> for one inside another.</param>
/// <param name="Type">Its type in the dataset.</param>
internal sealed record ImportedColumn(string Name, string From, string Type);

/// <summary>Columns of the JSON schema of a stream's records.</summary>
internal static class ImportedColumns
{
    const int MaxColumns = 1000;
    const int MaxDepth = 4;

    /// <summary>The columns; none where the schema says none.</summary>
    public static IReadOnlyList<ImportedColumn> Of(LowCodeMap? schema, ManifestStream stream, List<string> remarks)
    {
        var columns = new List<ImportedColumn>();
        if (schema is not null)
            Read(schema, "", columns, remarks, stream, 0);
        if (columns.Count > MaxColumns)
        {
            remarks.Add($"The stream '{stream.Name}' has {columns.Count} fields: the first {MaxColumns} became columns.");
            columns.RemoveRange(MaxColumns, columns.Count - MaxColumns);
        }

        return columns;
    }

    /// <summary>Without a schema: the fields that the manifest itself names as keys and cursor, and those that it adds.</summary>
    public static IReadOnlyList<ImportedColumn> Named(ManifestStream stream)
    {
        var fields = stream.PrimaryKey.ToList();
        if (stream.CursorField is { } cursor && !cursor.Contains("{{", StringComparison.Ordinal))
            fields.Add(cursor);
        foreach (var added in stream.Component.Children("transformations").Where(t => t.Type == "AddFields").SelectMany(t => t.Children("fields")))
            fields.Add(string.Join('.', added.Texts("path")));
        var columns = new List<ImportedColumn>();
        foreach (var field in fields.Distinct(StringComparer.Ordinal).Where(f => f.Length > 0 && !f.Contains("{{", StringComparison.Ordinal) && !f.Contains('*', StringComparison.Ordinal)))
            columns.Add(new(Unique(NameOf(field), columns), field, "string"));
        return columns;
    }

    static void Read(LowCodeMap schema, string prefix, List<ImportedColumn> columns, List<string> remarks, ManifestStream stream, int depth)
    {
        if (schema.Find("properties") is not LowCodeMap properties)
            return;
        foreach (var (name, node) in properties)
        {
            var property = node as LowCodeMap ?? [];
            var kind = KindOf(property);
            if (kind == "object" && property.Find("properties") is LowCodeMap { Count: > 0 } && depth < MaxDepth)
                Read(property, $"{prefix}{name}.", columns, remarks, stream, depth + 1);
            else if (kind == "object")
                remarks.Add($"The field '{prefix}{name}' of the stream '{stream.Name}' is an object whose fields the schema does not name: it is not a column.");
            else
                columns.Add(new(Unique(NameOf(prefix + name), columns), prefix + name, TypeOf(kind, property)));
        }
    }

    static string TypeOf(string kind, LowCodeMap property) => kind switch
    {
        "integer" => "integer",
        "number" => property.Find("airbyte_type") is "integer" ? "integer" : "decimal",
        "boolean" => "boolean",
        "string" when property.Find("format") is "date" => "date",
        "string" when property.Find("format") is "date-time" || property.Find("airbyte_type") is string type && type.StartsWith("timestamp", StringComparison.Ordinal) => "timestamp",
        _ => "string",
    };

    static string KindOf(LowCodeMap property)
    {
        switch (property.Find("type"))
        {
            case string kind:
                return kind;
            case IReadOnlyList<object?> kinds:
                // Several types in one column can only be text.
                var named = kinds.OfType<string>().Where(k => k != "null").Distinct().ToList();
                return named is [var only] ? only : named is ["integer", "number"] or ["number", "integer"] ? "number" : "string";
        }

        foreach (var word in new[] { "anyOf", "oneOf" })
        {
            if (property.Find(word) is IReadOnlyList<object?> options)
            {
                var kinds = options.OfType<LowCodeMap>().Select(KindOf).Where(k => k != "null").Distinct().ToList();
                return kinds is [var only] && only != "object" ? only : "string";
            }
        }

        return property.Find("properties") is not null ? "object" : "string";
    }

    /// <summary>A name of lower-case letters, digits and underscores that begins with a letter.</summary>
    public static string NameOf(string field)
    {
        var name = new StringBuilder(field.Length + 8);
        for (var i = 0; i < field.Length; i++)
        {
            var c = field[i];
            if (char.IsAsciiLetterUpper(c) && i > 0 && (char.IsAsciiLetterLower(field[i - 1]) || char.IsAsciiDigit(field[i - 1])))
                name.Append('_');
            name.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_');
        }

        var joined = string.Join('_', name.ToString().Split('_', StringSplitOptions.RemoveEmptyEntries));
        return joined.Length == 0 ? "column" : char.IsAsciiDigit(joined[0]) ? $"c_{joined}" : joined;
    }

    static string Unique(string name, List<ImportedColumn> columns)
    {
        var unique = name;
        for (var i = 2; columns.Exists(c => c.Name == unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }
}
