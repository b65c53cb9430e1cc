using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Writing;

/// <summary>How a text format writes rows. Thread-safe: pieces of one batch are written at the same time.</summary>
internal interface IRowText
{
    /// <summary>What stands before the first row.</summary>
    void Header(Utf8Buffer to);

    /// <summary>Some rows of a batch.</summary>
    void Rows(RecordBatch batch, int start, int count, Utf8Buffer to);
}

/// <summary>Writes a text format. Memory holds the text of <paramref name="threads"/> pieces of a batch.</summary>
internal sealed class TextBatchWriter(Stream output, DataSchema schema, IRowText text, int threads) : IBatchWriter
{
    const int PieceRows = 4096;

    readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = Math.Max(1, threads) };
    readonly Utf8Buffer[] _pieces = [.. Enumerable.Range(0, Math.Max(1, threads)).Select(_ => new Utf8Buffer())];
    long _rows;
    long _bytes;
    bool _begun;

    public DataSchema Schema => schema;

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        await BeginAsync(cancellationToken);
        for (var start = 0; start < batch.Count; start += PieceRows * _pieces.Length)
        {
            var pieces = Math.Min(_pieces.Length, (batch.Count - start + PieceRows - 1) / PieceRows);
            if (pieces == 1)
                Format(batch, start, _pieces[0]);
            else
                Parallel.For(0, pieces, _parallel, i => Format(batch, start + (i * PieceRows), _pieces[i]));
            for (var i = 0; i < pieces; i++)
                await FlushAsync(_pieces[i], cancellationToken);
        }

        _rows += batch.Count;
    }

    void Format(RecordBatch batch, int start, Utf8Buffer to) => text.Rows(batch, start, Math.Min(PieceRows, batch.Count - start), to);

    async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        if (_begun)
            return;
        _begun = true;
        text.Header(_pieces[0]);
        await FlushAsync(_pieces[0], cancellationToken);
    }

    async ValueTask FlushAsync(Utf8Buffer buffer, CancellationToken cancellationToken)
    {
        await output.WriteAsync(buffer.Memory, cancellationToken);
        _bytes += buffer.Length;
        buffer.Clear();
    }

    public async ValueTask<WriteSummary> CompleteAsync(CancellationToken cancellationToken = default)
    {
        await BeginAsync(cancellationToken);
        await output.FlushAsync(cancellationToken);
        return new(_rows, _bytes);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var piece in _pieces)
            piece.Dispose();
        return ValueTask.CompletedTask;
    }
}
