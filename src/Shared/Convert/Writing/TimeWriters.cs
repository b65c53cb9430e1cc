using System.Runtime.CompilerServices;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Writing;

/// <summary>Days as <c>yyyy-MM-dd</c>.</summary>
internal sealed class DateWriter : CellWriter
{
    public override void Write(ColumnVector column, int row, Utf8Buffer to)
    {
        var days = ((FixedColumn<int>)column).Values[row];
        if (IsoText.IsInCalendar(days))
            to.Advance(IsoText.Date(days, to.Room(10)));
        else
            WriteAscii(column.GetText(row)!, to);
    }
}

/// <summary>Times of day as <c>HH:mm:ss</c> with the digits of the column's unit.</summary>
internal sealed class TimeWriter(TimeUnit unit) : CellWriter
{
    public override void Write(ColumnVector column, int row, Utf8Buffer to) => to.Advance(IsoText.Time(((FixedColumn<long>)column).Values[row], unit, to.Room(24)));
}

/// <summary>Moments as <c>yyyy-MM-ddTHH:mm:ss</c> with the digits of the column's unit and <c>Z</c> for UTC, so that the text says the type.</summary>
internal sealed class TimestampWriter(TimeUnit unit, bool isUtc) : CellWriter
{
    public override void Write(ColumnVector column, int row, Utf8Buffer to)
    {
        var units = ((FixedColumn<long>)column).Values[row];
        var perDay = IsoText.PerSecond(unit) * 86_400;
        var (days, ofDay) = Math.DivRem(units, perDay);
        if (ofDay < 0)
            (days, ofDay) = (days - 1, ofDay + perDay);
        if (!IsoText.IsInCalendar(days))
        {
            WriteAscii(column.GetText(row)!, to);
            return;
        }

        var room = to.Room(40);
        var length = IsoText.Date((int)days, room);
        room[length++] = (byte)'T';
        length += IsoText.Time(ofDay, unit, room[length..]);
        if (isUtc)
            room[length++] = (byte)'Z';
        to.Advance(length);
    }
}

/// <summary>ISO 8601 in UTF-8.</summary>
internal static class IsoText
{
    const int DaysToUnixEpoch = 719_162;

    public static bool IsInCalendar(long days) => days is >= -DaysToUnixEpoch and <= 2_932_896;

    public static long PerSecond(TimeUnit unit) => unit switch { TimeUnit.Milliseconds => 1_000, TimeUnit.Microseconds => 1_000_000, _ => 1_000_000_000 };

    /// <summary>Ten bytes for a day since 1970-01-01 in the years 1–9999.</summary>
    public static int Date(int days, Span<byte> to)
    {
        var (year, month, day) = DateOnly.FromDayNumber(days + DaysToUnixEpoch);
        Two(to, year / 100);
        Two(to[2..], year % 100);
        to[4] = to[7] = (byte)'-';
        Two(to[5..], month);
        Two(to[8..], day);
        return 10;
    }

    /// <summary>Twelve to eighteen bytes for units since midnight.</summary>
    public static int Time(long units, TimeUnit unit, Span<byte> to)
    {
        var (seconds, fraction) = Math.DivRem(units, PerSecond(unit));
        var (minutes, second) = Math.DivRem((int)seconds, 60);
        var (hour, minute) = Math.DivRem(minutes, 60);
        Two(to, hour);
        Two(to[3..], minute);
        Two(to[6..], second);
        to[2] = to[5] = (byte)':';
        to[8] = (byte)'.';
        var length = 9 + (unit switch { TimeUnit.Milliseconds => 3, TimeUnit.Microseconds => 6, _ => 9 });
        for (var i = length - 1; i > 8; i--)
        {
            (fraction, var digit) = Math.DivRem(fraction, 10);
            to[i] = (byte)('0' + digit);
        }

        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Two(Span<byte> to, int number)
    {
        to[1] = (byte)('0' + (number % 10));
        to[0] = (byte)('0' + (number / 10));
    }
}
