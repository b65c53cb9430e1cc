namespace DataIngestion.Collect.Tests;

/// <summary>Gives at most so many bytes at a time.</summary>
internal sealed class ChunkedStream(byte[] content, int chunk) : MemoryStream(content, writable: false)
{
    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[Math.Min(buffer.Length, chunk)];
        var read = Read(bytes, 0, bytes.Length);
        bytes.AsSpan(0, read).CopyTo(buffer.Span);
        return ValueTask.FromResult(read);
    }
}

/// <summary>Writes down what it is told.</summary>
internal sealed class RecordingSink : IRecordSink
{
    public List<(long Place, string? Cursor, string Content)> Records { get; } = [];

    public IEnumerable<string?> Cursors => Records.Select(r => r.Cursor);

    public void OnRecord(long place, string? cursor, ReadOnlySpan<byte> content) => Records.Add((place, cursor, Convert.ToHexString(content)));
}
