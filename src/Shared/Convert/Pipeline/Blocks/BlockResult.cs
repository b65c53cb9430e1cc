namespace DataIngestion.Conversion.Pipeline;

/// <summary>What became of one block, with places that count from the block's start.</summary>
internal abstract class BlockResult
{
    /// <summary>Bytes of the records that were read; the others belong to the next block.</summary>
    public int Bytes { get; set; }

    /// <summary>Line ends in those bytes.</summary>
    public long Lines { get; set; }

    /// <summary>Records, rejected ones too.</summary>
    public long Rows { get; set; }

    /// <summary>See <see cref="IBlockReader.IsInsideRejected"/>.</summary>
    public bool EndsInsideRejected { get; set; }

    /// <summary>See <see cref="IBlockReader.Counts"/>.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; set; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>See <see cref="IBlockReader.Notes"/>.</summary>
    public IReadOnlyList<string> Notes { get; set; } = [];

    /// <summary>Gives the memory back.</summary>
    public abstract void Release();
}

/// <summary>Works on one block after another, on one thread at a time.</summary>
internal interface IBlockWorker<out T>
    where T : BlockResult
{
    T Run(Block block, BlockStart start, CancellationToken cancellationToken);
}
