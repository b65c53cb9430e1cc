using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>Reads delimited text from a stream.</summary>
internal sealed class CsvRowReader(CsvDialect dialect, ConversionLimits limits, int bufferBytes = 1 << 20) : IRowReader
{
    byte[] _buffer = new byte[Math.Max(16, bufferBytes)];

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var records = new CsvRecords(dialect, limits);
        records.Begin(BlockStart.Content);
        var length = 0;
        for (var final = false; !final;)
        {
            var read = await content.ReadAsync(_buffer.AsMemory(length), cancellationToken);
            final = read == 0;
            length += read;
            var used = records.Read(_buffer.AsSpan(0, length), final, consumer);
            _buffer.AsSpan(used, length - used).CopyTo(_buffer);
            length -= used;
            if (length == _buffer.Length)
                Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, records.MostBytes));
            await consumer.PumpAsync(cancellationToken);
        }

        return [.. records.Notes, .. records.Counts.Select(c => $"{c.Value} {c.Key}")];
    }
}
