using System.Buffers;
using System.Text;
using System.Text.Json;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>Collects the cells of one JSON record from its tokens.</summary>
/// <param name="keepsObjects">Whether an object inside the record is one cell, rather than one for each of its values (<c>a.b</c>).</param>
/// <param name="maxFieldBytes">Bytes of one cell.</param>
internal sealed class JsonRow(ColumnNames names, bool keepsObjects, int maxFieldBytes)
{
    /// <summary>What the empty key is called.</summary>
    public const string EmptyKey = "empty";

    static readonly byte[] EmptyName = Encoding.UTF8.GetBytes(EmptyKey);

    readonly ArrayBufferWriter<byte> _text = new(1024);
    readonly ArrayBufferWriter<byte> _name = new(64);
    readonly JsonColumns _columns = new(names);
    byte[] _path = new byte[64];
    int _pathLength;
    readonly Stack<int> _lengths = new();
    JsonTextWriter? _nested;
    Cell[] _cells = [];
    int _used;
    int _nestedDepth;
    int _nestedStart;
    int _depth;
    bool _isPositional;
    int _position;

    /// <summary>Why the record cannot become a row; null if it can.</summary>
    public JsonFault? Fault { get; private set; }

    /// <summary>The columns whose value another one replaced, in the order in which that happened.</summary>
    public List<int> Repeated { get; } = [];

    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    public ReadOnlySpan<Cell> Cells => _cells.AsSpan(0, _used);

    public void Clear()
    {
        _text.ResetWrittenCount();
        Array.Clear(_cells, 0, _used);
        _lengths.Clear();
        _pathLength = 0;
        _columns.BeginRecord();
        (_used, _nestedDepth, _depth, _isPositional, _position) = (0, 0, 0, false, 0);
        Repeated.Clear();
        Fault = null;
    }

    /// <summary>Takes the next token; true when it ends the record.</summary>
    public bool Token(ref Utf8JsonReader reader)
    {
        if (_nestedDepth > 0)
        {
            CopyToken(ref reader);
            return false;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when _depth > 0 && (keepsObjects || _isPositional && _depth == 1):
            case JsonTokenType.StartArray when _depth > 0:
                NextPosition();
                (_nested ??= new(_text)).Reset();
                _nestedStart = _text.WrittenCount;
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
                _lengths.Push(_pathLength);
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
        _pathLength = 0;
        Append(Encoding.UTF8.GetBytes($"column{++_position}"));
    }

    void EndValue()
    {
        if (_lengths.TryPop(out var length))
            _pathLength = length;
    }

    void AddName(ref Utf8JsonReader reader)
    {
        if (_pathLength > 0)
            Append("."u8);
        if (reader.ValueSpan.IsEmpty)
        {
            Append(EmptyName);
        }
        else if (!reader.ValueIsEscaped)
        {
            Append(reader.ValueSpan);
        }
        else
        {
            _name.ResetWrittenCount();
            Decode(ref reader, _name);
            Append(_name.WrittenSpan);
        }
    }

    void Append(ReadOnlySpan<byte> name)
    {
        if (_path.Length - _pathLength < name.Length)
            Array.Resize(ref _path, Math.Max(_path.Length * 2, _pathLength + name.Length));
        name.CopyTo(_path.AsSpan(_pathLength));
        _pathLength += name.Length;
    }

    void AddScalar(ref Utf8JsonReader reader)
    {
        var start = _text.WrittenCount;
        Decode(ref reader, _text);
        Set(start, KindOf(reader.TokenType));
    }

    void Decode(ref Utf8JsonReader reader, ArrayBufferWriter<byte> target)
    {
        if (!reader.ValueIsEscaped)
            target.Write(reader.ValueSpan);
        else if (!JsonEscapes.TryDecode(reader.ValueSpan, target))
            Fault ??= JsonFault.LoneSurrogate;
    }

    void Set(int start, CellKind kind)
    {
        SetCell(_columns.Of(_pathLength == 0 ? "value"u8 : _path.AsSpan(0, _pathLength)), start, kind);
    }

    void SetCell(int column, int start, CellKind kind)
    {
        if (column >= _cells.Length)
            Array.Resize(ref _cells, Math.Max(16, column * 2));
        if (column < _used && _cells[column].Kind != CellKind.Missing)
            Repeated.Add(column);
        var length = _text.WrittenCount - start;
        if (length > maxFieldBytes)
            Fault ??= JsonFault.FieldSize(names[column], maxFieldBytes);
        _cells[column] = new(start, length, kind);
        _used = Math.Max(_used, column + 1);
    }

    /// <summary>Adds a cell that does not come from the record's own tokens.</summary>
    public void Add(string name, ReadOnlySpan<byte> text, CellKind kind)
    {
        var start = _text.WrittenCount;
        _text.Write(text);
        SetCell(names.Add(name), start, kind);
    }

    /// <summary>What is nested in a record is one cell: its JSON.</summary>
    void CopyToken(ref Utf8JsonReader reader)
    {
        _nestedDepth += _nested!.Token(ref reader);
        if (_nestedDepth > 0)
            return;
        if (_nested.HasLoneSurrogate)
            Fault ??= JsonFault.LoneSurrogate;
        Set(_nestedStart, keepsObjects ? CellKind.Nested : CellKind.Json);
        EndValue();
    }

    public static CellKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.String => CellKind.Quoted,
        JsonTokenType.Number => CellKind.Number,
        JsonTokenType.Null => CellKind.Null,
        _ => CellKind.Boolean,
    };
}
