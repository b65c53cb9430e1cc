using System.Text;
using System.Text.Json;

namespace DataIngestion.Connect;

/// <summary>Values as the server's output functions write them, in the JSON that row_to_json makes of them.</summary>
internal static class PostgreSqlText
{
    const uint Bool = 16, Bytea = 17, Int8 = 20, Int2 = 21, Int4 = 23, Oid = 26, Json = 114, Float4 = 700, Float8 = 701, Timestamp = 1114, TimestampTz = 1184, Numeric = 1700, Jsonb = 3802;

    // Arrays of the types above, and of what is text in JSON.
    static readonly Dictionary<uint, uint> Elements = new()
    {
        [1000] = Bool,
        [1001] = Bytea,
        [1005] = Int2,
        [1007] = Int4,
        [1016] = Int8,
        [1021] = Float4,
        [1022] = Float8,
        [1231] = Numeric,
        [199] = Json,
        [3807] = Jsonb,
        [1115] = Timestamp,
        [1185] = TimestampTz,
        [1182] = 1082,
        [1183] = 1083,
        [1009] = 25,
        [1015] = 1043,
        [1014] = 1042,
        [2951] = 2950,
        [1041] = 869,
    };

    /// <summary>Writes a value.</summary>
    /// <param name="json">Where to; a value is expected there.</param>
    /// <param name="type">The type's OID.</param>
    /// <param name="text">What the server wrote.</param>
    public static void Write(Utf8JsonWriter json, uint type, string text)
    {
        switch (type)
        {
            case Bool:
                json.WriteBooleanValue(text == "t");
                break;
            case Int2 or Int4 or Int8 or Oid or Float4 or Float8 or Numeric:
                SqlJson.WriteNumber(json, text);
                break;
            case Json or Jsonb:
                json.WriteRawValue(text.Replace('\n', ' ').Replace('\r', ' '));
                break;
            case Bytea when text.StartsWith("\\x", StringComparison.Ordinal):
                json.WriteBase64StringValue(System.Convert.FromHexString(text.AsSpan(2)));
                break;
            case Timestamp:
                json.WriteStringValue(text.Replace(' ', 'T'));
                break;
            case TimestampTz: // the session's zone is UTC, which it writes as +00
                json.WriteStringValue(text.Replace(' ', 'T') + (text.EndsWith("+00", StringComparison.Ordinal) ? ":00" : ""));
                break;
            default:
                if (Elements.TryGetValue(type, out var element) && text.StartsWith('{'))
                    WriteArray(json, element, text);
                else
                    json.WriteStringValue(text);
                break;
        }
    }

    // {1,NULL,"a \"b\"",{…}}: PostgreSQL documentation, "Array Input and Output Syntax".
    static void WriteArray(Utf8JsonWriter json, uint element, string text)
    {
        var item = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '{':
                    json.WriteStartArray();
                    break;
                case '}':
                    json.WriteEndArray();
                    break;
                case ',':
                    break;
                case '"':
                    item.Clear();
                    for (i++; text[i] != '"'; i++)
                        item.Append(text[i] == '\\' ? text[++i] : text[i]);
                    Write(json, element, item.ToString());
                    break;
                default:
                    item.Clear();
                    for (; text[i] is not (',' or '}'); i++)
                        item.Append(text[i]);
                    i--;
                    if (item.Length == 4 && item.ToString().Equals("NULL", StringComparison.OrdinalIgnoreCase))
                        json.WriteNullValue();
                    else
                        Write(json, element, item.ToString());
                    break;
            }
        }
    }
}
