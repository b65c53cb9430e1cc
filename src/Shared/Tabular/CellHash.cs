using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular;

/// <summary>Hashes that do not change between processes (unlike <see cref="HashCode"/>).</summary>
internal static class CellHash
{
    const ulong Odd = 0x9E3779B97F4A7C15;

    public const ulong Null = 0x5851F42D4C957F2D;

    public static ulong Of(ulong value)
    {
        value = (value ^ (value >> 32)) * 0xD6E8FEB86659FD93;
        value = (value ^ (value >> 32)) * 0xD6E8FEB86659FD93;
        return value ^ (value >> 32);
    }

    /// <summary>A quick hash for tables in memory; its highest bits are the best.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quick(ulong value) => (uint)((value * Odd) >> 32);

    public static ulong Combine(ulong left, ulong right) => Of(left * Odd + right);

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length * Odd;
        while (bytes.Length >= 8)
        {
            hash = (ulong.RotateLeft(hash, 23) ^ MemoryMarshal.Read<ulong>(bytes)) * Odd;
            bytes = bytes[8..];
        }

        if (bytes.Length > 0)
        {
            var rest = 0UL;
            for (var i = 0; i < bytes.Length; i++)
                rest |= (ulong)bytes[i] << (8 * i);
            hash = (ulong.RotateLeft(hash, 23) ^ rest) * Odd;
        }

        return hash ^ (hash >> 29) ^ (hash >> 47);
    }
}
