using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace DataIngestion.Conversion.Compression;

/// <summary>The check at the end of each block of an .xz stream.</summary>
internal abstract class XzCheck(byte kind, int size)
{
    static readonly int[] Sizes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

    public static XzCheck None { get; } = new NoCheck();

    public byte Kind => kind;

    public int Size => size;

    /// <exception cref="CompressionDamage">The kind is not one that anybody writes.</exception>
    public static XzCheck Of(byte kind) => kind switch
    {
        0 => None,
        1 => new Crc32Check(),
        4 => new Crc64Check(),
        10 => new Sha256Check(),
        _ => throw new CompressionDamage($"its check of {Sizes[kind & 15]} bytes (kind {kind}) is unknown"),
    };

    public abstract void Reset();

    public abstract void Append(ReadOnlySpan<byte> bytes);

    public abstract bool Matches(ReadOnlySpan<byte> stored);

    sealed class NoCheck() : XzCheck(0, 0)
    {
        public override void Reset()
        {
        }

        public override void Append(ReadOnlySpan<byte> bytes)
        {
        }

        public override bool Matches(ReadOnlySpan<byte> stored) => true;
    }

    sealed class Crc32Check() : XzCheck(1, 4)
    {
        readonly Crc32 _crc = new();

        public override void Reset() => _crc.Reset();

        public override void Append(ReadOnlySpan<byte> bytes) => _crc.Append(bytes);

        public override bool Matches(ReadOnlySpan<byte> stored) => BinaryPrimitives.ReadUInt32LittleEndian(stored) == _crc.GetCurrentHashAsUInt32();
    }

    /// <summary>CRC-64 of ECMA-182, least significant bit first.</summary>
    sealed class Crc64Check() : XzCheck(4, 8)
    {
        static readonly ulong[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];
        ulong _crc = ulong.MaxValue;

        public override void Reset() => _crc = ulong.MaxValue;

        public override void Append(ReadOnlySpan<byte> bytes)
        {
            var (crc, table) = (_crc, Table);
            foreach (var value in bytes)
                crc = (crc >> 8) ^ table[(byte)crc ^ value];
            _crc = crc;
        }

        public override bool Matches(ReadOnlySpan<byte> stored) => BinaryPrimitives.ReadUInt64LittleEndian(stored) == ~_crc;

        static ulong Entry(int value)
        {
            var crc = (ulong)value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xC96C5795D7870F42 : 0);
            return crc;
        }
    }

    sealed class Sha256Check() : XzCheck(10, 32)
    {
        readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public override void Reset() => _hash.GetHashAndReset();

        public override void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

        public override bool Matches(ReadOnlySpan<byte> stored) => _hash.GetHashAndReset().AsSpan().SequenceEqual(stored);
    }
}
