using System.Text.Json;
using System.Text.Unicode;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>Finds the records of a path in a run of tokens and hands each over as a row: objects flattened (<c>a.b</c>), arrays kept as JSON.</summary>
internal sealed class JsonRecords(JsonPath path, IReadOnlyList<string> inherit, IRowConsumer consumer) : IJsonHandler
{
    readonly List<(bool IsArray, int Matched)> _frames = [];
    readonly JsonRow _row = new(consumer.Names);
    readonly Dictionary<string, (byte[] Text, CellKind Kind)> _inherited = new(StringComparer.Ordinal);
    readonly byte[]?[] _captured = new byte[path.Steps.Count][];
    int _pending;
    string? _pendingInherit;
    long _recordStart = -1;
    long _recordLine;
    long _rows;

    public long? KeepFrom => _recordStart < 0 ? null : _recordStart;

    public long RepeatedKeys => _row.RepeatedKeys;

    /// <summary>Forgets a record that broke off; keeps what was counted.</summary>
    public void Reset()
    {
        _frames.Clear();
        _row.Clear();
        (_pending, _pendingInherit, _recordStart) = (0, null, -1);
    }

    /// <summary>Where the next record begins is not in this window's text but in a larger one.</summary>
    public long LineBase { get; set; }

    public long OffsetBase { get; set; }

    /// <summary>Counts a record that was rejected before it reached a row.</summary>
    public long NextRow() => ++_rows;

    public void Token(ref Utf8JsonReader reader, JsonWindow window)
    {
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !Utf8.IsValid(reader.ValueSpan))
            throw new ConversionException("A text is not valid UTF-8.", LineBase + window.LineAt(window.ReaderOffset + reader.TokenStartIndex));
        if (_recordStart >= 0)
        {
            if (_row.Token(ref reader))
                EndRecord(window, window.ReaderOffset + reader.BytesConsumed);
            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Property(ref reader);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _frames.RemoveAt(_frames.Count - 1);
                break;
            default:
                Value(ref reader, window);
                break;
        }
    }

    void Property(ref Utf8JsonReader reader)
    {
        var matched = _frames[^1].Matched;
        _pending = -1;
        _pendingInherit = null;
        if (matched < 0)
            return;
        foreach (var name in inherit)
        {
            if (reader.ValueTextEquals(name))
                _pendingInherit = name;
        }

        var step = path.Steps[matched];
        if (step.IsMap)
        {
            _captured[matched] = step.Capture is null ? null : JsonRow.Unescape(ref reader);
            _pending = matched + 1;
        }
        else if (step.Name is not null && reader.ValueTextEquals(step.Name))
        {
            _pending = matched + 1;
        }
    }

    void Value(ref Utf8JsonReader reader, JsonWindow window)
    {
        var matched = _pending;
        if (_frames.Count > 0 && _frames[^1].IsArray)
            matched = _frames[^1].Matched is >= 0 and var outer && path.Steps[outer] is { Name: null, IsMap: false } ? outer + 1 : -1;
        var isContainer = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        if (!isContainer && _pendingInherit is not null && matched != path.Steps.Count)
            _inherited[_pendingInherit] = (JsonRow.Unescape(ref reader), JsonRow.KindOf(reader.TokenType));
        _pendingInherit = null;
        if (matched == path.Steps.Count)
            BeginRecord(ref reader, window);
        else if (isContainer)
            _frames.Add((reader.TokenType == JsonTokenType.StartArray, matched));
    }

    void BeginRecord(ref Utf8JsonReader reader, JsonWindow window)
    {
        _recordStart = window.ReaderOffset + reader.TokenStartIndex;
        _recordLine = window.LineAt(_recordStart);
        for (var i = 0; i < _captured.Length; i++)
        {
            if (_captured[i] is { } key)
                _row.Add(path.Steps[i].Capture!, key, CellKind.Quoted);
        }

        foreach (var name in inherit)
        {
            if (_inherited.TryGetValue(name, out var value))
                _row.Add(name, value.Text, value.Kind);
        }

        if (_row.Token(ref reader))
            EndRecord(window, window.ReaderOffset + reader.BytesConsumed);
    }

    void EndRecord(JsonWindow window, long end)
    {
        var place = new RowPlace(++_rows, OffsetBase + _recordStart, LineBase + _recordLine);
        consumer.Row(_row.Text, _row.Cells, place, window.Slice(_recordStart, end));
        _row.Clear();
        _recordStart = -1;
    }
}
