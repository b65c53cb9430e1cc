using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>Sixteen digits at once.</summary>
internal static class Digits
{
    /// <summary>Digits that one vector holds.</summary>
    public const int Most = 16;

    static ReadOnlySpan<byte> Masks =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>All bits of the first bytes.</summary>
    /// <param name="count">0–16.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> First(int count) => Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Masks), (nuint)(uint)(32 - count));

    /// <summary>All bits of the last bytes.</summary>
    /// <param name="count">0–16.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Last(int count) => Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Masks), (nuint)(uint)count);

    /// <summary>The digits (each byte less '0') of the text that ends before <paramref name="end"/>, at the end of the vector, with zeros before them.</summary>
    /// <param name="end">At least 16.</param>
    /// <param name="length">0–16.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Before(ref byte data, int end, int length) =>
        (Vector128.LoadUnsafe(ref data, (nuint)(uint)(end - Most)) - Vector128.Create((byte)'0')) & Last(length);

    /// <summary>Whether every byte is a digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreAll(Vector128<byte> digits) => Vector128.LessThanOrEqualAll(digits, Vector128.Create((byte)9));

    /// <summary>The number that sixteen digits make, the first being the greatest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Value(Vector128<byte> digits)
    {
        if (!Sse41.IsSupported)
            return Eight(digits.AsUInt64()[0]) * 100_000_000 + Eight(digits.AsUInt64()[1]);
        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((ushort)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x0001_0064u).AsInt16());
        var packed = Sse41.PackUnsignedSaturate(fours, fours).AsInt16();
        var eights = Sse2.MultiplyAddAdjacent(packed, Vector128.Create(0x0001_2710u).AsInt16()).AsUInt64().ToScalar();
        return (uint)eights * 100_000_000UL + (eights >> 32);
    }

    /// <summary>The same for eight digits, the first in the lowest byte.</summary>
    static ulong Eight(ulong digits)
    {
        if (!BitConverter.IsLittleEndian)
            digits = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(digits);
        digits = digits * 10 + (digits >> 8);
        return (((digits & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064) + (((digits >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
    }
}
