using DataIngestion.Tabular;

namespace DataIngestion.Merge;

/// <summary>Writes a Parquet part to a local file, batch by batch.</summary>
internal sealed class PartWriter(string path, DataSchema schema, int batchRows) : IAsyncDisposable
{
    readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
    ParquetBatchWriter? _parquet;

    /// <summary>The rows of the batch under way.</summary>
    public RecordBatchBuilder Rows { get; } = new(schema);

    ParquetBatchWriter Parquet => _parquet ??= ParquetBatchWriter.Create(_file, Rows.Schema);

    /// <summary>Ends a row, and with it the batch when that is full.</summary>
    public ValueTask EndRowAsync(CancellationToken cancellationToken)
    {
        Rows.EndRow();
        return Rows.Count < batchRows ? ValueTask.CompletedTask : FlushAsync(cancellationToken);
    }

    /// <summary>Writes what is left and the footer. A file without it is no part.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await Parquet.CompleteAsync(cancellationToken);
        await _file.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_parquet is not null)
            await _parquet.DisposeAsync();
        await _file.DisposeAsync();
    }

    async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (Rows.Count == 0)
            return;
        using var batch = Rows.Detach();
        await Parquet.WriteAsync(batch, cancellationToken);
    }
}
