using System.IO.Compression;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Compression;

/// <summary>
/// Inflates one run of raw deflate data. <see cref="DeflateStream"/> reads ahead and neither says how far nor minds a missing end, so the
/// last bytes it was given are remembered and put back for the caller to look for what must follow.
/// </summary>
internal sealed class Inflation : IDisposable
{
    readonly CompressedInput _input;
    readonly Feed _feed;
    readonly DeflateStream _inflater;

    public Inflation(CompressedInput input)
    {
        _input = input;
        _feed = new(input);
        _inflater = new(_feed, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>Bytes put back when the end was reached: the data ended somewhere in them.</summary>
    public int PutBack { get; private set; }

    /// <summary>Some decompressed bytes; 0 at the end of the data.</summary>
    public int Read(Span<byte> to)
    {
        try
        {
            var read = _inflater.Read(to);
            if (read > 0)
                return read;
        }
        catch (InvalidDataException invalid)
        {
            throw _feed.RanDry ? CompressionDamage.CutOff("the deflate data") : new CompressionDamage("its deflate data is invalid", invalid);
        }

        if (_feed.RanDry)
            throw CompressionDamage.CutOff("the deflate data");
        _input.Unread(_feed.Last.Span);
        PutBack = _feed.Last.Length;
        return 0;
    }

    public void Dispose() => _inflater.Dispose();

    sealed class Feed(CompressedInput input) : ReadOnlyStream
    {
        readonly byte[] _last = new byte[8 << 10];

        public ReadOnlyMemory<byte> Last { get; private set; }

        /// <summary>Whether more was asked for than there is.</summary>
        public bool RanDry { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = input.Read(buffer[..Math.Min(buffer.Length, _last.Length)]);
            if (read == 0)
            {
                RanDry = buffer.Length > 0;
                return 0;
            }

            buffer[..read].CopyTo(_last);
            Last = _last.AsMemory(0, read);
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}
