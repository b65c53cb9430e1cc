using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>
/// Finds the records of a path in a run of tokens and hands each over as a row: objects flattened (<c>a.b</c>) or kept as JSON, arrays kept as JSON.
/// </summary>
internal sealed class JsonRecords(JsonPath path, IReadOnlyList<string> inherit, bool keepsObjects, ConversionLimits limits, IRowConsumer consumer, RepeatedKeys repeated) : IJsonHandler
{
    readonly List<(bool IsArray, int Matched)> _frames = [];
    readonly JsonRow _row = new(consumer.Names, keepsObjects, limits.MaxFieldBytes);
    readonly ArrayBufferWriter<byte> _decoded = new(64);
    readonly Dictionary<string, (byte[] Text, CellKind Kind)> _inherited = new(StringComparer.Ordinal);
    readonly (string Text, byte[] Bytes)[] _inherit = [.. inherit.Select(name => (name, Encoding.UTF8.GetBytes(name)))];
    readonly byte[]?[] _captured = new byte[path.Steps.Count][];
    int _pending;
    string? _pendingInherit;
    long _recordStart = -1;
    long _recordLine;
    int _recordColumns;
    long _recordEnd = -1;
    long _lineBase;
    long _offsetBase;

    public long? KeepFrom => _recordStart < 0 ? null : _recordStart;

    /// <summary>Whether the one record is the whole text. It becomes a row only when the text is complete.</summary>
    public bool IsRoot => path.Steps.Count == 0;

    /// <summary>Records so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Begins another text, forgetting a record that broke off and what records would inherit in the one before.</summary>
    /// <param name="rows">Records before it.</param>
    /// <param name="lines">Lines before it.</param>
    /// <param name="offset">Bytes before it.</param>
    public void Begin(long rows, long lines, long offset)
    {
        _frames.Clear();
        _row.Clear();
        _inherited.Clear();
        (_pending, _pendingInherit, _recordStart, _recordEnd) = (0, null, -1, -1);
        (Rows, _lineBase, _offsetBase) = (rows, lines, offset);
    }

    /// <summary>The text is complete.</summary>
    public void Complete(JsonWindow window)
    {
        if (_recordEnd >= 0)
            HandOver(window);
    }

    public void Token(ref Utf8JsonReader reader, JsonWindow window)
    {
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !Utf8.IsValid(reader.ValueSpan))
            throw window.Error(window.ReaderOffset + reader.TokenStartIndex + 1 + ValidBytes(reader.ValueSpan), "A text is not valid UTF-8.");
        if (_recordStart >= 0)
        {
            if (_row.Token(ref reader))
                EndRecord(window, window.ReaderOffset + reader.BytesConsumed);
            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Property(ref reader, window);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _frames.RemoveAt(_frames.Count - 1);
                break;
            default:
                Value(ref reader, window);
                break;
        }
    }

    /// <summary>How many bytes stand before the first that cannot stand where it does.</summary>
    static int ValidBytes(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out var read) == OperationStatus.Done)
            at += read;
        // Of a character that begins well, the first byte with which it goes wrong; the quote if that is it.
        for (var length = 1; at + length <= text.Length; length++)
        {
            if (Rune.DecodeFromUtf8(text.Slice(at, length), out _, out _) != OperationStatus.NeedMoreData)
                return at + length - 1;
        }

        return text.Length;
    }

    void Property(ref Utf8JsonReader reader, JsonWindow window)
    {
        var matched = _frames[^1].Matched;
        _pending = -1;
        _pendingInherit = null;
        if (matched < 0)
            return;
        var step = path.Steps[matched];
        if (step.IsMap && step.Capture is not null)
            _captured[matched] = Decode(ref reader, window);
        // A name with half of a surrogate pair is none that anyone asks for.
        var name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            _decoded.ResetWrittenCount();
            name = JsonEscapes.TryDecode(name, _decoded) ? _decoded.WrittenSpan : [];
        }

        foreach (var (text, bytes) in _inherit)
        {
            if (name.SequenceEqual(bytes))
                _pendingInherit = text;
        }

        if (step.IsMap || (step.Name is not null && name.SequenceEqual(step.Name)))
            _pending = matched + 1;
    }

    void Value(ref Utf8JsonReader reader, JsonWindow window)
    {
        var matched = _pending;
        if (_frames.Count > 0 && _frames[^1].IsArray)
            matched = _frames[^1].Matched is >= 0 and var outer && path.Steps[outer] is { Name: null, IsMap: false } ? outer + 1 : -1;
        var isContainer = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        if (!isContainer && _pendingInherit is not null && matched != path.Steps.Count)
            _inherited[_pendingInherit] = (Decode(ref reader, window), JsonRow.KindOf(reader.TokenType));
        _pendingInherit = null;
        if (matched == path.Steps.Count)
            BeginRecord(ref reader, window);
        else if (isContainer)
            _frames.Add((reader.TokenType == JsonTokenType.StartArray, matched));
    }

    void BeginRecord(ref Utf8JsonReader reader, JsonWindow window)
    {
        _recordStart = window.ReaderOffset + reader.TokenStartIndex;
        _recordColumns = consumer.Names.Count;
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

    byte[] Decode(ref Utf8JsonReader reader, JsonWindow window)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.ToArray();
        _decoded.ResetWrittenCount();
        if (!JsonEscapes.TryDecode(reader.ValueSpan, _decoded))
            throw window.Error(window.ReaderOffset + reader.TokenStartIndex, "A text has half of a surrogate pair, which UTF-8 cannot hold.");
        return _decoded.WrittenSpan.ToArray();
    }

    void EndRecord(JsonWindow window, long end)
    {
        _recordEnd = end;
        if (!IsRoot)
            HandOver(window);
    }

    void HandOver(JsonWindow window)
    {
        var place = new RowPlace(++Rows, _offsetBase + _recordStart, _lineBase + _recordLine);
        var raw = window.Slice(_recordStart, _recordEnd);
        if (_row.Fault is { } fault)
        {
            consumer.Names.Truncate(_recordColumns);
            consumer.Reject(place, fault.Column, fault.Rule, fault.Expected, raw);
        }
        else
        {
            foreach (var column in _row.Repeated)
                repeated.Add(consumer.Names[column], place.Row, place.Line);
            consumer.Row(_row.Text, _row.Cells, place, raw);
        }

        _row.Clear();
        (_recordStart, _recordEnd) = (-1, -1);
    }
}
