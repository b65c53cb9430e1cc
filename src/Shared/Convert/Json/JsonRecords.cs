using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using DataIngestion.Contracts;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>
/// Finds the records of a path in a run of tokens and hands each over as a row: objects flattened (<c>a.b</c>) or kept as JSON, arrays kept as JSON.
/// </summary>
/// <param name="spreadsRoot">Whether an array at the top that the path does not speak of is the list of the records, and not a record.</param>
internal sealed class JsonRecords(
    JsonPath path, IReadOnlyList<string> inherit, bool keepsObjects, ConversionLimits limits, IRowConsumer consumer, RepeatedKeys repeated, bool spreadsRoot = true) : IJsonHandler
{
    readonly List<Frame> _frames = [];
    readonly JsonRow _row = new(consumer.Names, keepsObjects, limits.MaxFieldBytes);
    readonly ArrayBufferWriter<byte> _decoded = new(64);
    readonly JsonInherited _inherited = new(inherit);
    readonly ParallelArrays? _arrays = path.HasParallelArrays ? new() : null;
    readonly byte[]?[] _captured = new byte[path.Steps.Count][];
    readonly bool _spreads = !path.HasParallelArrays && !path.Path.EndsInEntries && !path.Path.EndsInElements && (spreadsRoot || path.Steps.Count > 0);
    int _pending;
    int _depth;
    long _recordStart = -1;
    long _recordLine;
    int _recordColumns;
    long _recordEnd = -1;
    long _lineBase;
    long _offsetBase;

    /// <summary>An object or array around the records, or beside them.</summary>
    /// <param name="Matched">Steps of the path that lead to it; -1 where it is beside.</param>
    /// <param name="Next">Of an array, the place of its next element.</param>
    readonly record struct Frame(bool IsArray, int Matched, int Next = 0);

    public long? KeepFrom => _recordStart < 0 ? null : _recordStart;

    /// <summary>Whether the one record is the whole text. It becomes a row only when the text is complete.</summary>
    public bool IsRoot => path.IsRoot;

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
        (_pending, _recordStart, _recordEnd) = (0, -1, -1);
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
            if (EndsRecord(ref reader))
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
                _inherited.Leave(_frames.Count);
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
        if (matched < 0 && !_inherited.IsNear)
            return;
        // A name with half of a surrogate pair is none that anyone asks for.
        var name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            _decoded.ResetWrittenCount();
            name = JsonEscapes.TryDecode(name, _decoded) ? _decoded.WrittenSpan : [];
        }

        _inherited.Property(name, isOnPath: matched >= 0);
        // Behind the records' list or object nothing leads on.
        if (matched < 0 || matched >= path.Steps.Count || !path.Steps[matched].Takes(name))
            return;
        if (path.Steps[matched].Capture is not null)
        {
            if (reader.ValueIsEscaped)
                Decode(ref reader, window); // says where half of a surrogate pair is
            _captured[matched] = path.Steps[matched].CapturedOf(name).ToArray();
        }

        _pending = matched + 1;
    }

    void Value(ref Utf8JsonReader reader, JsonWindow window)
    {
        var isElement = _frames.Count > 0 && _frames[^1].IsArray;
        var matched = isElement ? NextElement() : _pending;
        var isContainer = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        if (!isContainer && matched != path.Steps.Count && _inherited.Takes)
            _inherited.Set(Decode(ref reader, window), JsonRow.KindOf(reader.TokenType));
        if (IsRecord(matched, isElement, reader.TokenType))
            BeginRecord(ref reader, window);
        else if (isContainer)
            Enter(reader.TokenType == JsonTokenType.StartArray, matched);
    }

    /// <summary>How many steps lead to the next element of the array around it; -1 where it is beside the path.</summary>
    int NextElement()
    {
        var (_, matched, next) = _frames[^1];
        _frames[^1] = _frames[^1] with { Next = next + 1 };
        if (matched < 0 || matched == path.Steps.Count)
            return matched;
        return path.Steps[matched].Takes(next) ? matched + 1 : -1;
    }

    bool IsRecord(int matched, bool isElement, JsonTokenType token)
    {
        if (matched == path.Steps.Count - 1 && path.Path.EndsInElements)
            return token is JsonTokenType.StartObject; // the list of one that some vendors write without a list
        if (matched != path.Steps.Count)
            return false;
        if (_arrays is not null)
            return token is JsonTokenType.StartObject or JsonTokenType.StartArray;
        return !_spreads || (isElement && _frames[^1].Matched == path.Steps.Count)
            || token is not (JsonTokenType.StartArray or JsonTokenType.Null) || (token is JsonTokenType.Null && path.Steps.Count == 0);
    }

    void Enter(bool isArray, int matched)
    {
        _frames.Add(new(isArray, matched));
        _inherited.Enter(_frames.Count, isArray, isOnPath: matched >= 0);
    }

    void BeginRecord(ref Utf8JsonReader reader, JsonWindow window)
    {
        _recordStart = window.ReaderOffset + reader.TokenStartIndex;
        _recordColumns = consumer.Names.Count;
        _recordLine = window.LineAt(_recordStart);
        _depth = 0;
        if (_arrays is null)
            AddAround();
        if (EndsRecord(ref reader))
            EndRecord(window, window.ReaderOffset + reader.BytesConsumed);
    }

    /// <summary>What stands around the records: keys of the maps on the way, and what they inherit.</summary>
    void AddAround()
    {
        for (var i = 0; i < _captured.Length; i++)
        {
            if (_captured[i] is { } key)
                _row.Add(path.Steps[i].Capture!, key, CellKind.Quoted);
        }

        foreach (var name in inherit)
        {
            if (_inherited.Find(name) is { } value)
                _row.Add(name, value.Text, value.Kind);
        }
    }

    /// <summary>Takes a token of the record; true when it is the last.</summary>
    bool EndsRecord(ref Utf8JsonReader reader)
    {
        if (_arrays is null)
            return _row.Token(ref reader);
        _depth += reader.TokenType switch
        {
            JsonTokenType.StartObject or JsonTokenType.StartArray => 1,
            JsonTokenType.EndObject or JsonTokenType.EndArray => -1,
            _ => 0,
        };
        return _depth == 0;
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
        if (!IsRoot || _frames.Count > 0)
            HandOver(window);
    }

    void HandOver(JsonWindow window)
    {
        var raw = window.Slice(_recordStart, _recordEnd);
        if (_arrays is null)
            HandOver(raw);
        else
            HandOverColumns(raw);
        (_recordStart, _recordEnd) = (-1, -1);
    }

    void HandOverColumns(ReadOnlySpan<byte> json)
    {
        try
        {
            _arrays!.Read(json);
        }
        catch (FormatException fault)
        {
            throw new ConversionException($"What is at {path.Text} {fault.Message}.", _lineBase + _recordLine);
        }

        for (var i = 0; i < _arrays.Count; i++)
        {
            var record = _arrays.Row(i);
            var reader = new Utf8JsonReader(record, new JsonReaderOptions { MaxDepth = limits.MaxDepth });
            _recordColumns = consumer.Names.Count;
            AddAround();
            while (reader.Read())
                _row.Token(ref reader);
            HandOver(record);
        }
    }

    void HandOver(ReadOnlySpan<byte> raw)
    {
        var place = new RowPlace(++Rows, _offsetBase + _recordStart, _lineBase + _recordLine);
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
    }
}
