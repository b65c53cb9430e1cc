using System.Buffers.Binary;
using System.IO.Hashing;

namespace DataIngestion.Conversion.Compression;

/// <summary>The .xz format 1.2: all streams with LZMA2, their checks and their index.</summary>
internal sealed class XzDecoder(CompressedInput input) : LayerDecoder
{
    const int MaxDictionary = 128 << 20;

    readonly XxHash128 _blocks = new(); // what the index must say, without keeping it
    Lzma2Decoder? _data;
    XzCheck _check = XzCheck.None;
    long _blockCount;
    long _blockBegin;
    int _headerSize;
    long? _declared;
    long? _declaredPacked;
    long _size;
    bool _inStream;
    int _streams;

    /// <summary>Whether the bytes begin such data.</summary>
    public static bool IsStart(ReadOnlySpan<byte> head) => head.Length >= 6 && head[..6].SequenceEqual((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]);

    public override int Read(Span<byte> to)
    {
        while (true)
        {
            if (!_inStream && !BeginStream())
                return 0;
            if (_data is null && !BeginBlock())
                continue;
            var read = _data!.Read(to);
            if (read > 0)
            {
                _check.Append(to[..read]);
                _size += read;
                return read;
            }

            EndBlock();
        }
    }

    bool BeginStream()
    {
        if (_streams > 0 && IsOnlyPadding())
            return false;
        if (!IsStart(input.Peek(6)))
            throw _streams == 0 ? new CompressionDamage("it does not start like xz") : TrailingBytes.Found(input);
        Span<byte> header = stackalloc byte[12];
        input.ReadExactly(header, "a stream's header");
        if (Crc32.HashToUInt32(header[6..8]) != BinaryPrimitives.ReadUInt32LittleEndian(header[8..]))
            throw new CompressionDamage("the checksum of a stream's header is wrong");
        _check = header[6] == 0 && header[7] < 16 ? XzCheck.Of(header[7]) : throw new CompressionDamage("a stream's header has unknown flags");
        (_inStream, _blockCount) = (true, 0);
        _blocks.Reset();
        _streams++;
        return true;
    }

    bool IsOnlyPadding()
    {
        while (input.Peek(4) is { Length: 4 } four && !four.ContainsAnyExcept((byte)0))
            input.Skip(4);
        return input.IsAtEnd;
    }

    bool BeginBlock()
    {
        _blockBegin = input.Position;
        var size = input.ReadByte("a stream");
        if (size == 0)
        {
            EndStream();
            return false;
        }

        _headerSize = (size + 1) * 4;
        Span<byte> header = stackalloc byte[1024];
        header = header[.._headerSize];
        header[0] = size;
        input.ReadExactly(header[1..], "a block's header");
        if (Crc32.HashToUInt32(header[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(header[^4..]))
            throw new CompressionDamage($"the checksum of the block header at compressed byte {_blockBegin} is wrong");
        _data = new(input, Dictionary(header[1..^4]));
        _check.Reset();
        _size = 0;
        return true;
    }

    int Dictionary(ReadOnlySpan<byte> header)
    {
        var (flags, at) = (header[0], 1);
        if ((flags & 0x3F) != 0)
            throw new CompressionDamage("a block uses a filter beside LZMA2, which is not supported");
        _declaredPacked = (flags & 0x40) != 0 ? Number(header, ref at) : null;
        _declared = (flags & 0x80) != 0 ? Number(header, ref at) : null;
        if (Number(header, ref at) != 0x21)
            throw new CompressionDamage("a block is not compressed by LZMA2, which is not supported");
        if (Number(header, ref at) != 1 || at >= header.Length || header[at] > 40)
            throw new CompressionDamage("a block's header is wrong");
        var bits = header[at];
        var size = bits == 40 ? uint.MaxValue : (2 | (bits & 1u)) << ((bits / 2) + 11);
        return size <= MaxDictionary ? (int)size : throw new CompressionDamage($"it needs a dictionary of {size >> 20} MiB: at most {MaxDictionary >> 20} MiB are supported");
    }

    static long Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0L;
        for (var shift = 0; shift < 63; shift += 7)
        {
            if (at == bytes.Length)
                throw new CompressionDamage("a number in a header is too long");
            var part = bytes[at++];
            value |= (long)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new CompressionDamage("a number in a header is too long");
    }

    void EndBlock()
    {
        _data = null;
        var packed = input.Position - _blockBegin - _headerSize;
        if ((_declaredPacked ?? packed) != packed || (_declared ?? _size) != _size)
            throw new CompressionDamage($"the block at compressed byte {_blockBegin} has another size than it says");
        for (var pad = packed; (pad & 3) != 0; pad++)
            ExpectZero();
        Span<byte> stored = stackalloc byte[32];
        stored = stored[.._check.Size];
        input.ReadExactly(stored, "a block's checksum");
        if (!_check.Matches(stored))
            throw new CompressionDamage($"the checksum of the block at compressed byte {_blockBegin} is not that of its content");
        Record(_headerSize + packed + _check.Size, _size, _blocks);
        _blockCount++;
    }

    static void Record(long packed, long size, XxHash128 to)
    {
        Span<byte> record = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(record, packed);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], size);
        to.Append(record);
    }

    void ExpectZero()
    {
        if (input.ReadByte("a block") != 0)
            throw new CompressionDamage($"there is no padding before compressed byte {input.Position}");
    }

    /// <summary>The index names the sizes of all blocks; the footer the size of the index.</summary>
    void EndStream()
    {
        var crc = new Crc32();
        crc.Append([0]);
        var said = new XxHash128();
        var count = IndexNumber(crc);
        if (count != _blockCount)
            throw new CompressionDamage($"the index names {count} blocks, and there are {_blockCount}");
        for (var i = 0L; i < count; i++)
            Record(IndexNumber(crc), IndexNumber(crc), said);
        for (; ((input.Position - _blockBegin) & 3) != 0;)
        {
            ExpectZero();
            crc.Append([0]);
        }

        if (input.ReadUInt32("the index") != crc.GetCurrentHashAsUInt32() || said.GetCurrentHashAsUInt128() != _blocks.GetCurrentHashAsUInt128())
            throw new CompressionDamage("the index is not that of the blocks");
        var indexSize = input.Position - _blockBegin;
        Span<byte> footer = stackalloc byte[12];
        input.ReadExactly(footer, "a stream's footer");
        if (!footer[10..].SequenceEqual("YZ"u8) || Crc32.HashToUInt32(footer[4..10]) != BinaryPrimitives.ReadUInt32LittleEndian(footer)
            || (BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) + 1L) * 4 != indexSize || footer[8] != 0 || footer[9] != _check.Kind)
            throw new CompressionDamage("a stream's footer is wrong");
        _inStream = false;
    }

    long IndexNumber(Crc32 crc)
    {
        var value = 0L;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var part = input.ReadByte("the index");
            crc.Append([part]);
            value |= (long)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new CompressionDamage("a number in the index is too long");
    }
}
