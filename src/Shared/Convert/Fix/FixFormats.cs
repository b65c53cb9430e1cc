using System.Buffers;
using System.Globalization;
using System.Text;

namespace DataIngestion.Conversion.Fix;

/// <summary>Whether values are written as their data types want (FIX 5.0 SP2 Volume 1, "Field data types").</summary>
internal static class FixFormats
{
    const NumberStyles Whole = NumberStyles.AllowLeadingSign;
    static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789."u8);

    /// <param name="hasLongChars">See <see cref="FixVersion.HasLongChars"/>.</param>
    public static bool Fits(FixField field, ReadOnlySpan<byte> value, bool hasLongChars) => field.Kind switch
    {
        FixKind.Whole when field.Type == "DAYOFMONTH" => FixScan.Number(value) is >= 1 and <= 31,
        FixKind.Whole => value[0] != '+' && long.TryParse(value, Whole, CultureInfo.InvariantCulture, out _),
        FixKind.Count or FixKind.Length => FixScan.Number(value) >= 0,
        FixKind.Number => IsNumber(value),
        FixKind.Flag => value.Length == 1 && value[0] is (byte)'Y' or (byte)'N',
        FixKind.Date => IsDay(value),
        FixKind.Time => IsTime(value),
        FixKind.Moment => value.Length > 9 && value[8] == '-' && IsDay(value[..8]) && IsTime(field.Type == "TZTIMESTAMP" ? WithoutOffset(value[9..]) : value[9..]),
        FixKind.Text => IsText(field, value, hasLongChars),
        _ => true,
    };

    static bool IsText(FixField field, ReadOnlySpan<byte> value, bool hasLongChars) => field.Type switch
    {
        "CHAR" => hasLongChars || Encoding.UTF8.GetCharCount(value) == 1,
        "MONTHYEAR" => IsMonth(value),
        _ => true,
    };

    static bool IsNumber(ReadOnlySpan<byte> value)
    {
        if (value[0] == '-')
            value = value[1..];
        var point = value.IndexOf((byte)'.');
        var digits = point < 0 ? value.Length : value.Length - 1;
        return digits > 0 && value.Length - value.Count((byte)'.') == digits && value.IndexOfAnyExcept(Digits) < 0;
    }

    /// <summary><c>yyyyMM</c>, with a day or a week <c>w1</c> to <c>w5</c> behind it.</summary>
    static bool IsMonth(ReadOnlySpan<byte> value)
    {
        if (value.Length == 8 && value[6] != 'w')
            return IsDay(value);
        return value.Length is 6 or 8 && FixScan.Number(value[..6]) % 100 is >= 1 and <= 12 && (value.Length == 6 || value[7] is >= (byte)'1' and <= (byte)'5');
    }

    static bool IsDay(ReadOnlySpan<byte> value)
    {
        var number = value.Length == 8 ? FixScan.Number(value) : -1;
        var (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
        return number > 0 && year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
    }

    /// <summary><c>HH:mm</c>, <c>HH:mm:ss</c> and a fraction; 60 is a leap second.</summary>
    static bool IsTime(ReadOnlySpan<byte> value)
    {
        if (value.Length < 5 || value[2] != ':' || FixScan.Number(value[..2]) is < 0 or > 23 || FixScan.Number(value[3..5]) is < 0 or > 59)
            return false;
        if (value.Length == 5)
            return true;
        if (value.Length < 8 || value[5] != ':' || FixScan.Number(value[6..8]) is < 0 or > 60)
            return false;
        return value.Length == 8 || (value[8] == '.' && value.Length > 9 && value[9..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0);
    }

    static ReadOnlySpan<byte> WithoutOffset(ReadOnlySpan<byte> value)
    {
        var sign = value.IndexOfAny((byte)'Z', (byte)'+', (byte)'-');
        return sign < 0 ? value : value[..sign];
    }
}
