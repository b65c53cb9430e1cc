using System.Globalization;
using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Swift;

/// <summary>A balance: <c>C200101EUR444,29</c>.</summary>
/// <param name="Mark">C credit, D debit.</param>
/// <param name="Amount">Negative for a debit.</param>
/// <param name="Currency">Null where a bank leaves it out.</param>
internal sealed record SwiftBalance(string Mark, DateOnly Date, string? Currency, SwiftAmount Amount)
{
    /// <summary>The balance of a field; null for a text that is none.</summary>
    public static SwiftBalance? Parse(string text)
    {
        var line = text.AsSpan().TrimEnd();
        if (line.Length < 11 || line[0] is not ('C' or 'D'))
            return null;
        var currency = line[7..10].IndexOfAnyExceptInRange('A', 'Z') < 0 ? line[7..10].ToString() : null;
        return SwiftDates.Day(line[1..7]) is { } date && SwiftAmount.Parse(line[(currency is null ? 7 : 10)..]) is { } amount
            ? new(line[..1].ToString(), date.Date, currency, line[0] == 'D' ? amount.Negate() : amount)
            : null;
    }
}

/// <summary>An exact amount with the digits after the comma that were written.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SwiftAmount(Int128 Unscaled, int Scale)
{
    const int MostDigits = 36;

    public static SwiftAmount Zero { get; } = new(0, 0);

    /// <summary>Reads <c>380115,12</c>, <c>380115,</c>; null for anything else.</summary>
    public static SwiftAmount? Parse(ReadOnlySpan<char> text)
    {
        Int128 value = 0;
        var (digits, scale) = (0, -1);
        foreach (var c in text)
        {
            if (c == ',' && scale < 0)
            {
                scale = 0;
                continue;
            }

            if (!char.IsAsciiDigit(c) || ++digits > MostDigits)
                return null;
            value = (value * 10) + (c - '0');
            scale += scale < 0 ? 0 : 1;
        }

        return digits == 0 ? null : new(value, Math.Max(0, scale));
    }

    public SwiftAmount Negate() => this with { Unscaled = -Unscaled };

    public SwiftAmount Add(SwiftAmount other)
    {
        var scale = Math.Max(Scale, other.Scale);
        return new(To(scale) + other.To(scale), scale);
    }

    public bool Is(SwiftAmount other) => Add(other.Negate()).Unscaled == 0;

    Int128 To(int scale)
    {
        var value = Unscaled;
        for (var i = Scale; i < scale; i++)
            value *= 10;
        return value;
    }

    public override string ToString()
    {
        var digits = Int128.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        return (Unscaled < 0 ? "-" : "") + (Scale == 0 ? digits : $"{digits[..^Scale]}.{digits[^Scale..]}");
    }
}

/// <summary>A day, and whether it was one that only the counting of 30 days a month has.</summary>
internal readonly record struct SwiftDay(DateOnly Date, bool IsMoved);

/// <summary>Dates as SWIFT writes them.</summary>
internal static class SwiftDates
{
    /// <summary>Years from 80 on are of the last century, as the standard's general rules say.</summary>
    const int FirstOfLastCentury = 80;

    /// <summary><c>yyMMdd</c>. Interest is booked on 30 February where a month has 30 days: that is the month's last day.</summary>
    public static SwiftDay? Day(ReadOnlySpan<char> text)
    {
        if (text.Length != 6 || text.IndexOfAnyExceptInRange('0', '9') >= 0)
            return null;
        var year = int.Parse(text[..2], CultureInfo.InvariantCulture);
        return Of(year >= FirstOfLastCentury ? 1900 + year : 2000 + year, int.Parse(text[2..4], CultureInfo.InvariantCulture), int.Parse(text[4..], CultureInfo.InvariantCulture));
    }

    /// <summary><c>MMdd</c> near another day: an entry of January with a value date in December is of the next year.</summary>
    public static SwiftDay? Near(ReadOnlySpan<char> text, DateOnly value)
    {
        if (text.Length != 4 || text.IndexOfAnyExceptInRange('0', '9') >= 0)
            return null;
        var (month, day) = (int.Parse(text[..2], CultureInfo.InvariantCulture), int.Parse(text[2..], CultureInfo.InvariantCulture));
        return Of(value.Year + (month - value.Month > 6 ? -1 : value.Month - month > 6 ? 1 : 0), month, day);
    }

    static SwiftDay? Of(int year, int month, int day)
    {
        if (month is < 1 or > 12 || day < 1)
            return null;
        var last = DateTime.DaysInMonth(year, month);
        return day <= last ? new(new(year, month, day), false) : month == 2 && day <= 30 ? new(new(year, month, last), true) : null;
    }
}
