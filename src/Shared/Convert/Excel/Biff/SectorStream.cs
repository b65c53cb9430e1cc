using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel.Biff;

/// <summary>A stream of a compound file, whose sectors lie here and there.</summary>
/// <param name="size">As the directory says; there is never more than the sectors hold.</param>
internal sealed class SectorStream(Stream file, int[] chain, int sectorSize, long size) : ReadOnlyStream
{
    readonly long _length = Math.Min(size, (long)chain.Length * sectorSize);
    long _position;

    public override bool CanSeek => true;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        _position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => _length };

    public override int Read(Span<byte> buffer)
    {
        if (_position < 0 || _position >= _length || buffer.IsEmpty)
            return 0;
        var first = (int)(_position / sectorSize);
        var within = (int)(_position % sectorSize);
        var wanted = (int)Math.Min(buffer.Length, _length - _position);
        var run = 1;
        while (run * (long)sectorSize - within < wanted && first + run < chain.Length && chain[first + run] == chain[first + run - 1] + 1)
            run++;
        file.Position = (chain[first] + 1L) * sectorSize + within;
        var read = file.Read(buffer[..(int)Math.Min(wanted, run * (long)sectorSize - within)]);
        _position += read;
        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
}
