using System.Runtime.InteropServices;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>
/// A number that may have groups, a decimal comma, a currency or percent sign, and its sign before it, behind it or as parentheses.
/// It keeps every reading of its marks: which one counts is the column's to say.
/// </summary>
/// <param name="Readings">Bits of <see cref="NumberSpelling"/>; at least one.</param>
/// <param name="Unscaled">All digits as an integer, with the sign; 0 if there are more than 38.</param>
/// <param name="Digits">Digits without leading zeros.</param>
/// <param name="PointFraction">Digits after the decimal mark if that is a point.</param>
/// <param name="CommaFraction">Digits after the decimal mark if that is a comma.</param>
/// <param name="HasMarks">Whether a point or comma stands in it.</param>
/// <param name="IsBareParenthesis">Digits in parentheses and nothing else: a negative number, or an item's number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SpelledNumber(
    int Readings, Int128 Unscaled, int Digits, int PointFraction, int CommaFraction, NumberAffix Affix, bool HasMarks, bool IsBareParenthesis)
{
    const int LongestText = 80;
    const int MostSeparators = 24;

    /// <summary>Reads a number in any spelling; false where the text is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out SpelledNumber number)
    {
        number = default;
        if (text.Length > LongestText || !text.ContainsAnyInRange((byte)'0', (byte)'9'))
            return false;
        if (!NumberFrame.TryStrip(ref text, out var frame))
            return false;
        Span<byte> separators = stackalloc byte[MostSeparators];
        Span<int> runs = stackalloc int[MostSeparators + 1];
        if (!TryScan(text, separators, runs, out var count, out var unscaled, out var digits))
            return false;
        separators = separators[..count];
        var readings = Feasible(separators, runs, text[0] == '0');
        if (readings == 0)
            return false;
        var last = count == 0 ? (byte)0 : separators[^1];
        var hasMarks = separators.ContainsAny((byte)'.', (byte)',');
        number = new(
            readings, frame.IsNegative ? -unscaled : unscaled, digits, last == '.' ? runs[count] : 0, last == ',' ? runs[count] : 0,
            frame.Affix, hasMarks, frame.HasParentheses && count == 0 && frame.Affix == NumberAffix.None);
        return true;
    }

    static bool TryScan(ReadOnlySpan<byte> text, Span<byte> separators, Span<int> runs, out int count, out Int128 unscaled, out int digits)
    {
        (count, unscaled, digits) = (0, 0, 0);
        runs[0] = 0;
        for (var at = 0; at < text.Length;)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                if (digits > 0 || digit > 0)
                    digits++;
                if (digits <= DataType.MaxPrecision)
                    unscaled = unscaled * 10 + digit;
                runs[count]++;
                at++;
                continue;
            }

            var (kind, length) = Separator(text[at..]);
            if (length == 0 || count == separators.Length || (runs[count] == 0 && (count > 0 || kind is not ((byte)'.' or (byte)','))))
                return false;
            separators[count++] = kind;
            runs[count] = 0;
            at += length;
        }

        if (digits > DataType.MaxPrecision)
            unscaled = 0;
        return runs[count] > 0;
    }

    static (byte Kind, int Length) Separator(ReadOnlySpan<byte> text) => text[0] switch
    {
        (byte)'.' or (byte)',' or (byte)'\'' => (text[0], 1),
        0xE2 when text.StartsWith("’"u8) => ((byte)'\'', 3),
        _ => ((byte)' ', NumberFrame.SpaceAt(text)),
    };

    /// <summary>The readings under which groups have the right lengths.</summary>
    static int Feasible(ReadOnlySpan<byte> separators, ReadOnlySpan<int> runs, bool startsWithZero)
    {
        var readings = 0;
        for (var left = NumberSpelling.All; left != 0; left &= left - 1)
        {
            var spelling = NumberSpelling.Of(left, NumberAffix.None);
            if (Fits(separators, runs, startsWithZero, spelling))
                readings |= left & -left;
        }

        return readings;
    }

    static bool Fits(ReadOnlySpan<byte> separators, ReadOnlySpan<int> runs, bool startsWithZero, NumberSpelling spelling)
    {
        var groups = separators.Length;
        if (groups > 0 && separators[^1] == (spelling.DecimalComma ? ',' : '.'))
            groups--;
        if (groups == 0)
            return !startsWithZero || runs[0] == 1;
        var separator = spelling.Grouping switch
        {
            Grouping.Comma or Grouping.IndianComma => ',',
            Grouping.Point => '.',
            Grouping.Space => ' ',
            Grouping.Apostrophe => '\'',
            _ => '\0',
        };
        var inner = spelling.Grouping == Grouping.IndianComma ? 2 : 3;
        if (separators[..groups].ContainsAnyExcept((byte)separator) || startsWithZero || runs[0] == 0 || runs[0] > inner || runs[groups] != 3)
            return false;
        return groups == 1 || !runs[1..groups].ContainsAnyExcept(inner);
    }

    /// <summary>The number under one spelling as an integer of 10^-<paramref name="scale"/>; exact or false.</summary>
    /// <param name="strict">Whether zeros beyond the scale are refused too: the digits as written must fit.</param>
    public static bool TryScaled(ReadOnlySpan<byte> text, NumberSpelling spelling, int scale, bool strict, out Int128 value)
    {
        value = 0;
        if (!TryRead(text, out var number) || (number.Readings & spelling.Reading) == 0 || number.Affix != spelling.Affix || number.Digits > DataType.MaxPrecision)
            return false;
        var fraction = number.FractionOf(spelling);
        return fraction <= (strict ? scale : DataType.MaxPrecision) && new ExactDecimal(number.Unscaled, fraction).TryRescale(scale, out value);
    }

    /// <summary>Digits after the point of the value: those written, and those by which a percent sign moves it.</summary>
    public int FractionOf(NumberSpelling spelling) => (spelling.DecimalComma ? CommaFraction : PointFraction) + spelling.Affix.Shift;
}
