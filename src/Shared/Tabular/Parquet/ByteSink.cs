using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>A growing run of pooled bytes.</summary>
internal sealed class ByteSink : IDisposable
{
    byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Room for at least <paramref name="size"/> bytes; <see cref="Advance"/> says how many were written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Room(int size)
    {
        if (_bytes.Length - Length < size)
            Pool.Grow(ref _bytes, Length, Math.Max(1024, checked(Length + size)));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);
        Length += 4;
    }

    public void WriteVarint(uint value) => WriteVarint64(value);

    public void WriteVarint64(ulong value)
    {
        var room = Room(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            room[length++] = (byte)(value | 0x80);
        room[length++] = (byte)value;
        Length += length;
    }

    /// <summary>What was written, to be changed.</summary>
    public Span<byte> Writable => _bytes.AsSpan(0, Length);

    public void Truncate(int length) => Length = length;

    public void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), value);

    public void Clear() => Length = 0;

    public void Dispose()
    {
        var bytes = (byte[]?)_bytes;
        Pool.Return(ref bytes);
        (_bytes, Length) = ([], 0);
    }
}
