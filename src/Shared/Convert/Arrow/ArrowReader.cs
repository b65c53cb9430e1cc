using System.Runtime.CompilerServices;
using DataIngestion.Conversion.Arrow.Columns;
using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow;

/// <summary>Reads the batches of an Arrow file or stream. Memory holds the dictionaries, up to 64 MiB of a batch, and the rows that are handed on.</summary>
internal sealed class ArrowReader : IColumnReader
{
    /// <summary>What a row counts, at least, where few bytes say that there are many rows.</summary>
    const int RowBytes = 16;

    const long FreeBytes = 64 << 20;
    readonly IMessageSource _messages;
    readonly BodyScratch _scratch;
    readonly ArrowNotes _notes;
    readonly ConversionLimits _limits;
    readonly OutgrownTypes _outgrown;
    readonly DictionaryStore _dictionaries = new();
    readonly ArrowColumn[] _columns;
    readonly bool[] _required;
    long _bytesIn;
    long _rows;
    long _bytesOut;

    public ArrowReader(IMessageSource messages, BodyScratch scratch, ArrowNotes notes, FormatContext context)
    {
        (_messages, _scratch, _notes, _limits, _outgrown) = (messages, scratch, notes, context.Limits, context.Outgrown);
        var fields = messages.Schema.Fields;
        if (fields.Count == 0)
            throw new NotSupportedException("The Arrow content has no columns.");
        notes.AddMetadata(messages.Schema.Metadata.Select(m => $"'{m}'"));
        var names = notes.Unique(fields.Select(f => f.Name), null);
        var factory = new ColumnFactory(messages.Schema.IsBigEndian, _dictionaries, _outgrown, notes);
        _columns = [.. fields.Select((f, i) => factory.Of(f, names[i]))];
        Schema = new(_columns.Select((c, i) => new DataColumn(names[i], c.Type, ColumnFactory.CanBeNull(fields[i]))));
        _required = [.. Schema.Select(c => !c.Nullable)];
    }

    public DataSchema Schema { get; }

    public IReadOnlyList<string> Notes => _notes.All;

    public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var builder = new RecordBatchBuilder(Schema);
        while (await _messages.NextAsync(cancellationToken) is { } message)
        {
            var body = new ArrowBody(message.Message.Batch!, message.Bytes, _scratch, message.Message.IsV4);
            if (message.Message.Kind == Metadata.MessageKind.DictionaryBatch)
            {
                var isNeeded = _dictionaries.Add(message.Message, body);
                _outgrown.Check();
                if (isNeeded)
                    continue; // its bytes are read when a column asks for them
            }
            else
            {
                Bind(body, message.Message.Batch!.Rows);
                for (var start = 0L; start < message.Message.Batch.Rows;)
                {
                    var rows = Rows(start, message.Message.Batch.Rows - start);
                    Append(builder, start, rows);
                    start += rows;
                    yield return builder.Detach();
                }
            }

            body.Dispose();
            message.Dispose();
        }
    }

    void Bind(ArrowBody body, long rows)
    {
        foreach (var column in _columns)
        {
            column.Bind(body);
            if (column.Rows != rows)
                throw new InvalidDataException($"An Arrow batch has {rows} rows, and one of its columns {column.Rows}.");
        }

        body.End();
        _bytesIn += body.Bytes;
    }

    /// <summary>How many of the rows that are left are handed on next.</summary>
    int Rows(long start, long left)
    {
        var (rows, bytes) = BatchSize.Of(left, (at, count, most) =>
        {
            var sum = 0L;
            foreach (var column in _columns)
                sum += sum <= most ? column.Measure(start + at, count, most - sum) : 0;
            return sum;
        });
        _rows += rows;
        _bytesOut += bytes;
        if ((_rows * RowBytes) - FreeBytes > (Int128)_bytesIn * _limits.MaxDecompressionRatio || _bytesOut > _limits.MaxDecompressedBytes)
            throw new InvalidDataException($"The Arrow content makes {_rows} rows of {_bytesIn} bytes: it is damaged, or made to fill the disk.");
        return rows;
    }

    void Append(RecordBatchBuilder builder, long start, int rows)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            if (_required[i] && _columns[i].HasNulls(start, rows, default))
                throw new InvalidDataException($"The Arrow column '{Schema[i].Name}' has nulls, and its schema allows none.");
            _columns[i].Append(builder[i], start, rows, default);
        }

        _outgrown.Check();
        builder.EndRows(rows);
    }

    public ValueTask DisposeAsync() => _messages.DisposeAsync();
}
