using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DataIngestion.Connect;

/// <summary>How a text from the database stands in JSON.</summary>
internal enum SqlJsonKind
{
    /// <summary>By the driver's type.</summary>
    Value,

    /// <summary>Text of a number, to stand without quotes.</summary>
    Number,

    /// <summary>Text of a date and time, a space in its middle.</summary>
    Time,

    /// <summary>The same, of an instant in UTC.</summary>
    Instant,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>A double that is a single's value.</summary>
    Single,
}

/// <summary>
/// Rows as JSON objects, one a line: whole and decimal numbers with the digits that the database has, floating ones the shortest that
/// read back the same, NaN and infinities as text, times in ISO 8601, bytes as base64, NULL as null.
/// </summary>
internal sealed class SqlJson : IDisposable
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.eE+-");

    readonly JsonEncodedText[] _names;
    readonly SqlJsonKind[] _kinds;
    readonly Utf8JsonWriter _json = new(new ArrayBufferWriter<byte>(), Options);

    /// <param name="names">Names of the members.</param>
    /// <param name="columns">The columns, where they are known; or empty.</param>
    public SqlJson(IReadOnlyList<string> names, IReadOnlyList<SqlColumn> columns)
    {
        _names = [.. names.Select(n => JsonEncodedText.Encode(n, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
        _kinds = [.. names.Select((_, i) => i < columns.Count ? columns[i].JsonKind : SqlJsonKind.Value)];
    }

    /// <inheritdoc />
    public void Dispose() => _json.Dispose();

    /// <summary>Appends the row that the reader stands on.</summary>
    public void Write(DbDataReader row, IBufferWriter<byte> destination)
    {
        _json.Reset(destination);
        _json.WriteStartObject();
        for (var i = 0; i < _names.Length; i++)
        {
            _json.WritePropertyName(_names[i]);
            if (row.IsDBNull(i))
                _json.WriteNullValue();
            else
                Write(row, i, _kinds[i]);
        }

        _json.WriteEndObject();
        _json.Flush();
        destination.Write("\n"u8);
    }

    /// <summary>A number's text as JSON has it; text that is no number is a string.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string text)
    {
        var digits = text.StartsWith('-') ? text.AsSpan(1) : text;
        if (digits.Length == 0 || digits.ContainsAnyExcept(OfNumbers) || digits[^1] is '.' or 'e' or 'E')
            json.WriteStringValue(text);
        else if (digits[0] == '.') // Oracle leaves the zero out
            json.WriteRawValue($"{(text[0] == '-' ? "-" : "")}0{digits}", skipInputValidation: true);
        else if (digits is ['0', >= '0' and <= '9', ..]) // ZEROFILL
            json.WriteRawValue($"{(text[0] == '-' ? "-" : "")}{digits.TrimStart('0') switch { [] => "0", ['.', ..] rest => $"0{rest}", var rest => rest.ToString() }}", skipInputValidation: true);
        else
            json.WriteRawValue(text, skipInputValidation: true);
    }

    void Write(DbDataReader row, int i, SqlJsonKind kind)
    {
        switch (kind)
        {
            case SqlJsonKind.Number:
                WriteNumber(_json, row.GetString(i));
                return;
            case SqlJsonKind.Time:
                _json.WriteStringValue(row.GetString(i).Replace(' ', 'T'));
                return;
            case SqlJsonKind.Instant:
                _json.WriteStringValue(row.GetString(i).Replace(' ', 'T') + "Z");
                return;
            case SqlJsonKind.Json:
                _json.WriteRawValue(OnOneLine(row.GetString(i)));
                return;
            case SqlJsonKind.Single:
                Write((float)row.GetDouble(i));
                return;
            default:
                WriteValue(row.GetValue(i));
                return;
        }
    }

    void WriteValue(object value)
    {
        switch (value)
        {
            case bool flag:
                _json.WriteBooleanValue(flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                _json.WriteNumberValue(System.Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                _json.WriteNumberValue(number);
                break;
            case decimal number:
                _json.WriteNumberValue(number);
                break;
            case double number:
                Write(number);
                break;
            case float number:
                Write(number);
                break;
            case DateTimeOffset instant:
                _json.WriteStringValue(instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
                break;
            case DateTime time:
                _json.WriteStringValue(time.ToString(time.Kind is DateTimeKind.Utc ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
                break;
            case DateOnly day:
                _json.WriteStringValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                _json.WriteBase64StringValue(bytes);
                break;
            case string text:
                _json.WriteStringValue(text);
                break;
            case IFormattable other:
                _json.WriteStringValue(other.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                _json.WriteStringValue(value.ToString());
                break;
        }
    }

    void Write(double number)
    {
        if (double.IsFinite(number))
            _json.WriteNumberValue(number);
        else
            _json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }

    void Write(float number)
    {
        if (float.IsFinite(number))
            _json.WriteNumberValue(number);
        else
            _json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }

    // Line breaks of JSON stand between its tokens only.
    static byte[] OnOneLine(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        bytes.AsSpan().Replace((byte)'\n', (byte)' ');
        bytes.AsSpan().Replace((byte)'\r', (byte)' ');
        return bytes;
    }
}
