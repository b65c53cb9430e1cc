using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>Reads JSON texts, one a line, from a stream.</summary>
internal sealed class NdjsonRowReader(JsonPath path, IReadOnlyList<string> inherit, bool keepsObjects, ConversionLimits limits, int bufferBytes = 1 << 20) : IRowReader
{
    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var reader = new NdjsonBlockReader(path, inherit, keepsObjects, limits);
        reader.Begin(BlockStart.Content);
        var buffer = new byte[Math.Max(16, bufferBytes)];
        var length = 0;
        for (var final = false; !final;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(length), cancellationToken);
            final = read == 0;
            length += read;
            var used = reader.Read(buffer.AsSpan(0, length), final, consumer);
            buffer.AsSpan(used, length - used).CopyTo(buffer);
            length -= used;
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, Array.MaxLength));
            await consumer.PumpAsync(cancellationToken);
        }

        return [.. reader.Counts.Select(c => $"{c.Value} {c.Key}")];
    }
}
