using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values.Kernels;

/// <summary>What follows the hour of a time, <c>:mm[:ss[.f{1..9}]]</c>, in units of the column: sixteen bytes are a whole one.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Clock
{
    /// <summary>Lengths that are well formed: 3, 6 and 8 to 16.</summary>
    const uint Lengths = 0b1_1111_1111_0100_1000;
    readonly int _longest;
    readonly long _perTenth;
    readonly ulong _factor;
    readonly int _shift;

    public Clock(TimeUnit unit)
    {
        // Digits that are finer than the unit are left to the slow parser, which knows whether they are zeros.
        (_longest, PerSecond, _factor, _shift) = unit switch
        {
            TimeUnit.Nanoseconds => (16, 1_000_000_000L, 1UL, 0),
            TimeUnit.Microseconds => (13, 1_000_000L, 274_877_907UL, 38), // x / 1,000 for x of 32 bits
            _ => (10, 1_000L, 1_125_899_907UL, 50), // x / 1,000,000
        };
        _perTenth = PerSecond / 10;
    }

    public long PerSecond { get; }

    /// <summary>Reads the text; false also for what is unusual.</summary>
    /// <param name="text">Sixteen bytes that may be read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ref byte text, int length, out long units)
    {
        units = 0;
        if ((uint)length > (uint)_longest || ((Lengths >> length) & 1) == 0)
            return false;
        var template = Vector128.Create(":00:00.000000000"u8);
        var digits = Vector128.ConditionalSelect(Digits.First(length), Vector128.LoadUnsafe(ref text), template) - template;
        if (!Vector128.LessThanOrEqualAll(digits, Vector128.Create((byte)0, 5, 9, 0, 5, 9, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9)))
            return false;
        var (tenths, left) = Sse41.IsSupported ? Sum(digits) : SumPortably(digits);
        units = (tenths * _perTenth) + (long)((left * _factor) >> _shift);
        return true;
    }

    /// <summary>Tenths of a second, and what is left in nanoseconds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (uint Tenths, ulong Left) Sum(Vector128<byte> digits)
    {
        // Bytes to m·10 | m | ss | f1 | f2 f3 | f4 f5 | f6 f7 | f8 f9, then to mm·60 | ss·10 + f1 | f2–f5 | f6–f9.
        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((sbyte)0, 10, 1, 0, 10, 1, 0, 1, 10, 1, 10, 1, 10, 1, 10, 1));
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create((short)60, 60, 10, 1, 100, 1, 100, 1));
        var packed = Sse41.PackUnsignedSaturate(fours, fours).AsInt16();
        var both = Sse2.MultiplyAddAdjacent(packed, Vector128.Create((short)10, 1, 10_000, 1, 10, 1, 10_000, 1)).AsUInt64().ToScalar();
        return ((uint)both, both >> 32);
    }

    static (uint Tenths, ulong Left) SumPortably(Vector128<byte> digits)
    {
        var minutes = (uint)((digits[1] * 10) + digits[2]);
        var tenths = (((minutes * 60) + (uint)((digits[4] * 10) + digits[5])) * 10) + digits[7];
        var rest = 0UL;
        for (var i = 8; i < 16; i++)
            rest = (rest * 10) + digits[i];
        return (tenths, rest);
    }
}
