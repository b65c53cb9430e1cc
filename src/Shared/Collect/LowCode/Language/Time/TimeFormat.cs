using System.Globalization;
using System.Text;

namespace DataIngestion.Collect;

/// <summary>
/// Times written by a format of percent signs, as C and Python know them, with those that Airbyte adds: <c>%s</c> (seconds since 1970), <c>%s_as_float</c>,
/// <c>%ms</c> (milliseconds), <c>%epoch_microseconds</c>, and <c>%_ms</c> (the three digits of the milliseconds) within a format.
/// </summary>
internal static class TimeFormat
{
    /// <summary>The time as text, or a number as text.</summary>
    public static string Write(MomentValue time, string format) => format switch
    {
        "%s" => ((long)Math.Truncate((time.Utc - DateTimeOffset.UnixEpoch).TotalSeconds)).ToString(CultureInfo.InvariantCulture),
        "%s_as_float" => Numbers.Show(Seconds(time)),
        "%ms" => Microseconds(time, 1000),
        "%epoch_microseconds" => Microseconds(time, 1),
        _ => Directives(time, format.Replace("%_ms", "%\u0001", StringComparison.Ordinal)),
    };

    /// <summary>Seconds since 1970.</summary>
    public static double Seconds(MomentValue time) => (time.Utc - DateTimeOffset.UnixEpoch).Ticks / 10 / 1e6;

    static string Microseconds(MomentValue time, long unit) => ((time.Utc - DateTimeOffset.UnixEpoch).Ticks / 10 / unit).ToString(CultureInfo.InvariantCulture);

    static string Directives(MomentValue time, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var c = format[++i];
            // %-d and %#d leave leading zeros out.
            if (c is '-' or '#' && i + 1 < format.Length && One(time, format[i + 1]) is { } padded)
            {
                text.Append(padded.TrimStart('0', ' ') is { Length: > 0 } digits ? digits : "0");
                i++;
            }
            else if (c == ':' && i + 1 < format.Length && format[i + 1] == 'z')
            {
                text.Append(time.OffsetText(":"));
                i++;
            }
            else
            {
                text.Append(One(time, c) ?? $"%{c}");
            }
        }

        return text.ToString();
    }

    static string? One(MomentValue time, char directive)
    {
        var local = time.Local;
        string Net(string format) => local.ToString(format, CultureInfo.InvariantCulture);
        return directive switch
        {
            'a' => Net("ddd"),
            'A' => Net("dddd"),
            'b' or 'h' => Net("MMM"),
            'B' => Net("MMMM"),
            'c' => Net("ddd MMM ") + local.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + Net(" HH:mm:ss yyyy"),
            'C' => (local.Year / 100).ToString("00", CultureInfo.InvariantCulture),
            'd' => Net("dd"),
            'D' or 'x' => Net("MM'/'dd'/'yy"),
            'e' => local.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'f' => time.Microsecond.ToString("000000", CultureInfo.InvariantCulture),
            'F' => Net("yyyy-MM-dd"),
            'G' => ISOWeek.GetYear(local).ToString(CultureInfo.InvariantCulture),
            'H' => Net("HH"),
            'I' => Net("hh"),
            'j' => local.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'k' => local.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'l' => (((local.Hour + 11) % 12) + 1).ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'm' => Net("MM"),
            'M' => Net("mm"),
            'n' => "\n",
            'p' => local.Hour < 12 ? "AM" : "PM",
            'P' => local.Hour < 12 ? "am" : "pm",
            'r' => Net("hh:mm:ss ") + (local.Hour < 12 ? "AM" : "PM"),
            'R' => Net("HH:mm"),
            's' => Write(time, "%s"),
            'S' => Net("ss"),
            't' => "\t",
            'T' or 'X' => Net("HH:mm:ss"),
            'u' => (((int)local.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
            'U' => ((local.DayOfYear + 6 - (int)local.DayOfWeek) / 7).ToString("00", CultureInfo.InvariantCulture),
            'V' => ISOWeek.GetWeekOfYear(local).ToString("00", CultureInfo.InvariantCulture),
            'w' => ((int)local.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'W' => ((local.DayOfYear + 6 - (((int)local.DayOfWeek + 6) % 7)) / 7).ToString("00", CultureInfo.InvariantCulture),
            'y' => Net("yy"),
            'Y' => Net("yyyy"),
            'z' => time.OffsetText(""),
            'Z' => time.Offset is null ? "" : time.Offset == TimeSpan.Zero ? "UTC" : "UTC" + time.OffsetText(":"),
            '%' => "%",
            '\u0001' => (time.Microsecond / 1000).ToString("000", CultureInfo.InvariantCulture),
            _ => null,
        };
    }
}
