using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;

namespace DataIngestion.Recover;

/// <summary>Rows of a table as JSON lines: <c>p</c> and <c>r</c> are the keys, <c>t</c> when the row was written, <c>v</c> its values with their types.</summary>
internal static class TableRows
{
    public static string Write(TableEntity row)
    {
        var values = new JsonObject();
        foreach (var (name, value) in row.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (name is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag") && value is not null)
                values[name] = new JsonArray(Kind(value), Text(value));
        }

        return new JsonObject
        {
            ["p"] = row.PartitionKey,
            ["r"] = row.RowKey,
            ["t"] = row.Timestamp?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["v"] = values,
        }.ToJsonString();
    }

    public static (TableEntity Row, DateTimeOffset WrittenAt) Read(string line)
    {
        var document = JsonNode.Parse(line)!;
        var row = new TableEntity(document["p"]!.GetValue<string>(), document["r"]!.GetValue<string>());
        foreach (var (name, value) in document["v"]!.AsObject())
            row[name] = Value(value![0]!.GetValue<string>(), value[1]!.GetValue<string>());
        var at = document["t"] is { } written ? DateTimeOffset.Parse(written.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind) : default;
        return (row, at);
    }

    /// <summary>Whether two rows hold the same, whenever they were written.</summary>
    public static bool AreEqual(TableEntity one, TableEntity other) => Values(one) == Values(other);

    static string Values(TableEntity row) => JsonNode.Parse(Write(row))!["v"]!.ToJsonString();

    static string Kind(object value) => value switch
    {
        string => "s",
        int => "i",
        long => "l",
        double => "d",
        bool => "b",
        DateTimeOffset or DateTime => "t",
        Guid => "g",
        byte[] or BinaryData => "x",
        _ => throw new NotSupportedException($"A table's value of type {value.GetType().Name} cannot be backed up."),
    };

    static string Text(object value) => value switch
    {
        string text => text,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        DateTimeOffset moment => moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        BinaryData bytes => Convert.ToBase64String(bytes),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException(),
    };

    static object Value(string kind, string text) => kind switch
    {
        "s" => text,
        "i" => int.Parse(text, CultureInfo.InvariantCulture),
        "l" => long.Parse(text, CultureInfo.InvariantCulture),
        "d" => double.Parse(text, CultureInfo.InvariantCulture),
        "b" => text == "true",
        "t" => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        "g" => Guid.Parse(text),
        "x" => Convert.FromBase64String(text),
        _ => throw new JsonException($"'{kind}' is no type of a table's value."),
    };
}
