using System.Buffers.Text;
using System.Globalization;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel;

/// <summary>
/// Writes numbers as what their format says they are. A number is the shortest one that reads back as the same double: 0.1 is <c>0.1</c>, and 0.1 + 0.2
/// is the <c>0.30000000000000004</c> that the file holds, unless Excel's 15 digits are asked for.
/// </summary>
/// <param name="is1904">Whether days count from 1904-01-01 as 0 instead of from 1900-01-01 as 1.</param>
/// <param name="asShown">Whether numbers are rounded to 15 digits, as Excel shows them.</param>
internal sealed class NumberWriter(bool is1904, bool asShown)
{
    const int Room = 64;
    const long DayMilliseconds = 86_400_000;

    /// <summary>9999-12-31 and some fraction, by the epoch of 1900.</summary>
    const double LastSerial = 2_958_466;

    /// <summary>Days of the epochs since 0001-01-01. The day that 1900 did not have, serial 60, moves all days before it.</summary>
    static readonly long Epoch1900 = DateOnly.FromDateTime(new(1899, 12, 30)).DayNumber;
    static readonly long Epoch1904 = DateOnly.FromDateTime(new(1904, 1, 1)).DayNumber;
    static readonly double LastSerial1904 = LastSerial - 1462;

    long _outOfRange;

    /// <summary>What people should know about the numbers.</summary>
    public IEnumerable<string> Notes => _outOfRange == 0 ? [] : [$"{_outOfRange} cells with a date format hold numbers that are no days (negative, or after 9999); they stay numbers"];

    public void Add(SheetRow row, int column, double value, CellFormat format)
    {
        switch (format.Kind)
        {
            case FormatKind.Moment when IsDay(value):
                AddMoment(row, column, value);
                break;
            case FormatKind.Time when value >= 0 && IsDay(value):
                if (value < 1)
                    AddTime(row, column, Math.Min(DayMilliseconds - 1, Milliseconds(value)));
                else
                    AddMoment(row, column, value);
                break;
            case FormatKind.Duration when Math.Abs(value) <= LastSerial:
                AddDuration(row, column, Milliseconds(value));
                break;
            case FormatKind.Code when value >= 0 && value == Math.Floor(value) && value < 1e15:
                AddCode(row, column, (long)value, format.Digits);
                break;
            default:
                if (format.Kind is FormatKind.Moment or FormatKind.Time)
                    _outOfRange++;
                row.Take(column, Write(value, row.Room(Room)), format.Kind == FormatKind.Text ? CellKind.Literal : CellKind.Number);
                break;
        }
    }

    /// <summary>A number as a file spells it: whole numbers keep every digit, others are read as Excel reads them.</summary>
    /// <returns>False where it is no number.</returns>
    public bool TryAdd(SheetRow row, int column, ReadOnlySpan<byte> text, CellFormat format)
    {
        if (format.Kind is FormatKind.Number or FormatKind.Text && !asShown && PlainLength(text) is > 0 and var length)
        {
            row.Add(column, length == 2 && text[0] == '-' && text[1] == '0' ? "0"u8 : text[..length], format.Kind == FormatKind.Text ? CellKind.Literal : CellKind.Number);
            return true;
        }

        if (!Utf8Parser.TryParse(text, out double value, out var read) || read != text.Length || !double.IsFinite(value))
            return false;
        Add(row, column, value, format);
        return true;
    }

    /// <summary>The length of a number that needs no other spelling, without zeros after its point; 0 for others.</summary>
    static int PlainLength(ReadOnlySpan<byte> text)
    {
        var start = text.Length > 0 && text[0] == '-' ? 1 : 0;
        var (point, at) = (-1, start);
        for (; at < text.Length; at++)
        {
            if (text[at] == '.' && point < 0 && at > start)
                point = at;
            else if ((uint)(text[at] - '0') > 9)
                return 0;
        }

        if (at == start || (text[start] == '0' && at > start + 1 && text[start + 1] != '.'))
            return 0;
        if (point < 0)
            return at - start <= 38 ? at : 0;
        if (at - start > 16)
            return 0;
        while (text[at - 1] == '0')
            at--;
        return at - 1 == point ? point : at;
    }

    bool IsDay(double value) => is1904 ? value >= 0 && value < LastSerial1904 : value >= 0 && value < LastSerial;

    static long Milliseconds(double days) => (long)Math.Round(days * DayMilliseconds, MidpointRounding.AwayFromZero);

    /// <summary>
    /// A date, time or duration as Excel writes it in ISO 8601: it counts a date's days back to 1899-12-30 and makes its own day of them, so that
    /// <c>1899-12-31</c> is the first of January.
    /// </summary>
    public void AddCounted(SheetRow row, int column, ReadOnlySpan<byte> text)
    {
        if (!is1904 && IsoText.TryRead(text, out var kind, out var day, out var clock) && kind == FormatKind.Moment && day >= Epoch1900 && day < Epoch1900 + 60)
            AddMoment(row, column, (double)(day - Epoch1900) + (double)clock / DayMilliseconds);
        else
            AddIso(row, column, text);
    }

    /// <summary>A date, time or duration as ISO 8601 writes it, to the millisecond as all others; what is none of these stays text.</summary>
    /// <param name="isElapsed">Whether a duration below 24 hours is no time of day.</param>
    public static void AddIso(SheetRow row, int column, ReadOnlySpan<byte> text, bool isElapsed = true)
    {
        if (IsoText.TryRead(text, out var kind, out var day, out var clock))
        {
            switch (kind)
            {
                case FormatKind.Moment:
                    AddDay(row, column, day + clock / DayMilliseconds, clock % DayMilliseconds);
                    return;
                case not FormatKind.Moment when clock is >= 0 and < DayMilliseconds && (kind == FormatKind.Time || !isElapsed):
                    AddTime(row, column, clock);
                    return;
                default:
                    AddDuration(row, column, clock);
                    return;
            }
        }

        row.Add(column, text, CellKind.Text);
    }

    void AddMoment(SheetRow row, int column, double value)
    {
        var total = Milliseconds(value);
        var (serial, clock) = (total / DayMilliseconds, total % DayMilliseconds);
        if (!is1904 && serial == 0 && clock > 0)
        {
            // A time of day without a day, whatever the format would show for the day.
            AddTime(row, column, clock);
            return;
        }

        if (!is1904 && serial == 60)
        {
            row.Add(column, "1900-02-29"u8, CellKind.Text);
            return;
        }

        AddDay(row, column, is1904 ? Epoch1904 + serial : Epoch1900 + serial + (serial < 60 ? 1 : 0), clock);
    }

    static void AddDay(SheetRow row, int column, long day, long clock)
    {
        var room = row.Room(Room);
        DateOnly.FromDayNumber((int)Math.Min(day, DateOnly.MaxValue.DayNumber)).TryFormat(room, out var length, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        room[length++] = (byte)'T';
        length += WriteClock(clock, room[length..]);
        row.Take(column, length, clock == 0 ? CellKind.Midnight : CellKind.Text);
    }

    static void AddTime(SheetRow row, int column, long clock) => row.Take(column, WriteClock(clock, row.Room(Room)), CellKind.Text);

    static int WriteClock(long milliseconds, Span<byte> to)
    {
        new TimeOnly(milliseconds * TimeSpan.TicksPerMillisecond).TryFormat(to, out var length, milliseconds % 1000 == 0 ? "HH:mm:ss" : "HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return length;
    }

    /// <summary>As ISO 8601, so that one below 24 hours is no time of day.</summary>
    static void AddDuration(SheetRow row, int column, long milliseconds)
    {
        var total = Math.Abs(milliseconds);
        var room = row.Room(Room);
        var length = 0;
        if (milliseconds < 0)
            room[length++] = (byte)'-';
        "PT"u8.CopyTo(room[length..]);
        length += 2;
        var (hours, minutes, seconds, fraction) = (total / 3_600_000, total / 60_000 % 60, total / 1000 % 60, total % 1000);
        Part(hours, 'H', room, ref length);
        Part(minutes, 'M', room, ref length);
        if (seconds > 0 || fraction > 0 || total == 0)
        {
            Utf8Formatter.TryFormat(seconds, room[length..], out var written);
            length += written;
            if (fraction > 0)
            {
                room[length++] = (byte)'.';
                Utf8Formatter.TryFormat(fraction, room[length..], out written, new('D', 3));
                length += written;
            }

            room[length++] = (byte)'S';
        }

        row.Take(column, length, CellKind.Text);

        static void Part(long value, char unit, Span<byte> to, ref int length)
        {
            if (value == 0)
                return;
            Utf8Formatter.TryFormat(value, to[length..], out var written);
            length += written;
            to[length++] = (byte)unit;
        }
    }

    static void AddCode(SheetRow row, int column, long value, byte digits)
    {
        Utf8Formatter.TryFormat(value, row.Room(Room), out var length, new('D', digits));
        row.Take(column, length, CellKind.Literal);
    }

    /// <summary>Writes a finite number, positional where that takes at most 17 digits before and 20 after the point.</summary>
    int Write(double value, Span<byte> to)
    {
        if (value == Math.Floor(value) && Math.Abs(value) < 1e15)
        {
            Utf8Formatter.TryFormat((long)value, to, out var whole);
            return whole;
        }

        value.TryFormat(to, out var length, asShown ? "G15" : "R", CultureInfo.InvariantCulture);
        var exponentAt = to[..length].IndexOf((byte)'E');
        return exponentAt < 0 ? length : Unfold(to, length, exponentAt);
    }

    static int Unfold(Span<byte> text, int length, int exponentAt)
    {
        if (!Utf8Parser.TryParse(text[(exponentAt + (text[exponentAt + 1] == '+' ? 2 : 1))..length], out int exponent, out _))
            return length;
        Span<byte> digits = stackalloc byte[24];
        var (count, sign) = (0, text[0] == '-' ? 1 : 0);
        foreach (var b in text[sign..exponentAt])
        {
            if (b != '.')
                digits[count++] = b;
        }

        digits = digits[..count];
        if (exponent >= 0 ? exponent > 16 : count - 1 - exponent > 20)
            return length;
        var at = sign;
        if (exponent >= 0)
        {
            for (var i = 0; i <= exponent || i < count; i++)
            {
                if (i == exponent + 1)
                    text[at++] = (byte)'.';
                text[at++] = i < count ? digits[i] : (byte)'0';
            }

            return at;
        }

        text[at++] = (byte)'0';
        text[at++] = (byte)'.';
        for (var i = -1; i > exponent; i--)
            text[at++] = (byte)'0';
        digits.CopyTo(text[at..]);
        return at + count;
    }
}
