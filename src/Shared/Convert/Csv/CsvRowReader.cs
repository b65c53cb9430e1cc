using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>Reads delimited text from a stream: fills a buffer, lets the records in it be read, and moves on what is left.</summary>
/// <param name="keepsAll">See <see cref="CsvRecords"/>.</param>
internal sealed class CsvRowReader(CsvDialect dialect, ConversionLimits limits, bool keepsAll = false, int bufferBytes = 1 << 20) : IRowReader
{
    readonly CsvRecords _records = new(dialect, limits, keepsAll);
    readonly CsvMarkup _markup = new(dialect);
    byte[] _buffer = new byte[Math.Max(16, bufferBytes)];

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var length = 0;
        for (var final = false; !final;)
        {
            // Full buffers: a record that does not end is looked at again only when there is much more of it.
            length += await content.ReadAtLeastAsync(_buffer.AsMemory(length), _buffer.Length - length, throwOnEndOfStream: false, cancellationToken);
            final = length < _buffer.Length;
            var used = Read(length, final, consumer);
            _buffer.AsSpan(used, length - used).CopyTo(_buffer);
            length -= used;
            if (length == _buffer.Length && !Grow())
                throw new ConversionException($"The {dialect.FooterLines} lines after the table are longer than {_buffer.Length} bytes.");
            await consumer.PumpAsync(cancellationToken);
        }

        return [.. _records.Notes, .. _records.Counts.Select(c => $"{c.Value} {c.Key}")];
    }

    int Read(int length, bool final, IRowConsumer consumer)
    {
        var table = length - FooterLength(_buffer.AsSpan(0, length));
        var used = _records.Read(_buffer.AsSpan(0, table), final, consumer);
        if (!final || table == length)
            return used;
        _records.ReadFooter(_buffer.AsSpan(table, length - table), consumer);
        return length;
    }

    /// <summary>The bytes of the last lines, as many as stand after the table: until the content ends, any lines may be the last.</summary>
    int FooterLength(ReadOnlySpan<byte> data)
    {
        var start = data.Length;
        for (var lines = 0; lines < dialect.FooterLines && start > 0; lines++)
        {
            var end = start - 1;
            if (data[end] == '\n' && end > 0 && data[end - 1] == '\r')
                end--;
            while (end > 0 && !_markup.EndsLine(data[end - 1]))
                end--;
            start = end;
        }

        return data.Length - start;
    }

    bool Grow()
    {
        var size = (int)Math.Min(Array.MaxLength / 2, Math.Min(_buffer.Length * 2L, _records.MostBytes));
        if (size <= _buffer.Length)
            return false;
        Array.Resize(ref _buffer, size);
        return true;
    }
}
