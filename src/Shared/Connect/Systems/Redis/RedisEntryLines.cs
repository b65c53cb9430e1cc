using System.Buffers;
using System.Text.Json;
using StackExchange.Redis;

namespace DataIngestion.Connect;

/// <summary>Entries of a stream as lines: <c>_id</c>, <c>_time</c> and the fields.</summary>
internal sealed class RedisEntryLines(Stream destination)
{
    readonly MessageLines _lines = new(destination);
    readonly ArrayBufferWriter<byte> _fields = new();

    public long Records => _lines.Records;

    public long Bytes => _lines.Bytes;

    public async ValueTask AddAsync(StreamEntry entry, CancellationToken cancellationToken)
    {
        Add(entry);
        if (_lines.IsFull)
            await _lines.FlushAsync(cancellationToken);
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => _lines.FlushAsync(cancellationToken);

    void Add(StreamEntry entry)
    {
        _fields.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_fields);
        json.WriteStartObject();
        RedisValues.WriteFields(json, [.. entry.Values.SelectMany(v => new[] { (byte[])v.Name!, (byte[])v.Value! })]);
        json.WriteEndObject();
        json.Flush();
        _lines.Add((string)entry.Id!, WriteMetadata, _fields.WrittenSpan);
    }

    static void WriteMetadata(Utf8JsonWriter json, string id)
    {
        json.WriteString("_id", id);
        if (RedisStreamId.Parse(id) is { } parsed && parsed.Time <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            json.WriteString("_time", DateTimeOffset.FromUnixTimeMilliseconds((long)parsed.Time).UtcDateTime);
    }
}
