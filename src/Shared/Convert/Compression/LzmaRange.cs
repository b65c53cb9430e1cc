using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DataIngestion.Conversion.Compression;

/// <summary>LZMA's range decoder over one chunk. Behind the chunk's end it reads zeros, and is not <see cref="IsFinished"/>.</summary>
internal ref struct LzmaRange(ReadOnlySpan<byte> packed)
{
    /// <summary>A probability of one half, of 2048.</summary>
    public const ushort Even = 1024;

    readonly ReadOnlySpan<byte> _packed = packed;
    int _at = 5;
    uint _range = uint.MaxValue;
    uint _code = BinaryPrimitives.ReadUInt32BigEndian(packed[1..]);

    /// <summary>Whether the chunk was used up, exactly.</summary>
    public readonly bool IsFinished => _at == _packed.Length && _code == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bit(ref ushort probability)
    {
        var bound = (_range >> 11) * probability;
        int bit;
        if (_code < bound)
        {
            _range = bound;
            probability += (ushort)((2048 - probability) >> 5);
            bit = 0;
        }
        else
        {
            _range -= bound;
            _code -= bound;
            probability -= (ushort)(probability >> 5);
            bit = 1;
        }

        if (_range < 1 << 24)
            Normalize();
        return bit;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Normalize()
    {
        _range <<= 8;
        _code = (_code << 8) | (_at < _packed.Length ? _packed[_at] : 0u);
        _at++;
    }

    public int Tree(Span<ushort> probabilities, int bits)
    {
        var node = 1;
        for (var i = 0; i < bits; i++)
            node = (node << 1) | Bit(ref probabilities[node]);
        return node - (1 << bits);
    }

    public int ReverseTree(ushort[] probabilities, int offset, int bits)
    {
        var (node, value) = (1, 0);
        for (var i = 0; i < bits; i++)
        {
            var bit = Bit(ref probabilities[offset + node]);
            node = (node << 1) | bit;
            value |= bit << i;
        }

        return value;
    }

    public uint Direct(int bits)
    {
        var value = 0u;
        for (; bits > 0; bits--)
        {
            _range >>= 1;
            var isOne = _code >= _range;
            if (isOne)
                _code -= _range;
            value = (value << 1) | (isOne ? 1u : 0u);
            if (_range < 1 << 24)
                Normalize();
        }

        return value;
    }
}
