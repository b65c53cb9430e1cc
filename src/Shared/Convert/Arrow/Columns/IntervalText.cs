using System.Buffers.Binary;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Intervals as ISO 8601 text. Months, days and times are not turned into each other; a negative part has its own sign: <c>P-14M</c>, <c>P1M-2DT0.5S</c>.</summary>
internal static class IntervalText
{
    /// <param name="unit">0 for months, 1 for days and milliseconds, 2 for months, days and nanoseconds.</param>
    public static ArrowColumn Column(int unit, bool isBigEndian) => unit switch
    {
        0 => new FixedBytesArrowColumn(DataType.String, 4, v => Of(Int32(v, isBigEndian), 0, 0)),
        1 => new FixedBytesArrowColumn(DataType.String, 8, v => Of(0, Int32(v, isBigEndian), Int32(v[4..], isBigEndian) * 1_000_000L)),
        _ => new FixedBytesArrowColumn(DataType.String, 16, v => Of(Int32(v, isBigEndian), Int32(v[4..], isBigEndian), isBigEndian ? BinaryPrimitives.ReadInt64BigEndian(v[8..]) : BinaryPrimitives.ReadInt64LittleEndian(v[8..]))),
    };

    public static string Of(int months, int days, long nanoseconds)
    {
        if (months == 0 && days == 0 && nanoseconds == 0)
            return "PT0S";
        var text = "P" + (months != 0 ? $"{months}M" : "") + (days != 0 ? $"{days}D" : "");
        if (nanoseconds == 0)
            return text;
        var (seconds, fraction) = Math.DivRem(nanoseconds, 1_000_000_000);
        var digits = fraction == 0 ? "" : "." + Math.Abs(fraction).ToString("000000000").TrimEnd('0');
        return $"{text}T{(nanoseconds < 0 ? "-" : "")}{Math.Abs(seconds)}{digits}S";
    }

    static int Int32(ReadOnlySpan<byte> bytes, bool isBigEndian) => isBigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
