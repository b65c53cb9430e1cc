using System.Text;
using System.Text.Json;
using DataIngestion.Conversion;
using DataIngestion.Tabular;

namespace DataIngestion.Cli.Converting;

/// <summary>
/// Reads an expected schema: the JSON that <c>ingest schema --json</c> prints, or text with one column a line
/// (<c>price decimal(18,4) not null</c>; a name with spaces in double quotes; lines that begin with <c>#</c> are remarks).
/// </summary>
internal static class SchemaFile
{
    const int MaxBytes = 16 << 20;

    /// <summary>Reads it.</summary>
    /// <exception cref="CommandFailedException">It is missing or wrong; every fault is named with its line.</exception>
    public static async Task<DataSchema> ReadAsync(string path, string shown, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new CommandFailedException(ExitCodes.NotFound, $"There is no file '{path}'.");
        if (new FileInfo(path).Length > MaxBytes)
            throw new CommandFailedException(ExitCodes.Configuration, $"{shown}: a schema of more than {MaxBytes >> 20} MiB was not expected.");
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        var text = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        var columns = new SchemaColumns(shown);
        if (text.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            ReadJson(text, columns);
        else
            ReadText(Encoding.UTF8.GetString(text), columns);
        return columns.Complete();
    }

    static void ReadText(string text, SchemaColumns columns)
    {
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            var isRequired = line.EndsWith(" not null", StringComparison.OrdinalIgnoreCase);
            if (isRequired)
                line = line[..^" not null".Length].TrimEnd();
            var end = line[0] == '"' ? line.IndexOf('"', 1) : line.AsSpan().IndexOfAny(' ', '\t') - 1;
            if (end < 1 && line.AsSpan().IndexOfAny(' ', '\t') < 1)
                columns.Fault(number, $"'{line}' has no type: expected a name and a type, such as 'price decimal(18,4) not null'.");
            else
                columns.Add(number, line[0] == '"' ? line[1..end] : line[..(end + 1)], line[(end + 1)..].Trim(), !isRequired);
        }
    }

    static void ReadJson(byte[] json, SchemaColumns columns)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth <= 2 && reader.ValueTextEquals("columns"u8) && reader.Read() && reader.TokenType == JsonTokenType.StartArray)
                {
                    ReadColumns(json, ref reader, columns);
                    return;
                }
            }

            columns.Fault(1, "there is no list 'columns': expected {\"columns\":[{\"name\":\"price\",\"type\":\"decimal(18,4)\",\"nullable\":false}]}.");
        }
        catch (JsonException wrong)
        {
            columns.Fault((int)(wrong.LineNumber ?? 0) + 1, $"not JSON: {wrong.Message.Split(" LineNumber", 2)[0]}");
        }
    }

    static void ReadColumns(byte[] json, ref Utf8JsonReader reader, SchemaColumns columns)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var line = 1 + json.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
            using var column = JsonDocument.ParseValue(ref reader);
            var root = column.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "name") is not { } name || Text(root, "type") is not { } type)
                columns.Fault(line, "a column needs a 'name' and a 'type', both text.");
            else if (root.TryGetProperty("nullable", out var nullable) && nullable.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                columns.Fault(line, $"'nullable' of '{name}' is {nullable.GetRawText()}: expected true or false.");
            else if (root.TryGetProperty("semantic", out var semantic) && !IsSemantic(semantic))
                columns.Fault(line, $"'semantic' of '{name}' is {semantic.GetRawText()}: expected {{\"name\":\"isin\"}}, or another of {string.Join(", ", Identifier.Kinds.Select(Identifier.NameOf))}.");
            else
                columns.Add(line, name, type, !root.TryGetProperty("nullable", out nullable) || nullable.GetBoolean(), Semantic(root));
        }
    }

    static bool IsSemantic(JsonElement semantic) => semantic.ValueKind == JsonValueKind.Object && Text(semantic, "name") is { } name && Identifier.KindOf(name) is not null;

    static SemanticType? Semantic(JsonElement column) => column.TryGetProperty("semantic", out var semantic)
        ? new(Text(semantic, "name")!, semantic.TryGetProperty("score", out var score) && score.ValueKind == JsonValueKind.Number ? score.GetDouble() : null)
        : null;

    static string? Text(JsonElement column, string name) => column.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Collects columns and what is wrong with them.</summary>
internal sealed class SchemaColumns(string file)
{
    readonly List<DataColumn> _columns = [];
    readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    readonly List<string> _faults = [];

    public void Fault(int line, string message) => _faults.Add($"{file}:{line}: {message}");

    public void Add(int line, string name, string type, bool nullable, SemanticType? semantic = null)
    {
        if (name.Length == 0)
            Fault(line, "a column has no name.");
        else if (!_lines.TryAdd(name, line))
            Fault(line, $"the column '{name}' is given twice; the first is on line {_lines[name]}.");
        else if (type.Length == 0)
            Fault(line, $"the column '{name}' has no type.");
        else if (Parse(line, name, type) is { } parsed)
            _columns.Add(new(name, parsed, nullable) { Semantic = semantic });
    }

    DataType? Parse(int line, string name, string type)
    {
        try
        {
            return DataType.Parse(type);
        }
        catch (FormatException wrong)
        {
            Fault(line, $"the column '{name}': {wrong.Message}");
            return null;
        }
    }

    public DataSchema Complete()
    {
        if (_faults.Count == 0 && _columns.Count == 0)
            Fault(1, "there are no columns.");
        return _faults.Count == 0 ? new(_columns) : throw new CommandFailedException(ExitCodes.Configuration, string.Join('\n', _faults));
    }
}
