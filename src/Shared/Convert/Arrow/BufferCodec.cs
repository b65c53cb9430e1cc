using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Conversion.Compression;
using K4os.Compression.LZ4;
using ZstdSharp;

namespace DataIngestion.Conversion.Arrow;

/// <summary>Decompresses single buffers: an LZ4 frame or a zstd frame each.</summary>
internal static class BufferCodec
{
    const int Start = 64 << 10;

    /// <summary>Into a rented array, which grows as far as there is something to put into it, whatever length is claimed.</summary>
    /// <exception cref="InvalidDataException">The frame is damaged, or of another length.</exception>
    public static byte[] Decode(BodyCodec codec, ReadOnlySpan<byte> packed, long length)
    {
        var to = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, Start + (packed.Length * 8L)));
        try
        {
            var written = codec == BodyCodec.Lz4 ? Lz4(packed, ref to, (int)length) : Zstd(packed, ref to, (int)length);
            return written == length ? to : throw Wrong(length, written);
        }
        catch (Exception damage) when (damage is CompressionDamage or ZstdException)
        {
            ArrayPool<byte>.Shared.Return(to);
            throw new InvalidDataException($"A compressed buffer of an Arrow batch is damaged: {damage.Message}.", damage);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(to);
            throw;
        }
    }

    /// <summary>Into a stream.</summary>
    public static void Decode(BodyCodec codec, ArrowBytes packed, long length, Stream to)
    {
        var input = new CompressedInput(new BytesStream(packed));
        using LayerDecoder decoder = codec == BodyCodec.Lz4 ? new Lz4Decoder(input) : new ZstdDecoder(input);
        var piece = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            var left = length;
            for (int read; (read = decoder.Read(piece)) > 0; left -= read)
                to.Write(piece, 0, read <= left ? read : throw new CompressionDamage("it holds more bytes than it says"));
            if (left != 0)
                throw Wrong(length, length - left);
        }
        catch (CompressionDamage damage)
        {
            throw new InvalidDataException($"A compressed buffer of an Arrow batch is damaged: {damage.Message}.", damage);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    static int Zstd(ReadOnlySpan<byte> packed, ref byte[] to, int length)
    {
        using var decompressor = new Decompressor();
        var written = 0;
        while (true)
        {
            var status = decompressor.UnwrapStream(packed, to.AsSpan(0, Math.Min(to.Length, length))[written..], out var consumed, out var more);
            packed = packed[consumed..];
            written += more;
            if (status == OperationStatus.Done)
                return packed.IsEmpty ? written : throw new CompressionDamage("other bytes follow its end");
            if (status == OperationStatus.InvalidData)
                throw new CompressionDamage("its zstd frame is invalid");
            if (written == length || (more == 0 && consumed == 0 && written < Math.Min(to.Length, length)))
                throw new CompressionDamage(written == length ? "it holds more bytes than it says" : "it is cut off");
            if (written == to.Length)
                Grow(ref to, written, length);
        }
    }

    static int Lz4(ReadOnlySpan<byte> packed, ref byte[] to, int length)
    {
        var frame = Lz4FrameHeader.Read(packed);
        var (at, written) = (frame.Length, 0);
        while (true)
        {
            var mark = at <= packed.Length - 4 ? BinaryPrimitives.ReadUInt32LittleEndian(packed[at..]) : throw CompressionDamage.CutOff("a frame");
            at += 4;
            if (mark == 0)
            {
                frame.CheckEnd(packed[at..], to.AsSpan(0, written));
                return written;
            }

            var size = (int)(mark & 0x7FFFFFFF);
            if (size > packed.Length - at)
                throw CompressionDamage.CutOff("a block");
            var block = packed.Slice(at, size);
            at += size;
            if (frame.HasBlockChecksum)
            {
                if (at > packed.Length - 4 || BinaryPrimitives.ReadUInt32LittleEndian(packed[at..]) != XxHash32.HashToUInt32(block))
                    throw new CompressionDamage("the checksum of a block is wrong");
                at += 4;
            }

            while (to.Length - written < Math.Min(frame.BlockSize, length - written))
                Grow(ref to, written, length);
            var room = to.AsSpan(written, Math.Min(frame.BlockSize, length - written));
            written += mark >> 31 == 1 ? Copy(block, room) : Unpack(block, room, frame.IsLinked ? to.AsSpan(0, written) : default);
        }
    }

    static int Copy(ReadOnlySpan<byte> block, Span<byte> to) => block.TryCopyTo(to) ? block.Length : throw new CompressionDamage("it holds more bytes than it says");

    static int Unpack(ReadOnlySpan<byte> block, Span<byte> to, ReadOnlySpan<byte> before)
    {
        const int History = 64 << 10;
        var known = before[Math.Max(0, before.Length - History)..];
        var written = known.IsEmpty ? LZ4Codec.Decode(block, to) : LZ4Codec.Decode(block, to, known);
        return written >= 0 ? written : throw new CompressionDamage("a block is invalid, or holds more bytes than it says");
    }

    static void Grow(ref byte[] array, int used, int most)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(most, Math.Max(array.Length, Start) * 2L));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        array = larger;
    }

    static InvalidDataException Wrong(long claimed, long held) => new($"A compressed buffer of an Arrow batch says that it holds {claimed} bytes, and holds {held}.");

    sealed class BytesStream(ArrowBytes bytes) : Pipeline.ReadOnlyStream
    {
        long _at;

        public override int Read(Span<byte> buffer)
        {
            var take = (int)Math.Min(buffer.Length, bytes.Length - _at);
            bytes.Slice(_at, take).CopyTo(buffer);
            _at += take;
            return take;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}
