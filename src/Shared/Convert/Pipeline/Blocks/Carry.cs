namespace DataIngestion.Conversion.Pipeline;

/// <summary>What a block left over because its last record ends in the next one, although it was cut as if it did not.</summary>
internal sealed class Carry : IDisposable
{
    Block? _rest;
    int _enough;

    /// <summary>Whether the next block begins where it was thought to.</summary>
    public bool IsEmpty => _rest is null && Start != BlockStart.InsideRejected;

    /// <summary>How the next block begins.</summary>
    public BlockStart Start { get; private set; } = BlockStart.Record;

    /// <summary>Puts what is left over before the next block.</summary>
    /// <returns>A block of both; the given one is part of it.</returns>
    public Block Join(Block next)
    {
        if (_rest is not { } rest)
            return next;
        _rest = null;
        rest.Add(next.Content);
        rest.IsLast = next.IsLast;
        next.Dispose();
        return rest;
    }

    /// <summary>
    /// Whether a block of left-over and new bytes is worth another attempt. One that is not is kept for the next: a record of many blocks
    /// is not tried again with each of them.
    /// </summary>
    public bool IsEnough(Block joined)
    {
        if (joined.IsLast || joined.Length >= _enough)
            return true;
        _rest = joined;
        return false;
    }

    /// <summary>Remembers what a result did not use of its block.</summary>
    public void Keep(Block block, BlockResult result)
    {
        var isWhole = result.Bytes == 0 && block.IsFirst;
        Start = isWhole ? BlockStart.Content : result.EndsInsideRejected ? BlockStart.InsideRejected : BlockStart.Record;
        var left = block.Content[result.Bytes..];
        _enough = result.Bytes == 0 ? 2 * left.Length : 0;
        if (left.IsEmpty)
            return;
        _rest = new(left.Length) { IsFirst = isWhole };
        _rest.Add(left);
    }

    public void Dispose() => _rest?.Dispose();
}
