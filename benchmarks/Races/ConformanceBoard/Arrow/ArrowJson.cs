using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.ConformanceBoard.Arrow;

/// <summary>The integration format of Arrow (docs/source/format/Integration.rst): what a file holds, as JSON, and whether a table that was read is that.</summary>
internal sealed class ArrowJson
{
    readonly JsonElement _root;
    readonly Dictionary<long, (JsonElement Field, JsonElement Data)> _dictionaries = [];

    ArrowJson(JsonElement root)
    {
        _root = root;
        var data = root.TryGetProperty("dictionaries", out var dictionaries) ? dictionaries.EnumerateArray().ToDictionary(d => d.GetProperty("id").GetInt64(), d => d.GetProperty("data").GetProperty("columns")[0]) : [];
        foreach (var field in root.GetProperty("schema").GetProperty("fields").EnumerateArray())
            FindDictionaries(field, data);
    }

    void FindDictionaries(JsonElement field, Dictionary<long, JsonElement> data)
    {
        if (field.TryGetProperty("dictionary", out var dictionary) && data.TryGetValue(dictionary.GetProperty("id").GetInt64(), out var values))
            _dictionaries[dictionary.GetProperty("id").GetInt64()] = (field, values);
        foreach (var child in Children(field))
            FindDictionaries(child, data);
    }

    public static ArrowJson Load(string path)
    {
        using var file = File.OpenRead(path);
        using var content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var document = JsonDocument.Parse(content, new() { MaxDepth = 256 });
        return new(document.RootElement.Clone());
    }

    /// <summary>What differs; null where nothing does.</summary>
    public string? Compare(DataSchema schema, IReadOnlyList<object?[]> rows)
    {
        var fields = _root.GetProperty("schema").GetProperty("fields").EnumerateArray().ToList();
        if (fields.Count != schema.Count)
            return $"{schema.Count} columns, expected {fields.Count}";
        for (var i = 0; i < fields.Count; i++)
        {
            if (Differs(fields[i], schema[i]) is { } difference)
                return difference;
            if (IsOutgrown(fields[i], schema[i].Type) && !BreaksItsType(fields[i], i))
                return $"column '{schema[i].Name}': {schema[i].Type}, though no value asks for it";
        }

        var at = 0;
        foreach (var batch in _root.GetProperty("batches").EnumerateArray())
        {
            var columns = batch.GetProperty("columns").EnumerateArray().ToList();
            var count = batch.GetProperty("count").GetInt32();
            if (at + count > rows.Count)
                return $"{rows.Count} rows, expected more";
            for (var row = 0; row < count; row++, at++)
            {
                for (var i = 0; i < fields.Count; i++)
                {
                    var expected = Expected(fields[i], columns[i], row, schema[i].Type);
                    var found = Found(rows[at][i], schema[i].Type);
                    if (expected != found)
                        return $"row {at + 1}, column '{schema[i].Name}': {found}, expected {expected}";
                }
            }
        }

        return at == rows.Count ? null : $"{rows.Count} rows, expected {at}";
    }

    /// <summary>Whether a column was read as a wider type than it is declared as.</summary>
    static bool IsOutgrown(JsonElement field, DataType found) => Expected(field) is [var first, _, ..] && found.ToString() != first;

    /// <summary>Whether a column of the table has a value that its declared type does not hold.</summary>
    bool BreaksItsType(JsonElement field, int place) => _root.GetProperty("batches").EnumerateArray().Select(b => b.GetProperty("columns")[place]).Any(column =>
        column.GetProperty("DATA").EnumerateArray().Zip(column.GetProperty("VALIDITY").EnumerateArray()).Any(v => v.Second.GetInt32() != 0 && TypeName(field) switch
        {
            "decimal" => v.First.GetString()!.TrimStart('-').Length > int.Parse(Text(field, "precision")!),
            "date" => Integer(v.First) % 86_400_000 != 0,
            "time" => Integer(v.First) is var units && (units < 0 || units >= 86_400 * (Text(field, "unit") switch { "SECOND" => 1, "MILLISECOND" => 1_000, "MICROSECOND" => 1_000_000, _ => 1_000_000_000L })),
            "duration" => Int128.Abs(Integer(v.First)) > long.MaxValue / 1000,
            _ => false,
        }));

    static IEnumerable<JsonElement> Children(JsonElement element) => element.TryGetProperty("children", out var children) ? children.EnumerateArray() : [];

    string? Differs(JsonElement field, DataColumn column)
    {
        var name = field.GetProperty("name").GetString() is { Length: > 0 } given ? given : "column";
        name = name == "column" && column.Name.StartsWith(name, StringComparison.Ordinal) ? column.Name : name; // a column without a name has its number
        if (column.Name != name && !(column.Name.StartsWith(name + "_", StringComparison.Ordinal) && int.TryParse(column.Name.AsSpan(name.Length + 1), out _)))
            return $"a column '{column.Name}', expected '{name}'";
        var nullable = field.GetProperty("nullable").GetBoolean() || field.GetProperty("type").GetProperty("name").GetString() == "null";
        if (column.Nullable != nullable)
            return $"column '{name}' {(column.Nullable ? "may" : "may not")} be null";
        return DiffersInType(field, column.Type) is { } difference ? $"column '{name}': {difference}" : null;
    }

    string? DiffersInType(JsonElement field, DataType found)
    {
        var expected = Expected(field);
        return expected.Contains(found.Kind == DataKind.Struct ? "struct" : found.Kind == DataKind.List ? "list" : found.ToString()) ? Inner(field, found) : $"{found}, expected {string.Join(" or ", expected)}";
    }

    string? Inner(JsonElement field, DataType found)
    {
        var children = Children(field).ToList();
        switch (TypeName(field))
        {
            case "map":
                var entry = Children(children[0]).ToList();
                return DiffersInType(entry[0], found.Element!.Fields![0].Type) ?? DiffersInType(entry[1], found.Element.Fields[1].Type);
            case "union":
                return found.Fields!.Count != children.Count + 1 ? "another number of alternatives" : children.Select((c, i) => DiffersInType(c, found.Fields[i + 1].Type)).FirstOrDefault(d => d is not null);
            case "struct":
                return found.Fields!.Count != children.Count ? "another number of fields" : children.Select((c, i) => Differs(c, found.Fields[i])).FirstOrDefault(d => d is not null);
            default:
                return found.Element is { } element ? DiffersInType(children[0], element) : null;
        }
    }

    static string TypeName(JsonElement field) => field.GetProperty("type").GetProperty("name").GetString()!;

    static string? Text(JsonElement field, string property) => field.GetProperty("type").TryGetProperty(property, out var value) ? value.ToString() : null;

    /// <summary>The types that a column may have; the later ones only if its values break the first (see <see cref="Expected(JsonElement, JsonElement, int, DataType)"/>).</summary>
    static string[] Expected(JsonElement field)
    {
        var unit = Text(field, "unit") switch { "MILLISECOND" or "SECOND" => "ms", "MICROSECOND" => "us", _ => "ns" };
        switch (TypeName(field))
        {
            case "null" or "utf8" or "largeutf8" or "utf8view" or "interval":
                return ["string"];
            case "binary" or "largebinary" or "binaryview" or "fixedsizebinary":
                return ["binary"];
            case "bool":
                return ["boolean"];
            case "int":
                var (bits, isSigned) = (int.Parse(Text(field, "bitWidth")!), Text(field, "isSigned") == "True");
                return [isSigned ? $"int{bits}" : bits == 64 ? "uint64" : $"int{bits * 2}"];
            case "floatingpoint":
                return [Text(field, "precision") == "DOUBLE" ? "double" : "float"];
            case "decimal":
                var (precision, scale) = (int.Parse(Text(field, "precision")!), int.Parse(Text(field, "scale")!));
                return precision > 38 ? ["string"] : [$"decimal({precision},{scale})", $"decimal(38,{scale})", "string"];
            case "date":
                return Text(field, "unit") == "DAY" ? ["date"] : ["date", "timestamp(ms)"];
            case "time":
                return [$"time({unit})", $"duration({unit})"];
            case "timestamp":
                return [Text(field, "timezone") is null ? $"timestamp({unit})" : $"timestamp({unit},utc)"];
            case "duration":
                return [$"duration({unit})", .. Text(field, "unit") == "SECOND" ? ["string"] : Array.Empty<string>()];
            case "struct" or "union":
                return ["struct"];
            default:
                return ["list"];
        }
    }

    /// <summary>A value as text, in the form of the type that was read.</summary>
    string Expected(JsonElement field, JsonElement column, int row, DataType type)
    {
        if (column.TryGetProperty("VALIDITY", out var validity) && validity[row].GetInt32() == 0)
            return "null";
        if (field.TryGetProperty("dictionary", out var dictionary))
        {
            var (values, data) = _dictionaries[dictionary.GetProperty("id").GetInt64()];
            return Expected(WithoutDictionary(values), data, (int)Integer(column.GetProperty("DATA")[row]), type);
        }

        var children = Children(field).ToList();
        var columns = Children(column).ToList();
        switch (TypeName(field))
        {
            case "null":
                return "null";
            case "struct":
                return "{" + string.Join(",", children.Select((c, i) => Expected(c, columns[i], row, type.Fields![i].Type))) + "}";
            case "map":
            case "list":
            case "largelist":
                return List(children[0], columns[0], Integer(column.GetProperty("OFFSET")[row]), Integer(column.GetProperty("OFFSET")[row + 1]), type.Element!);
            case "listview":
            case "largelistview":
                var start = Integer(column.GetProperty("OFFSET")[row]);
                return List(children[0], columns[0], start, start + Integer(column.GetProperty("SIZE")[row]), type.Element!);
            case "fixedsizelist":
                var size = int.Parse(Text(field, "listSize")!);
                return List(children[0], columns[0], (long)row * size, ((long)row + 1) * size, type.Element!);
            case "union":
                return Union(field, column, children, columns, row, type);
            case "utf8view":
            case "binaryview":
                return View(column, row, TypeName(field) == "utf8view");
            default:
                return Flat(field, column.GetProperty("DATA")[row], type);
        }
    }

    static JsonElement WithoutDictionary(JsonElement field)
    {
        var members = field.EnumerateObject().Where(p => p.Name != "dictionary").ToDictionary(p => p.Name, p => p.Value);
        return JsonSerializer.SerializeToElement(members);
    }

    string List(JsonElement field, JsonElement column, long start, long end, DataType type)
    {
        var values = new List<string>();
        for (var i = start; i < end; i++)
            values.Add(Expected(field, column, (int)i, type));
        return "[" + string.Join(",", values) + "]";
    }

    string Union(JsonElement field, JsonElement column, List<JsonElement> children, List<JsonElement> columns, int row, DataType type)
    {
        var id = column.GetProperty("TYPE_ID")[row].GetInt32();
        var child = field.GetProperty("type").GetProperty("typeIds").EnumerateArray().ToList().FindIndex(t => t.GetInt32() == id);
        var at = column.TryGetProperty("OFFSET", out var offsets) ? (int)Integer(offsets[row]) : row;
        var values = children.Select((c, i) => i == child ? Expected(c, columns[i], at, type.Fields![i + 1].Type) : "null");
        return "{" + string.Join(",", values.Prepend(Quote(type.Fields![child + 1].Name))) + "}";
    }

    static string View(JsonElement column, int row, bool isText)
    {
        var view = column.GetProperty("VIEWS")[row];
        var size = view.GetProperty("SIZE").GetInt32();
        string hex;
        if (view.TryGetProperty("INLINED", out var inlined))
            return isText ? Quote(inlined.GetString()!) : "0x" + inlined.GetString();
        var offset = view.GetProperty("OFFSET").GetInt32();
        hex = column.GetProperty("VARIADIC_DATA_BUFFERS")[view.GetProperty("BUFFER_INDEX").GetInt32()].GetString()!.Substring(offset * 2, size * 2);
        return isText ? Quote(System.Text.Encoding.UTF8.GetString(System.Convert.FromHexString(hex))) : "0x" + hex;
    }

    static string Flat(JsonElement field, JsonElement value, DataType type)
    {
        switch (TypeName(field))
        {
            case "bool":
                return value.ValueKind switch { JsonValueKind.True => "true", JsonValueKind.False => "false", _ => value.GetInt32() != 0 ? "true" : "false" };
            case "utf8" or "largeutf8":
                return Quote(value.GetString()!);
            case "binary" or "largebinary" or "fixedsizebinary":
                return "0x" + value.GetString();
            case "floatingpoint":
                return type == DataType.Float ? value.GetSingle().ToString("R") : value.GetDouble().ToString("R");
            case "decimal":
                return Decimal(value.GetString()!, int.Parse(Text(field, "scale")!), int.Parse(Text(field, "precision")!), type);
            case "interval":
                return Quote(Interval(value));
        }

        var number = Integer(value);
        return (TypeName(field), type.Kind) switch
        {
            ("date", DataKind.Date) => Text(field, "unit") == "DAY" ? $"{number}" : number % 86_400_000 == 0 ? $"{number / 86_400_000}" : "no day",
            ("duration", DataKind.String) => Quote(number < 0 ? $"-PT{-(Int128)number}S" : $"PT{number}S"),
            ("time" or "timestamp" or "duration", _) when Text(field, "unit") == "SECOND" => $"{(Int128)number * 1000}",
            _ => $"{number}",
        };
    }

    static string Decimal(string unscaled, int scale, int precision, DataType type)
    {
        var digits = unscaled.TrimStart('-');
        var text = digits.PadLeft(scale + 1, '0');
        if (scale > 0)
            text = text.Insert(text.Length - scale, ".");
        text = (unscaled[0] == '-' ? "-" : "") + text;
        return type.Kind == DataKind.String ? Quote(text) : text;
    }

    static string Interval(JsonElement value)
    {
        long Part(string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var part) ? Integer(part) : 0;
        var months = value.ValueKind == JsonValueKind.Object ? Part("months") : Integer(value);
        var (days, nanoseconds) = (Part("days"), (Part("milliseconds") * 1_000_000) + Part("nanoseconds"));
        var text = (months != 0 ? $"{months}M" : "") + (days != 0 ? $"{days}D" : "");
        if (nanoseconds != 0)
            text += $"T{(nanoseconds < 0 ? "-" : "")}{(Math.Abs((decimal)nanoseconds) / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture)}S";
        return text.Length == 0 ? "PT0S" : "P" + text;
    }

    static long Integer(JsonElement value) =>
        value.ValueKind != JsonValueKind.String ? value.GetInt64()
        : long.TryParse(value.GetString(), out var signed) ? signed
        : unchecked((long)ulong.Parse(value.GetString()!));

    static string Quote(string text) => JsonSerializer.Serialize(text);

    static string Found(object? value, DataType type) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        ulong unsigned => $"{unchecked((long)unsigned)}",
        double number => number.ToString("R"),
        float number => number.ToString("R"),
        string text => Quote(text),
        byte[] bytes => "0x" + System.Convert.ToHexString(bytes),
        DateOnly day => $"{day.DayNumber - 719_162}",
        TimeValue time => $"{time.Units}",
        TimestampValue moment => $"{moment.Units}",
        DurationValue length => $"{length.Units}",
        decimal or ExactDecimal => value.ToString()!,
        object?[] values when type.Kind == DataKind.Struct => "{" + string.Join(",", values.Select((v, i) => Found(v, type.Fields![i].Type))) + "}",
        object?[] values => "[" + string.Join(",", values.Select(v => Found(v, type.Element!))) + "]",
        _ => value.ToString()!,
    };
}
