using System.Buffers;
using System.Text;
using System.Text.Json;

namespace DataIngestion.Contracts;

/// <summary>
/// Records that stand in columns: <c>{"t":[1,2],"c":[3.5,4],"s":"ok"}</c> is <c>{"t":1,"c":3.5,"s":"ok"}</c> and <c>{"t":2,"c":4,"s":"ok"}</c>.
/// What is no array stands in every record; without any array there is no record. An array of arrays gives arrays. Memory follows the text.
/// </summary>
public sealed class ParallelArrays
{
    const int MaxDepth = 1_000; // whoever hands the text over has a lower one
    readonly ArrayBufferWriter<byte> _row = new(256);
    readonly List<Column> _columns = [];
    byte[] _json = [];
    bool _isArray;

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a text, which is one JSON object or array.</summary>
    /// <exception cref="FormatException">The arrays differ in length, or it is neither an object nor an array.</exception>
    public void Read(ReadOnlySpan<byte> json)
    {
        _columns.Clear();
        Count = 0;
        _json = json.ToArray();
        var reader = new Utf8JsonReader(_json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        _isArray = reader.TokenType is JsonTokenType.StartArray;
        if (!_isArray && reader.TokenType is not JsonTokenType.StartObject)
            throw new FormatException("is neither an object nor an array, and so has no columns");
        var name = default(Range);
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            if (reader.TokenType is JsonTokenType.PropertyName)
                name = (int)reader.TokenStartIndex..((int)reader.TokenStartIndex + reader.ValueSpan.Length + 2);
            else
                _columns.Add(Take(ref reader, name));
        }

        if (_columns.Find(c => c.Cells.Count != Count && c.IsArray) is { } other)
            throw new FormatException($"has columns of different lengths: {TextOf(_columns.Find(c => c.IsArray)!)} has {Count:N0} values, {TextOf(other)} has {other.Cells.Count:N0}");
    }

    /// <summary>A record as JSON without blanks between its values. Valid until the next one.</summary>
    public ReadOnlySpan<byte> Row(int place)
    {
        _row.ResetWrittenCount();
        _row.Write(_isArray ? "["u8 : "{"u8);
        var isFirst = true;
        foreach (var column in _columns)
        {
            if (!isFirst)
                _row.Write(","u8);
            isFirst = false;
            if (!_isArray)
            {
                _row.Write(_json.AsSpan(column.Name));
                _row.Write(":"u8);
            }

            _row.Write(_json.AsSpan(column.Cells[column.IsArray ? place : 0]));
        }

        _row.Write(_isArray ? "]"u8 : "}"u8);
        return _row.WrittenSpan;
    }

    Column Take(ref Utf8JsonReader reader, Range name)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
            return new(name, false, [Value(ref reader)]);
        var cells = new List<Range>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            cells.Add(Value(ref reader));
        if (!_columns.Exists(c => c.IsArray))
            Count = cells.Count;
        return new(name, true, cells);
    }

    static Range Value(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }

    string TextOf(Column column) => _isArray ? $"[{_columns.IndexOf(column)}]" : Encoding.UTF8.GetString(_json.AsSpan(column.Name));

    sealed record Column(Range Name, bool IsArray, List<Range> Cells);
}
