using System.IO.Hashing;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Archives;

/// <summary>Bytes on disk for as long as an archive is read, which several readers look at independently.</summary>
internal sealed class SpoolFile : IDisposable
{
    readonly FileStream _file = new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose);

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Adds all that is left of some content.</summary>
    /// <returns>How many bytes it was.</returns>
    public long Append(Stream content, ArchiveBudget budget)
    {
        var began = Length;
        var buffer = new byte[1 << 16];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            budget.TakeBytes(read);
            RandomAccess.Write(_file.SafeFileHandle, buffer.AsSpan(0, read), Length);
            Length += read;
        }

        return Length - began;
    }

    /// <summary>Adds at most so many bytes of some content.</summary>
    /// <returns>How many bytes there were.</returns>
    public long Append(Stream content, long most, ArchiveBudget budget, out uint crc)
    {
        var (done, sum) = (0L, new Crc32());
        var buffer = new byte[1 << 16];
        for (int read; done < most && (read = content.Read(buffer, 0, (int)Math.Min(buffer.Length, most - done))) > 0; done += read)
        {
            budget.TakeBytes(read);
            sum.Append(buffer.AsSpan(0, read));
            RandomAccess.Write(_file.SafeFileHandle, buffer.AsSpan(0, read), Length);
            Length += read;
        }

        crc = sum.GetCurrentHashAsUInt32();
        return done;
    }

    /// <summary>A part of it.</summary>
    public Stream Open(long at, long length) => new Part(this, at, length);

    /// <summary>All of it.</summary>
    public Stream Open() => Open(0, Length);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    sealed class Part(SpoolFile spool, long at, long length) : SeekableStream(length)
    {
        protected override int ReadAt(Span<byte> buffer, long position) => RandomAccess.Read(spool._file.SafeFileHandle, buffer, at + position);
    }
}

/// <summary>A part of a seekable stream, which it closes.</summary>
internal sealed class SliceStream(Stream inner, long at, long length) : SeekableStream(length)
{
    protected override int ReadAt(Span<byte> buffer, long position)
    {
        if (inner.Position != at + position)
            inner.Position = at + position;
        return inner.Read(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A read-only stream of known length that can be read anywhere.</summary>
internal abstract class SeekableStream(long length) : ReadOnlyStream
{
    long _position;

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new IOException("A position lies before the start.");
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => length + offset };

    public override int Read(Span<byte> buffer)
    {
        var take = (int)Math.Min(buffer.Length, Math.Max(0, length - _position));
        if (take == 0)
            return 0;
        var read = ReadAt(buffer[..take], _position);
        _position += read;
        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    protected abstract int ReadAt(Span<byte> buffer, long position);
}
