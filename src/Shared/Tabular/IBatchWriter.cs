namespace DataIngestion.Tabular;

/// <summary>What a writer wrote.</summary>
/// <param name="Rows">Rows of the output.</param>
/// <param name="Bytes">Bytes of the output.</param>
public record WriteSummary(long Rows, long Bytes);

/// <summary>
/// Writes batches of one schema to a stream in one format. The bytes depend on the schema, the rows and the format's options, never on how
/// the rows were divided into batches. The stream need not be seekable and is left open. Calls must not overlap.
/// </summary>
public interface IBatchWriter : IAsyncDisposable
{
    /// <summary>The columns of the output.</summary>
    DataSchema Schema { get; }

    /// <summary>Adds the rows of a batch with this writer's schema. The batch stays the caller's.</summary>
    ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Writes what is left and flushes the stream. Without this call the output is not whole.</summary>
    ValueTask<WriteSummary> CompleteAsync(CancellationToken cancellationToken = default);
}
