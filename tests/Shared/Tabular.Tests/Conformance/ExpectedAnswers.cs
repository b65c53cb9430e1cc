using System.Globalization;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;

namespace DataIngestion.Tabular.Tests.Conformance;

/// <summary>What others say is in a file: answers that lie beside it, or DuckDB.</summary>
internal static class ExpectedAnswers
{
    /// <summary>The rows by DuckDB, each column's values as <see cref="Canonical"/> text; null where it cannot read the file.</summary>
    public static List<string[]>? FromDuck(string path)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"select * from read_parquet('{path.Replace("'", "''", StringComparison.Ordinal)}', binary_as_string = false)";
        try
        {
            using var reader = command.ExecuteReader();
            var rows = new List<string[]>();
            while (reader.Read())
            {
                var row = new string[reader.FieldCount];
                for (var i = 0; i < row.Length; i++)
                    row[i] = reader.IsDBNull(i) ? "null" : Canonical.Of(reader.GetValue(i));
                rows.Add(row);
            }

            return rows;
        }
        catch (Exception refused) when (refused is DuckDBException or NotSupportedException or ArgumentException or InvalidCastException or OverflowException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The rows of a <c>…_expect.csv</c>: every cell is text, and empty where there is no value.</summary>
    public static List<string[]> FromCsv(string path)
    {
        var rows = new List<string[]>();
        foreach (var line in File.ReadLines(path).Skip(1).Where(l => l.Length > 0))
        {
            var cells = new List<string>();
            var cell = new StringBuilder();
            var isQuoted = false;
            foreach (var mark in line)
            {
                if (mark == '"')
                    isQuoted = !isQuoted;
                else if (mark == ',' && !isQuoted)
                    Take(cells, cell);
                else
                    cell.Append(mark);
            }

            Take(cells, cell);
            rows.Add([.. cells]);
        }

        return rows;

        static void Take(List<string> cells, StringBuilder cell)
        {
            cells.Add(cell.ToString());
            cell.Clear();
        }
    }

    /// <summary>The rows of a JSON array of objects in the form of the file's columns; an absent field is null.</summary>
    public static List<string[]> FromJson(string path, DataSchema schema)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.EnumerateArray().Select(row => schema.Select(c => OfJson(row, c)).ToArray())];
    }

    static string OfJson(JsonElement row, DataColumn column)
    {
        if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(column.Name, out var value) || value.ValueKind == JsonValueKind.Null)
            return "null";
        if (column.Type.Fields is { } fields)
            return $"[{string.Join(',', fields.Select(f => OfJson(value, f)))}]";
        return value.ValueKind switch
        {
            JsonValueKind.String => Canonical.Of(value.GetString()),
            JsonValueKind.Number when column.Type.IsFloating => Canonical.Of(double.Parse(value.GetRawText(), CultureInfo.InvariantCulture)),
            _ => value.GetRawText(),
        };
    }
}
