using System.Globalization;
using System.Text.Json;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>A row against the JSON object that ORC's tools print for it: bytes are arrays of numbers, unions a tag and a value, decimals all their digits.</summary>
internal static class OrcRowComparison
{
    /// <summary>What differs; null if nothing does.</summary>
    public static string? Difference(string expected, DataSchema schema, object?[] row)
    {
        using var document = JsonDocument.Parse(expected);
        return Fields(document.RootElement, schema, row, "");
    }

    static string? Fields(JsonElement expected, DataSchema fields, object?[] found, string path)
    {
        if (expected.EnumerateObject().Count() != fields.Count)
            return $"{path}: {fields.Count} fields, and {expected.EnumerateObject().Count()} are expected";
        var place = 0;
        foreach (var property in expected.EnumerateObject())
        {
            if (property.Name != fields[place].Name)
                return $"{path}: field {fields[place].Name}, and {property.Name} is expected";
            if (Value(property.Value, fields[place].Type, found[place], $"{path}{(path.Length > 0 ? "." : "")}{property.Name}") is { } difference)
                return difference;
            place++;
        }

        return null;
    }

    static string? Value(JsonElement expected, DataType type, object? found, string path)
    {
        if (expected.ValueKind == JsonValueKind.Null || found is null)
            return expected.ValueKind == JsonValueKind.Null && found is null ? null : Differs(expected, found, path);
        return (expected.ValueKind, found) switch
        {
            (JsonValueKind.Object, object?[] union) when IsUnion(expected) => Union(expected, type, union, path),
            (JsonValueKind.Object, object?[] fields) => Fields(expected, type.Fields!, fields, path),
            (JsonValueKind.Array, byte[] bytes) => expected.EnumerateArray().Select(e => (byte)e.GetInt32()).SequenceEqual(bytes) ? null : Differs(expected, found, path),
            (JsonValueKind.Array, object?[] elements) => Elements(expected, type, elements, path),
            (JsonValueKind.True or JsonValueKind.False, bool truth) => truth == expected.GetBoolean() ? null : Differs(expected, found, path),
            (JsonValueKind.String, string text) => text == expected.GetString() ? null : Differs(expected, found, path),
            (JsonValueKind.String, DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) == expected.GetString() ? null : Differs(expected, found, path),
            (JsonValueKind.String, TimestampValue moment) => Moment(moment) == expected.GetString() ? null : Differs(expected, Moment(moment), path),
            (JsonValueKind.Number, double number) => number == expected.GetDouble() || Digits(number, 16) == Digits(expected.GetDouble(), 16) ? null : Differs(expected, found, path),
            (JsonValueKind.Number, float number) => Digits(number, 7) == Digits(expected.GetDouble(), 7) ? null : Differs(expected, found, path),
            (JsonValueKind.Number, _) => Number(expected.GetRawText(), type) == Text(found, type) ? null : Differs(expected, found, path),
            _ => Differs(expected, found, path),
        };
    }

    static bool IsUnion(JsonElement expected) => expected.EnumerateObject().Select(p => p.Name).SequenceEqual(["tag", "value"]);

    static string? Union(JsonElement expected, DataType type, object?[] found, string path)
    {
        var tag = expected.GetProperty("tag").GetInt32();
        return (long)found[0]! == tag
            ? Value(expected.GetProperty("value"), type.Fields![tag + 1].Type, found[tag + 1], path)
            : Differs(expected, found[0], path);
    }

    static string? Elements(JsonElement expected, DataType type, object?[] found, string path)
    {
        if (expected.GetArrayLength() != found.Length)
            return $"{path}: {found.Length} elements, and {expected.GetArrayLength()} are expected";
        for (var i = 0; i < found.Length; i++)
        {
            if (Value(expected[i], type.Element!, found[i], $"{path}[{i}]") is { } difference)
                return difference;
        }

        return null;
    }

    /// <summary>The form of java.sql.Timestamp: at least one digit after the second.</summary>
    static string Moment(TimestampValue moment)
    {
        var text = moment.ToString().Replace('T', ' ').TrimEnd('Z');
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    /// <summary>The tools print floating numbers with %.7g and %.14g.</summary>
    static string Digits(double number, int digits) => number.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>All digits of the column's scale.</summary>
    static string Number(string text, DataType type)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? 0 : text.Length - point - 1;
        return type.Scale > digits ? (point < 0 ? text + "." : text) + new string('0', type.Scale - digits) : text;
    }

    static string Text(object found, DataType type) => found switch
    {
        decimal number => number.ToString("F" + type.Scale.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        _ => System.Convert.ToString(found, CultureInfo.InvariantCulture)!,
    };

    static string Differs(JsonElement expected, object? found, string path) => $"{path} is {found ?? "null"}, and {expected.GetRawText()} is expected";
}
