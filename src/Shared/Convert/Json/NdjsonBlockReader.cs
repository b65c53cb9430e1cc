using System.Text.Json;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>Reads JSON texts, one a line. A line that is not JSON is rejected and the next one read.</summary>
/// <param name="keepsObjects">Whether an object inside a record is one cell.</param>
internal sealed class NdjsonBlockReader(JsonPath path, IReadOnlyList<string> inherit, bool keepsObjects, ConversionLimits limits) : IBlockReader
{
    readonly RepeatedKeys _repeated = new();
    readonly JsonWindow _window = new();
    byte[] _copy = new byte[4096];
    JsonRecords? _records;
    IRowConsumer? _consumer;
    ColumnNames? _names;
    long _rows;
    long _offset;
    long _line;

    public bool IsInsideRejected { get; private set; }

    public IReadOnlyDictionary<string, long> Counts => _repeated.Counts;

    public IReadOnlyList<string> Notes => [];

    public void Begin(BlockStart start)
    {
        (_rows, _offset, _line) = (0, 0, 0);
        _repeated.Clear();
        IsInsideRejected = start == BlockStart.InsideRejected;
    }

    public void Skip(ReadOnlySpan<byte> bytes, int rows)
    {
        _rows += rows;
        _offset += bytes.Length;
        _line += bytes.Count((byte)'\n');
    }

    public int Read(ReadOnlySpan<byte> content, bool isLast, IRowConsumer consumer)
    {
        var records = RecordsFor(consumer);
        var used = 0;
        while (used < content.Length)
        {
            var rest = content[used..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0 && !isLast)
                return used + Unfinished(rest, consumer);
            var line = end < 0 ? rest : rest[..end];
            if (!IsInsideRejected)
                Line(records, consumer, line);
            IsInsideRejected = false;
            var length = end < 0 ? rest.Length : end + 1;
            _line += end < 0 ? 0 : 1;
            _offset += length;
            used += length;
        }

        return used;
    }

    JsonRecords RecordsFor(IRowConsumer consumer)
    {
        // A consumer that goes from block to block gets new names when a block had some of its own.
        if (_records is null || _consumer != consumer || _names != consumer.Names)
            (_records, _consumer, _names) = (new(path, inherit, keepsObjects, limits, consumer, _repeated, spreadsRoot: false), consumer, consumer.Names);
        return _records;
    }

    /// <summary>A line whose end is not there yet: it waits, unless it is too long already.</summary>
    int Unfinished(ReadOnlySpan<byte> line, IRowConsumer consumer)
    {
        if (!IsInsideRejected && line.Length <= limits.MaxRecordBytes)
            return 0;
        if (!IsInsideRejected)
            RejectSize(line, consumer);
        IsInsideRejected = true;
        _offset += line.Length;
        return line.Length;
    }

    /// <summary>How much of the line is there already depends on how the content was cut, so the same part of it is shown always.</summary>
    void RejectSize(ReadOnlySpan<byte> line, IRowConsumer consumer) =>
        consumer.Reject(new(++_rows, _offset, _line + 1), null, "record-size", $"a line of at most {limits.MaxRecordBytes} bytes", line[..limits.MaxRecordBytes]);

    void Line(JsonRecords records, IRowConsumer consumer, ReadOnlySpan<byte> line)
    {
        if (line.IndexOfAnyExcept(" \t\r"u8) < 0)
            return;
        if (line.Length > limits.MaxRecordBytes)
        {
            RejectSize(line, consumer);
            return;
        }

        if (_copy.Length < line.Length)
            _copy = new byte[line.Length];
        line.CopyTo(_copy);
        var columns = consumer.Names.Count;
        records.Begin(_rows, _line, _offset);
        _window.Restart(_copy);
        try
        {
            Tokens(records, line.Length);
        }
        catch (Exception wrong) when (wrong is JsonException or ConversionException { Line: not null })
        {
            consumer.Names.Truncate(columns);
            var (rule, expected) = wrong is JsonException syntax
                ? ("json", $"JSON; {JsonPump.Message(syntax)} At byte {(syntax.BytePositionInLine ?? 0) + 1} of the line.")
                : ("utf-8", $"valid UTF-8; byte {((ConversionException)wrong).Column} of the line is none");
            consumer.Reject(new(++_rows, _offset, _line + 1), null, rule, expected, line);
            return;
        }

        _rows = records.Rows;
    }

    void Tokens(JsonRecords records, int length)
    {
        var options = new JsonReaderOptions { MaxDepth = limits.MaxDepth };
        if (!records.IsRoot)
        {
            // A line may hold several records: all of it is checked before any of them becomes a row.
            var check = new Utf8JsonReader(_copy.AsSpan(0, length), options);
            while (check.Read())
            {
            }
        }

        var reader = new Utf8JsonReader(_copy.AsSpan(0, length), options);
        while (reader.Read())
            records.Token(ref reader, _window);
        records.Complete(_window);
    }
}
