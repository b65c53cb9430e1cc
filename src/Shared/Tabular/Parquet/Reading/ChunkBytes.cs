namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>The bytes of one column chunk, read ahead in windows, so that columns that lie apart are not read page by page.</summary>
/// <param name="input">A seekable stream that other columns read too.</param>
/// <param name="length">Bytes of the file.</param>
/// <param name="start">Where the chunk starts.</param>
/// <param name="size">Bytes of the chunk, as the footer says; only a hint.</param>
/// <param name="window">Bytes to read at once.</param>
internal sealed class ChunkBytes(Stream input, long length, long start, long size, int window) : IDisposable
{
    readonly long _expectedEnd = start + Math.Clamp(size, 0, length);
    byte[] _buffer = [];
    int _at;
    int _end;
    long _next = start;

    /// <summary>Where the next byte lies in the file.</summary>
    public long Position => _next - (_end - _at);

    /// <summary>What can be used without reading. It stays until the next call.</summary>
    public ReadOnlyMemory<byte> Available => _buffer.AsMemory(_at, _end - _at);

    public void Advance(int count) => _at += count;

    /// <summary>Makes at least so many bytes available, as far as the file has them.</summary>
    public async ValueTask FillAsync(int wanted, CancellationToken cancellationToken)
    {
        if (_end - _at >= wanted || _next >= length || _next < 0)
            return;
        var have = _end - _at;
        var ahead = Math.Clamp(_expectedEnd - _next, 0, window);
        var more = (int)Math.Min(length - _next, Math.Max(wanted - have, ahead));
        if (_buffer.Length < have + more)
        {
            var larger = Pool.Rent<byte>(have + more);
            _buffer.AsSpan(_at, have).CopyTo(larger);
            byte[]? old = _buffer;
            Pool.Return(ref old);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_at, have).CopyTo(_buffer);
        }

        (_at, _end) = (0, have);
        input.Position = _next;
        var read = await input.ReadAtLeastAsync(_buffer.AsMemory(have, more), more, throwOnEndOfStream: false, cancellationToken);
        _end += read;
        _next += read;
    }

    public void Dispose()
    {
        byte[]? buffer = _buffer;
        Pool.Return(ref buffer);
        (_buffer, _at, _end) = ([], 0, 0);
    }
}
