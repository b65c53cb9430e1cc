using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>Collects the cells of one JSON record from its tokens.</summary>
internal sealed class JsonRow(ColumnNames names)
{
    readonly ArrayBufferWriter<byte> _text = new(1024);
    readonly ArrayBufferWriter<byte> _array = new(256);
    readonly List<byte> _path = [];
    readonly Stack<int> _lengths = new();
    Utf8JsonWriter? _writer;
    Cell[] _cells = [];
    int _used;
    int _arrayDepth;
    int _depth;
    bool _isPositional;
    int _position;

    public long RepeatedKeys { get; private set; }

    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    public ReadOnlySpan<Cell> Cells => _cells.AsSpan(0, _used);

    public void Clear()
    {
        _text.ResetWrittenCount();
        Array.Clear(_cells, 0, _used);
        _path.Clear();
        _lengths.Clear();
        (_used, _arrayDepth, _depth, _isPositional, _position) = (0, 0, 0, false, 0);
    }

    /// <summary>Takes the next token; true when it ends the record.</summary>
    public bool Token(ref Utf8JsonReader reader)
    {
        if (_arrayDepth > 0)
        {
            CopyToken(ref reader);
            return false;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when _isPositional && _depth == 1:
            case JsonTokenType.StartArray when _depth > 0:
                NextPosition();
                _array.ResetWrittenCount();
                (_writer ??= new(_array, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })).Reset(_array);
                CopyToken(ref reader);
                return false;
            case JsonTokenType.StartArray:
                _isPositional = true;
                _depth++;
                return false;
            case JsonTokenType.StartObject:
                _depth++;
                return false;
            case JsonTokenType.PropertyName:
                _lengths.Push(_path.Count);
                if (_path.Count > 0)
                    _path.Add((byte)'.');
                AddName(ref reader);
                return false;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _depth--;
                EndValue();
                return _depth == 0;
            default:
                NextPosition();
                AddScalar(ref reader);
                EndValue();
                return _depth == 0;
        }
    }

    void NextPosition()
    {
        if (!_isPositional || _depth != 1)
            return;
        _path.Clear();
        _path.AddRange(Encoding.UTF8.GetBytes($"column{++_position}"));
    }

    void EndValue()
    {
        if (_lengths.TryPop(out var length))
            _path.RemoveRange(length, _path.Count - length);
    }

    void AddName(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
            _path.AddRange(Unescape(ref reader));
        else
            _path.AddRange(reader.ValueSpan);
    }

    void AddScalar(ref Utf8JsonReader reader)
    {
        var start = _text.WrittenCount;
        if (reader.ValueIsEscaped)
            _text.Advance(CopyString(ref reader, _text.GetSpan(Math.Max(1, reader.ValueSpan.Length))));
        else
            _text.Write(reader.ValueSpan);
        Set(start, KindOf(reader.TokenType));
    }

    static int CopyString(ref Utf8JsonReader reader, Span<byte> target)
    {
        try
        {
            return reader.CopyString(target);
        }
        catch (InvalidOperationException wrong)
        {
            throw new JsonException("A text has half of a surrogate pair or is not UTF-8.", wrong);
        }
    }

    void Set(int start, CellKind kind)
    {
        var name = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_path);
        SetCell(name.IsEmpty ? names.Add("value"u8) : names.Add(name), start, kind);
    }

    void SetCell(int column, int start, CellKind kind)
    {
        if (column >= _cells.Length)
            Array.Resize(ref _cells, Math.Max(16, column * 2));
        if (column < _used && _cells[column].Kind != CellKind.Missing)
            RepeatedKeys++;
        _cells[column] = new(start, _text.WrittenCount - start, kind);
        _used = Math.Max(_used, column + 1);
    }

    /// <summary>Adds a cell that does not come from the record's own tokens.</summary>
    public void Add(string name, ReadOnlySpan<byte> text, CellKind kind)
    {
        var start = _text.WrittenCount;
        _text.Write(text);
        SetCell(names.Add(name), start, kind);
    }

    /// <summary>An array inside a record is one cell: its JSON.</summary>
    void CopyToken(ref Utf8JsonReader reader)
    {
        var writer = _writer!;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                _arrayDepth++;
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                _arrayDepth++;
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                _arrayDepth--;
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                _arrayDepth--;
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(Unescape(ref reader));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(Unescape(ref reader));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }

        if (_arrayDepth > 0)
            return;
        writer.Flush();
        var start = _text.WrittenCount;
        _text.Write(_array.WrittenSpan);
        Set(start, CellKind.Json);
        EndValue();
    }

    public static byte[] Unescape(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.ToArray();
        var target = new byte[reader.ValueSpan.Length];
        return target[..CopyString(ref reader, target)];
    }

    public static CellKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.String => CellKind.Quoted,
        JsonTokenType.Number => CellKind.Number,
        JsonTokenType.Null => CellKind.Null,
        _ => CellKind.Boolean,
    };
}
