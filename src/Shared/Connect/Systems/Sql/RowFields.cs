using System.Text;
using System.Text.Json;

namespace DataIngestion.Connect;

/// <summary>Takes single values out of a row as it was written.</summary>
internal static class RowFields
{
    /// <summary>Fields of a CSV record by their places; a quote inside quotes is doubled.</summary>
    public static IReadOnlyList<SqlValue> OfCsv(ReadOnlySpan<byte> row, IReadOnlyList<int> places)
    {
        var fields = new List<string>();
        var rest = row.TrimEnd("\r\n"u8);
        while (true)
        {
            if (rest is [(byte)'"', ..])
            {
                var text = new List<byte>();
                for (var i = 1; ; i++)
                {
                    if (rest[i] == (byte)'"' && (++i >= rest.Length || rest[i] != (byte)'"'))
                    {
                        fields.Add(Encoding.UTF8.GetString([.. text]));
                        rest = rest[i..];
                        break;
                    }

                    text.Add(rest[i]);
                }
            }
            else
            {
                var end = rest.IndexOf((byte)',');
                end = end < 0 ? rest.Length : end;
                fields.Add(Encoding.UTF8.GetString(rest[..end]));
                rest = rest[end..];
            }

            if (rest.IsEmpty)
                return [.. places.Select(p => new SqlValue(fields[p]))];
            rest = rest[1..];
        }
    }

    /// <summary>Members of a JSON object by their names, numbers as they are written.</summary>
    public static IReadOnlyList<SqlValue> OfJson(ReadOnlySpan<byte> row, IReadOnlyList<string> names)
    {
        var values = new SqlValue[names.Count];
        var reader = new Utf8JsonReader(row);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            for (var i = 0; i < names.Count; i++)
            {
                if (names[i] != name)
                    continue;
                values[i] = reader.TokenType switch
                {
                    JsonTokenType.Number => new(Encoding.UTF8.GetString(reader.ValueSpan), IsNumber: true),
                    JsonTokenType.String => new(reader.GetString()!),
                    _ => new(Encoding.UTF8.GetString(reader.ValueSpan)),
                };
            }

            reader.Skip();
        }

        return values;
    }
}
