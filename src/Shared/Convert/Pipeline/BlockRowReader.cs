namespace DataIngestion.Conversion.Pipeline;

/// <summary>Reads the whole content by the reader of a format's blocks, as one block.</summary>
internal sealed class BlockRowReader(IBlockReader reader, int bufferBytes = 1 << 20) : IRowReader
{
    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
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

        return [.. reader.Notes, .. reader.Counts.Select(c => $"{c.Value} {c.Key}")];
    }
}
