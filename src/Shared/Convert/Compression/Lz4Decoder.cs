using System.Buffers.Binary;
using System.IO.Hashing;
using K4os.Compression.LZ4;

namespace DataIngestion.Conversion.Compression;

/// <summary>LZ4 frames, linked or independent blocks, with all checksums; one after the other, and skippable ones between.</summary>
internal sealed class Lz4Decoder(CompressedInput input) : LayerDecoder
{
    public const uint Magic = 0x184D2204;
    const int History = 64 << 10;
    static readonly int[] BlockSizes = [64 << 10, 256 << 10, 1 << 20, 4 << 20];

    readonly XxHash32 _content = new();
    byte[] _packed = [];
    byte[] _window = new byte[History];
    int _kept;
    int _at = History;
    int _end = History;
    Frame? _frame;
    int _frames;

    sealed record Frame(bool IsLinked, bool HasBlockChecksum, bool HasContentChecksum, long? Size, int BlockSize)
    {
        public long Written { get; set; }
    }

    public override int Read(Span<byte> to)
    {
        while (_at == _end)
        {
            if (_frame is null && !BeginFrame())
                return 0;
            if (_frame is { } frame && !ReadBlock(frame))
                EndFrame(frame);
        }

        var take = Math.Min(to.Length, _end - _at);
        _window.AsSpan(_at, take).CopyTo(to);
        _at += take;
        return take;
    }

    bool BeginFrame()
    {
        if (_frames > 0 && input.IsAtEnd)
            return false;
        var mark = input.Peek(4);
        var magic = mark.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(mark);
        if (magic >> 4 == 0x184D2A5)
        {
            input.Skip(4);
            for (var left = input.ReadUInt32("a skippable frame"); left > 0; left--)
                input.ReadByte("a skippable frame");
            return true;
        }

        if (magic != Magic)
            throw _frames == 0 ? new CompressionDamage("it does not start like lz4") : TrailingBytes.Found(input);
        input.Skip(4);
        _frame = Header();
        _frames++;
        _content.Reset();
        (_at, _end, _kept) = (History, History, 0);
        if (_window.Length < History + _frame.BlockSize)
            (_window, _packed) = (new byte[History + _frame.BlockSize], new byte[_frame.BlockSize]);
        return true;
    }

    Frame Header()
    {
        Span<byte> descriptor = stackalloc byte[14];
        input.ReadExactly(descriptor[..2], "a frame's header");
        var (flags, size) = (descriptor[0], (descriptor[1] >> 4) & 7);
        if (flags >> 6 != 1 || (flags & 2) != 0 || size < 4 || (descriptor[1] & 0x8F) != 0)
            throw new CompressionDamage("a frame's header has an unknown version, flag or block size");
        if ((flags & 1) != 0)
            throw new CompressionDamage("it needs a dictionary, which is not supported");
        var length = 2;
        if ((flags & 8) != 0)
        {
            input.ReadExactly(descriptor.Slice(2, 8), "a frame's header");
            length = 10;
        }

        if (input.ReadByte("a frame's header") != (byte)(XxHash32.HashToUInt32(descriptor[..length]) >> 8))
            throw new CompressionDamage("the checksum of a frame's header is wrong");
        return new((flags & 0x20) == 0, (flags & 0x10) != 0, (flags & 4) != 0, length > 2 ? BinaryPrimitives.ReadInt64LittleEndian(descriptor[2..]) : null, BlockSizes[size - 4]);
    }

    /// <summary>False at the mark that ends the frame.</summary>
    bool ReadBlock(Frame frame)
    {
        var mark = input.ReadUInt32("a frame");
        if (mark == 0)
            return false;
        var (isPlain, length) = (mark >> 31 == 1, (int)(mark & 0x7FFFFFFF));
        if (length > frame.BlockSize)
            throw new CompressionDamage($"a block at compressed byte {input.Position - 4} is larger than its frame allows");
        var block = _packed.AsSpan(0, length);
        input.ReadExactly(block, "a block");
        if (frame.HasBlockChecksum && input.ReadUInt32("a block's checksum") != XxHash32.HashToUInt32(block))
            throw new CompressionDamage($"the checksum of a block before compressed byte {input.Position} is wrong");
        KeepHistory(frame);
        _at = History;
        _end = History + (isPlain ? Copy(block) : Unpack(block, frame));
        var written = _window.AsSpan(_at, _end - _at);
        if (frame.HasContentChecksum)
            _content.Append(written);
        frame.Written += written.Length;
        return true;
    }

    int Copy(ReadOnlySpan<byte> block)
    {
        block.CopyTo(_window.AsSpan(History));
        return block.Length;
    }

    int Unpack(ReadOnlySpan<byte> block, Frame frame)
    {
        var to = _window.AsSpan(History, frame.BlockSize);
        var written = frame.IsLinked && _kept > 0
            ? LZ4Codec.Decode(block, to, _window.AsSpan(History - _kept, _kept))
            : LZ4Codec.Decode(block, to);
        return written >= 0 ? written : throw new CompressionDamage($"a block before compressed byte {input.Position} is invalid");
    }

    // Linked blocks refer to the 64 KiB before them.
    void KeepHistory(Frame frame)
    {
        if (!frame.IsLinked)
            return;
        var keep = Math.Min(History, _kept + _end - History);
        Buffer.BlockCopy(_window, _end - keep, _window, History - keep, keep);
        _kept = keep;
    }

    void EndFrame(Frame frame)
    {
        if (frame.HasContentChecksum && input.ReadUInt32("a frame's checksum") != _content.GetCurrentHashAsUInt32())
            throw new CompressionDamage("the checksum at a frame's end is not that of its content");
        if (frame.Size is { } size && size != frame.Written)
            throw new CompressionDamage($"a frame says that it holds {size} bytes, and holds {frame.Written}");
        _frame = null;
    }
}
