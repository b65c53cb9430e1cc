using System.Buffers.Binary;
using System.Numerics;
using Snappier;

namespace DataIngestion.Conversion.Compression;

/// <summary>Snappy's framing format, with the checksum of each chunk. It has no mark at its end: a cut between two chunks leaves no trace.</summary>
internal sealed class SnappyDecoder(CompressedInput input) : LayerDecoder
{
    const int MaxChunk = 64 << 10;

    readonly byte[] _packed = new byte[MaxChunk + (MaxChunk / 6) + 36];
    readonly byte[] _plain = new byte[MaxChunk];
    int _at;
    int _end;
    bool _begun;

    /// <summary>Whether the bytes begin such data.</summary>
    public static bool IsStart(ReadOnlySpan<byte> head) => head.Length >= 10 && head[0] == 0xFF && head[1..10].SequenceEqual("\x06\0\0sNaPpY"u8);

    public override int Read(Span<byte> to)
    {
        while (_at == _end)
        {
            if (_begun && input.IsAtEnd)
                return 0;
            if (!_begun && !IsStart(input.Peek(10)))
                throw new CompressionDamage("it does not start like snappy");
            _begun = true;
            ReadChunk();
        }

        var take = Math.Min(to.Length, _end - _at);
        _plain.AsSpan(_at, take).CopyTo(to);
        _at += take;
        return take;
    }

    void ReadChunk()
    {
        var head = input.ReadUInt32("a chunk's header");
        var (kind, length) = ((byte)head, (int)(head >> 8));
        switch (kind)
        {
            case 0xFF when length == 6:
            case 0 or 1:
                break;
            case >= 0x80 and < 0xFF:
                for (; length > 0; length--)
                    input.ReadByte("a chunk");
                return;
            default:
                throw new CompressionDamage($"a chunk at compressed byte {input.Position - 4} is of unknown kind {kind}");
        }

        if (length > _packed.Length || (kind < 2 && length < 4))
            throw new CompressionDamage($"a chunk at compressed byte {input.Position - 4} has a length of {length}");
        var chunk = _packed.AsSpan(0, length);
        input.ReadExactly(chunk, "a chunk");
        if (kind != 0xFF)
            Unpack(chunk, isPlain: kind == 1);
        else if (!chunk.SequenceEqual("sNaPpY"u8))
            throw new CompressionDamage("a mark is not that of snappy");
    }

    void Unpack(ReadOnlySpan<byte> chunk, bool isPlain)
    {
        var data = chunk[4..];
        if (isPlain && data.Length <= MaxChunk)
            data.CopyTo(_plain);
        if (isPlain ? data.Length > MaxChunk : !TryDecompress(data))
            throw new CompressionDamage($"a chunk before compressed byte {input.Position} is invalid");
        if (isPlain)
            _end = data.Length;
        _at = 0;
        if (Masked(_plain.AsSpan(0, _end)) != BinaryPrimitives.ReadUInt32LittleEndian(chunk))
            throw new CompressionDamage($"the checksum of a chunk before compressed byte {input.Position} is wrong");
    }

    bool TryDecompress(ReadOnlySpan<byte> data)
    {
        try
        {
            return Snappy.TryDecompress(data, _plain, out _end);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}
