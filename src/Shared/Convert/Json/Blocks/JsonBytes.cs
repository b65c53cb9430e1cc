using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>
/// Finds where JSON tokens end, checking them as RFC 8259 wants. The text must end with a line feed and be followed by <see cref="Slack"/>
/// readable bytes: a line feed ends every token, so nothing else needs to be compared with the end of the text.
/// </summary>
internal static class JsonBytes
{
    /// <summary>Bytes that must be readable behind the text.</summary>
    public const int Slack = 64;

    /// <summary>The place of the first quote, backslash or control character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StringEnd(ref byte text, int at)
    {
        while (true)
        {
            var bytes = Vector256.LoadUnsafe(ref text, (nuint)at);
            var ends = Vector256.Equals(bytes, Vector256.Create((byte)'"')) | Vector256.Equals(bytes, Vector256.Create((byte)'\\')) | Vector256.LessThan(bytes, Vector256.Create((byte)' '));
            var bits = ends.ExtractMostSignificantBits();
            if (bits != 0)
                return at + BitOperations.TrailingZeroCount(bits);
            at += Vector256<byte>.Count;
        }
    }

    /// <summary>The end of the number that begins here; -1 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NumberEnd(ref byte text, int at)
    {
        var bytes = Vector128.LoadUnsafe(ref text, (nuint)at);
        var digits = Vector128.LessThan(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)10)).ExtractMostSignificantBits();
        var points = Vector128.Equals(bytes, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
        var sign = Unsafe.Add(ref text, at) == '-' ? 1 : 0;
        var length = BitOperations.TrailingZeroCount(~(digits | points | (uint)sign));
        if (length >= 16 || Unsafe.Add(ref text, at + length) is (byte)'e' or (byte)'E')
            return LongNumberEnd(ref text, at);
        points &= (1u << length) - 1;
        // Digits on both sides of at most one point, and no zero before another digit.
        var first = 1u << sign;
        var last = (1u << length) >> 1;
        var isWrong = length == sign
            || (points & (points - 1)) != 0
            || (points & (first | last)) != 0
            || (Unsafe.Add(ref text, at + sign) == '0' && (digits & (first << 1)) != 0);
        return isWrong ? -1 : at + length;
    }

    static int LongNumberEnd(ref byte text, int at)
    {
        if (Unsafe.Add(ref text, at) == '-')
            at++;
        if (Unsafe.Add(ref text, at) == '0')
            at++;
        else if ((at = Digits(ref text, at)) < 0)
            return -1;
        if (Unsafe.Add(ref text, at) == '.' && (at = Digits(ref text, at + 1)) < 0)
            return -1;
        if ((Unsafe.Add(ref text, at) | 0x20) != 'e')
            return at;
        at++;
        if (Unsafe.Add(ref text, at) is (byte)'+' or (byte)'-')
            at++;
        return Digits(ref text, at);
    }

    static int Digits(ref byte text, int at)
    {
        var start = at;
        while ((uint)(Unsafe.Add(ref text, at) - '0') <= 9)
            at++;
        return at == start ? -1 : at;
    }

    /// <summary>The end of <c>true</c>, <c>false</c> or <c>null</c>; -1 for anything else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WordEnd(ref byte text, int at)
    {
        var word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref text, at));
        if (word == Unsafe.ReadUnaligned<uint>(ref System.Runtime.InteropServices.MemoryMarshal.GetReference("true"u8)) || word == Unsafe.ReadUnaligned<uint>(ref System.Runtime.InteropServices.MemoryMarshal.GetReference("null"u8)))
            return at + 4;
        return word == Unsafe.ReadUnaligned<uint>(ref System.Runtime.InteropServices.MemoryMarshal.GetReference("fals"u8)) && Unsafe.Add(ref text, at + 4) == 'e' ? at + 5 : -1;
    }

    /// <summary>Bytes of the escape, or of the pair of escapes, that begins here; 0 where it is none of JSON's or half of a surrogate pair.</summary>
    public static int EscapeLength(ref byte text, int at)
    {
        if (Unsafe.Add(ref text, at + 1) != 'u')
            return "\"\\/bfnrt"u8.Contains(Unsafe.Add(ref text, at + 1)) ? 2 : 0;
        var unit = Unit(ref text, at + 2);
        if (unit is < 0 or >= 0xDC00 and < 0xE000)
            return 0;
        if (unit is < 0xD800 or >= 0xE000)
            return 6;
        var isPair = Unsafe.Add(ref text, at + 6) == '\\' && Unsafe.Add(ref text, at + 7) == 'u' && Unit(ref text, at + 8) is >= 0xDC00 and < 0xE000;
        return isPair ? 12 : 0;
    }

    static int Unit(ref byte text, int at)
    {
        var unit = 0;
        for (var i = 0; i < 4; i++)
        {
            var digit = HexDigit(Unsafe.Add(ref text, at + i));
            if (digit < 0)
                return -1;
            unit = (unit << 4) | digit;
        }

        return unit;
    }

    static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };

    /// <summary>The first byte that is no blank; a line feed is none.</summary>
    public static int SkipBlanks(ref byte text, int at)
    {
        while (Unsafe.Add(ref text, at) is (byte)' ' or (byte)'\t' or (byte)'\r')
            at++;
        return at;
    }
}
