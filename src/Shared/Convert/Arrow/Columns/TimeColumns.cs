using System.Buffers.Binary;
using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>
/// Dates, times, timestamps and durations. Seconds become milliseconds, exactly. Where values are not what their type says, the next type takes them: days with
/// hours are timestamps, times of day outside of one are durations, and seconds that fill more than 64 bits as milliseconds are text.
/// </summary>
internal sealed class TimeColumns(ArrowField arrow, string path, bool isBigEndian, OutgrownTypes outgrown)
{
    const long MillisecondsPerDay = 86_400_000;
    const int Outgrown = 1;

    public static ArrowColumn Of(ArrowField field, string path, bool isBigEndian, OutgrownTypes outgrown, ArrowNotes notes)
    {
        if (field.Zone is { } zone && zone is not ("UTC" or "Etc/UTC" or "Z" or "+00:00"))
            notes.Add(path, $"has the zone {zone}; its moments are those of UTC");
        var columns = new TimeColumns(field, path, isBigEndian, outgrown);
        if (outgrown.Steps(path) == 0)
            return columns.Declared();
        var wider = columns.Wider();
        notes.Add(path, $"holds values that are no {field.Kind.ToString().ToLowerInvariant()} as Arrow has it; it is {wider.Type}");
        return wider;
    }

    ArrowColumn Declared() => (arrow.Kind, arrow.Unit) switch
    {
        (ArrowKind.Date, 0) => new PlainArrowColumn<int>(DataType.Date, isBigEndian),
        (ArrowKind.Date, _) => new MappedArrowColumn<long, int>(DataType.Date, isBigEndian, Day),
        (ArrowKind.Time, 0) => new MappedArrowColumn<int, long>(DataType.Time(TimeUnit.Milliseconds), isBigEndian, v => OfDay(v, 1) * 1000),
        (ArrowKind.Time, 1) => new MappedArrowColumn<int, long>(DataType.Time(TimeUnit.Milliseconds), isBigEndian, v => OfDay(v, 1_000)),
        (ArrowKind.Time, 2) => new MappedArrowColumn<long, long>(DataType.Time(TimeUnit.Microseconds), isBigEndian, v => OfDay(v, 1_000_000)),
        (ArrowKind.Time, _) => new MappedArrowColumn<long, long>(DataType.Time(TimeUnit.Nanoseconds), isBigEndian, v => OfDay(v, 1_000_000_000)),
        (ArrowKind.Timestamp, 0) => new MappedArrowColumn<long, long>(DataType.Timestamp(TimeUnit.Milliseconds, arrow.Zone is not null), isBigEndian, Thousandfold),
        (ArrowKind.Timestamp, _) => new PlainArrowColumn<long>(DataType.Timestamp(Unit, arrow.Zone is not null), isBigEndian),
        (ArrowKind.Duration, 0) => new MappedArrowColumn<long, long>(DataType.Duration(TimeUnit.Milliseconds), isBigEndian, Thousandfold),
        (ArrowKind.Duration, _) => new PlainArrowColumn<long>(DataType.Duration(Unit), isBigEndian),
        _ => throw new NotSupportedException($"The Arrow column '{path}' is of the type {arrow.Kind}, which is not read."),
    };

    ArrowColumn Wider() => (arrow.Kind, arrow.Unit) switch
    {
        (ArrowKind.Date, _) => new PlainArrowColumn<long>(DataType.Timestamp(TimeUnit.Milliseconds, isUtc: false), isBigEndian),
        (ArrowKind.Time, 0) => new MappedArrowColumn<int, long>(DataType.Duration(TimeUnit.Milliseconds), isBigEndian, v => v * 1000L),
        (ArrowKind.Time, 1) => new MappedArrowColumn<int, long>(DataType.Duration(TimeUnit.Milliseconds), isBigEndian, v => v),
        (ArrowKind.Time, _) => new PlainArrowColumn<long>(DataType.Duration(Unit), isBigEndian),
        (ArrowKind.Timestamp, _) => new FixedBytesArrowColumn(DataType.String, 8, v => $"{Int64(v)} s since 1970-01-01{(arrow.Zone is null ? "" : "Z")}"),
        _ => new FixedBytesArrowColumn(DataType.String, 8, v => Int64(v) is var seconds && seconds < 0 ? $"-PT{-(Int128)seconds}S" : $"PT{seconds}S"),
    };

    TimeUnit Unit => arrow.Unit switch { 1 => TimeUnit.Milliseconds, 2 => TimeUnit.Microseconds, _ => TimeUnit.Nanoseconds };

    long Int64(ReadOnlySpan<byte> bytes) => isBigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);

    int Day(long milliseconds)
    {
        var (day, rest) = Math.DivRem(milliseconds, MillisecondsPerDay);
        if (rest != 0 || day is < int.MinValue or > int.MaxValue)
            outgrown.Outgrow(path, Outgrown, $"holds dates in milliseconds, of which {milliseconds} are no whole day");
        return (int)day;
    }

    long OfDay(long units, long perSecond)
    {
        if (units < 0 || units >= 86_400 * perSecond)
            outgrown.Outgrow(path, Outgrown, $"holds times of day, and {units} is none (there are {perSecond} units in a second)");
        return units;
    }

    long Thousandfold(long seconds)
    {
        if (seconds is < long.MinValue / 1000 or > long.MaxValue / 1000)
            outgrown.Outgrow(path, Outgrown, $"holds seconds, of which {seconds} are no number of milliseconds in 64 bits");
        return unchecked(seconds * 1000);
    }
}
