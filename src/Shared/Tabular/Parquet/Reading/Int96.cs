using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Nanoseconds of the day and the Julian day: the form of timestamps that Impala and Spark write.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct Int96
{
    const long EpochJulianDay = 2_440_588;
    const long NanosecondsPerDay = 86_400_000_000_000;

    readonly long _nanoseconds;
    readonly int _day;

    /// <summary>Units since 1970-01-01, exactly.</summary>
    public long Units(long nanosecondsPerUnit)
    {
        var (units, rest) = Math.DivRem(_nanoseconds, nanosecondsPerUnit);
        var whole = ((Int128)(_day - EpochJulianDay) * (NanosecondsPerDay / nanosecondsPerUnit)) + units;
        if (rest != 0 || whole < long.MinValue || whole > long.MaxValue)
            throw new InvalidDataException($"The timestamp of Julian day {_day} and {_nanoseconds} ns has no place in 64 bits of {(nanosecondsPerUnit == 1 ? "nanoseconds" : "microseconds")}.");
        return (long)whole;
    }
}
