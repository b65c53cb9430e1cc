namespace DataIngestion.Conversion.Pipeline;

/// <summary>
/// Cuts a stream into blocks where records seem to end. Blocks depend on the bytes alone, not on how the stream hands them over.
/// </summary>
/// <param name="firstBytes">Bytes that the first block must have, because the format's head is in them.</param>
/// <param name="blockBytes">Bytes of a block; more where a record does not end.</param>
/// <param name="mostBytes">Bytes after which a block ends although no record does.</param>
internal sealed class BlockSource(Stream content, IBlockFormat format, int firstBytes, int blockBytes, int mostBytes) : IDisposable
{
    readonly Block _rest = new(blockBytes);
    bool _isFirst = true;
    bool _ended;

    /// <summary>The next block, which the caller disposes; null when the last one was given.</summary>
    public async ValueTask<Block?> NextAsync(CancellationToken cancellationToken)
    {
        if (_ended)
            return null;
        var least = _isFirst ? firstBytes : 0;
        var block = new Block(Math.Max(Math.Max(blockBytes, least), _rest.Length)) { IsFirst = _isFirst };
        try
        {
            block.Add(_rest.Content);
            _rest.Length = 0;
            for (var size = Math.Max(blockBytes, least); ; size = (int)Math.Min(size * 2L, Math.Max(mostBytes, size + 1L)))
            {
                await FillAsync(block, size, cancellationToken);
                if (_ended)
                    break;
                var end = format.FindEnd(block.Content);
                if (end <= 0 && block.Length >= mostBytes)
                    break;
                if (end <= 0 || end < least)
                    continue;
                _rest.Add(block.Content[end..]);
                block.Length = end;
                break;
            }
        }
        catch
        {
            block.Dispose();
            throw;
        }

        block.IsLast = _ended;
        _isFirst = false;
        return block;
    }

    async ValueTask FillAsync(Block block, int size, CancellationToken cancellationToken)
    {
        block.Grow(size);
        while (block.Length < size && !_ended)
        {
            var read = await content.ReadAsync(block.Room[..(size - block.Length)], cancellationToken);
            block.Length += read;
            _ended = read == 0;
        }
    }

    public void Dispose() => _rest.Dispose();
}
