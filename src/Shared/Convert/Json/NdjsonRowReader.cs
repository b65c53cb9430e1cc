using System.Text.Json;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>Reads JSON texts, one a line. A line that is not JSON is rejected and the next one read.</summary>
internal sealed class NdjsonRowReader(JsonPath path, IReadOnlyList<string> inherit, ConversionLimits limits, int bufferBytes = 1 << 20) : IRowReader
{
    byte[] _buffer = new byte[Math.Max(16, bufferBytes)];
    int _length;
    long _offset;
    long _line;
    bool _skipping;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var records = new JsonRecords(path, inherit, consumer);
        for (var final = false; !final;)
        {
            var read = await content.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            final = read == 0;
            _length += read;
            var used = Consume(records, consumer, final);
            _buffer.AsSpan(used, _length - used).CopyTo(_buffer);
            (_length, _offset) = (_length - used, _offset + used);
            if (_length == _buffer.Length)
                MakeRoom(records, consumer);
            await consumer.PumpAsync(cancellationToken);
        }

        return records.RepeatedKeys > 0 ? [$"{records.RepeatedKeys} keys stand twice in their object; the last value was taken"] : [];
    }

    void MakeRoom(JsonRecords records, IRowConsumer consumer)
    {
        if (_buffer.Length < limits.MaxRecordBytes)
        {
            Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, limits.MaxRecordBytes));
            return;
        }

        consumer.Reject(new(records.NextRow(), _offset, _line + 1), null, "record-size", $"a line of at most {limits.MaxRecordBytes} bytes", _buffer);
        _skipping = true;
        _offset += _length;
        _length = 0;
    }

    int Consume(JsonRecords records, IRowConsumer consumer, bool final)
    {
        var used = 0;
        while (used < _length)
        {
            var rest = _buffer.AsSpan(used, _length - used);
            var end = rest.IndexOf((byte)'\n');
            if (end < 0 && !final)
                return _skipping ? _length : used;
            var line = end < 0 ? rest : rest[..end];
            if (!_skipping)
                Line(records, consumer, used, line.Length);
            _skipping = false;
            _line++;
            used += end < 0 ? rest.Length : end + 1;
        }

        return used;
    }

    void Line(JsonRecords records, IRowConsumer consumer, int start, int length)
    {
        var line = _buffer.AsSpan(start, length);
        if (line.IndexOfAnyExcept(" \t\r"u8) < 0)
            return;
        var columns = consumer.Names.Count;
        records.Reset();
        (records.LineBase, records.OffsetBase) = (_line, _offset + start);
        var window = new JsonWindow { Buffer = _buffer, Offset = -start };
        var options = new JsonReaderOptions { MaxDepth = limits.MaxDepth };
        try
        {
            // The whole line is checked before any of it becomes a row.
            var check = new Utf8JsonReader(line, options);
            while (check.Read())
            {
            }

            var reader = new Utf8JsonReader(line, options);
            while (reader.Read())
                records.Token(ref reader, window);
        }
        catch (Exception wrong) when (wrong is JsonException or ConversionException { Line: not null })
        {
            records.Reset();
            consumer.Names.Truncate(columns);
            var (rule, expected) = wrong is JsonException syntax
                ? ("json", $"JSON; {JsonPump.Message(syntax)} At byte {(syntax.BytePositionInLine ?? 0) + 1} of the line.")
                : ("utf-8", "valid UTF-8");
            consumer.Reject(new(records.NextRow(), _offset + start, _line + 1), null, rule, expected, line);
        }
    }
}
