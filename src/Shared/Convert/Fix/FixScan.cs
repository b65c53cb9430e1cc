using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DataIngestion.Conversion.Fix;

/// <summary>Looks at bytes without knowing their fields.</summary>
internal static class FixScan
{
    /// <summary>Bytes that may be the start of <c>8=FIX</c>, behind which nothing is known yet.</summary>
    public const int StartBytes = 5;

    /// <summary>Where the next message begins; -1 where none does. A longer number that ends in 8 begins none.</summary>
    public static int Start(ReadOnlySpan<byte> text, int from)
    {
        for (var at = from; ;)
        {
            var found = text[at..].IndexOf("8=FIX"u8);
            if (found < 0)
                return -1;
            at += found;
            if (at == 0 || (uint)(text[at - 1] - '0') > 9)
                return at;
            at++;
        }
    }

    /// <summary>The sum of all bytes, modulo 256.</summary>
    public static byte Sum(ReadOnlySpan<byte> bytes)
    {
        var sums = Vector256<byte>.Zero;
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var at = 0;
        for (; at <= bytes.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
            sums += Vector256.LoadUnsafe(ref first, (nuint)at);
        var sum = Vector256.Sum(sums);
        for (; at < bytes.Length; at++)
            sum += bytes[at];
        return sum;
    }

    /// <summary>A whole number without sign of at most nine digits; -1 for anything else.</summary>
    public static int Number(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 9)
            return -1;
        var number = 0;
        foreach (var b in text)
        {
            if ((uint)(b - '0') > 9)
                return -1;
            number = (number * 10) + b - '0';
        }

        return number;
    }
}
