using System.Buffers;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>The records of one object whose columns are arrays (<see cref="RecordLayout.Columns"/>). Memory follows the object.</summary>
/// <param name="cursorPath">Field of a record; null when its value is of no interest.</param>
internal sealed class ColumnRecords(string? cursorPath)
{
    readonly ArrayBufferWriter<byte> _json = new(4096);
    readonly ArrayBufferWriter<byte> _record = new(256);
    readonly ParallelArrays _arrays = new();
    byte[] _around = [];
    string? _cursor;
    bool _needsComma;

    /// <summary>An object begins.</summary>
    /// <param name="around">What its records have in common beyond it, as bytes of each.</param>
    /// <param name="cursor">Cursor that they have in common.</param>
    public void Begin(ReadOnlySpan<byte> around, string? cursor)
    {
        _json.ResetWrittenCount();
        (_around, _cursor, _needsComma) = (around.ToArray(), cursor, false);
    }

    /// <summary>Its next token.</summary>
    public void Token(ref Utf8JsonReader reader)
    {
        var type = reader.TokenType;
        var ends = type is JsonTokenType.EndObject or JsonTokenType.EndArray;
        if (_needsComma && !ends)
            _json.Write(","u8);
        var isText = type is JsonTokenType.String or JsonTokenType.PropertyName;
        if (isText)
            _json.Write("\""u8);
        _json.Write(reader.ValueSpan);
        if (isText)
            _json.Write("\""u8);
        if (type is JsonTokenType.PropertyName)
            _json.Write(":"u8);
        _needsComma = ends || type is not (JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray);
    }

    /// <summary>It is complete: tells of its records.</summary>
    /// <param name="place">Place of the first.</param>
    /// <param name="sink">Is told.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="UnexpectedContentException">Its columns differ in length.</exception>
    public int End(long place, IRecordSink sink)
    {
        try
        {
            _arrays.Read(_json.WrittenSpan);
        }
        catch (FormatException fault)
        {
            throw new UnexpectedContentException(fault.Message);
        }

        for (var i = 0; i < _arrays.Count; i++)
        {
            var json = _arrays.Row(i);
            _record.ResetWrittenCount();
            _record.Write(_around);
            _record.Write(json);
            sink.OnRecord(place + i, CursorOf(json) ?? _cursor, _record.WrittenSpan);
        }

        return _arrays.Count;
    }

    string? CursorOf(ReadOnlySpan<byte> json)
    {
        if (cursorPath is null)
            return null;
        var reader = new Utf8JsonReader(json);
        var path = (json is [(byte)'[', ..] ? JsonPath.OfColumn(cursorPath) : null) ?? new(cursorPath);
        while (reader.Read())
        {
            if (path.Follow(ref reader))
                return JsonRecords.ScalarOf(ref reader);
        }

        return null;
    }
}
