using System.Collections;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataIngestion.Tabular;

/// <summary>One column of a schema.</summary>
/// <param name="Name">Unique in its schema, compared by ordinal.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Nullable">Whether a value may be missing.</param>
public sealed record DataColumn(string Name, DataType Type, bool Nullable = true)
{
    /// <summary>What its values identify; null where that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SemanticType? Semantic { get; init; }
}

/// <summary>What the values of a column identify, beyond their type.</summary>
/// <param name="Name">Such as <c>isin</c>, <c>lei</c>, <c>currency</c>.</param>
/// <param name="Score">0–1, how sure that is; null where it was declared.</param>
public sealed record SemanticType(string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Score = null);

/// <summary>An ordered list of uniquely named columns. JSON form: <c>{"columns":[{"name","type","nullable","semantic"}]}</c>.</summary>
[JsonConverter(typeof(DataSchemaJson))]
public sealed class DataSchema : IReadOnlyList<DataColumn>, IEquatable<DataSchema>
{
    static readonly JsonSerializerOptions Canonical =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly DataColumn[] _columns;
    readonly Dictionary<string, int> _byName;

    /// <exception cref="ArgumentException">Two columns have the same name, or one has no name or no type.</exception>
    public DataSchema(IEnumerable<DataColumn> columns)
    {
        _columns = [.. columns];
        _byName = new(_columns.Length, StringComparer.Ordinal);
        for (var i = 0; i < _columns.Length; i++)
        {
            if (string.IsNullOrEmpty(_columns[i].Name))
                throw new ArgumentException($"Column {i + 1} has no name.", nameof(columns));
            if (_columns[i].Type is null)
                throw new ArgumentException($"Column '{_columns[i].Name}' has no type.", nameof(columns));
            if (!_byName.TryAdd(_columns[i].Name, i))
                throw new ArgumentException($"Two columns are named '{_columns[i].Name}'.", nameof(columns));
        }
    }

    /// <inheritdoc/>
    public int Count => _columns.Length;

    /// <inheritdoc/>
    public DataColumn this[int index] => _columns[index];

    /// <summary>The column's place, or -1 when there is none of that name.</summary>
    public int IndexOf(string name) => _byName.GetValueOrDefault(name, -1);

    /// <summary>SHA-256 of the canonical JSON form, lower-case hexadecimal: equal schemas have equal hashes on every machine.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson())));

    /// <summary>The canonical JSON form: no white space, fixed order.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Canonical);

    /// <summary>Reads the JSON form.</summary>
    /// <exception cref="JsonException">The text is not a schema; the message says where and why.</exception>
    public static DataSchema FromJson(string json) =>
        JsonSerializer.Deserialize<DataSchema>(json, Canonical) ?? throw new JsonException("A schema was expected, not null.");

    /// <inheritdoc/>
    public bool Equals(DataSchema? other) => other is not null && _columns.AsSpan().SequenceEqual(other._columns);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DataSchema);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var column in _columns)
            hash.Add(column);
        return hash.ToHashCode();
    }

    /// <summary>One column a line: name, type, and <c>not null</c> where it applies.</summary>
    public override string ToString() =>
        string.Join('\n', _columns.Select(c => $"{c.Name} {c.Type}{(c.Nullable ? "" : " not null")}"));

    /// <inheritdoc/>
    public IEnumerator<DataColumn> GetEnumerator() => ((IEnumerable<DataColumn>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _columns.GetEnumerator();

    sealed record Form([property: JsonRequired] DataColumn[] Columns);

    sealed class DataSchemaJson : JsonConverter<DataSchema>
    {
        public override DataSchema Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var form = JsonSerializer.Deserialize<Form>(ref reader, Canonical);
            try
            {
                return new(form?.Columns ?? throw new JsonException("A schema needs 'columns'."));
            }
            catch (ArgumentException wrong)
            {
                throw new JsonException(wrong.Message, wrong);
            }
        }

        public override void Write(Utf8JsonWriter writer, DataSchema value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new Form(value._columns), Canonical);
    }
}
