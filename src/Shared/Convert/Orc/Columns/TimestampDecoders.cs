using System.Globalization;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Orc.Columns;

/// <summary>The moments of a timestamp column: seconds since 2015 in the writer's zone in one stream, nanoseconds in another.</summary>
/// <param name="zone">The writer's; UTC for timestamps with local time zone.</param>
internal sealed class TimestampValues(IntegerRuns seconds, IntegerRuns nanoseconds, OrcZone zone, bool isHybrid)
{
    const long SecondsPerDay = 86_400;
    const int LastNanosecond = 999_999_999;

    /// <summary>The next one: seconds since the clock showed 1970-01-01T00:00, and nanoseconds after.</summary>
    public (long Second, int Nanosecond) Next()
    {
        var second = unchecked(seconds.Next() + zone.Epoch);
        var nanosecond = Nanosecond(nanoseconds.Next());

        // Writers round the seconds of moments before 1970 towards it if they have milliseconds, and not otherwise (ORC-763).
        if (second < 0 && nanosecond > 999_999)
            second--;
        second = zone.ToLocal(second);
        if (isHybrid && second < HybridCalendar.FirstGregorianDay * SecondsPerDay)
            second = ToProleptic(second);
        return (second, nanosecond);
    }

    /// <summary>The lowest three bits say how many zeros follow, less one.</summary>
    static int Nanosecond(long stored)
    {
        var value = (long)((ulong)stored >> 3);
        for (var zeros = stored & 7; value is > 0 and <= LastNanosecond && zeros > 0; zeros--)
            value *= zeros == (stored & 7) ? 100 : 10;
        return value is >= 0 and <= LastNanosecond ? (int)value : throw new InvalidDataException($"The ORC file is damaged: {value} nanoseconds are no part of a second.");
    }

    static long ToProleptic(long second)
    {
        var (day, rest) = Math.DivRem(second, SecondsPerDay);
        if (rest < 0)
            (day, rest) = (day - 1, rest + SecondsPerDay);
        return HybridCalendar.ToProleptic(day) * SecondsPerDay + rest;
    }
}

/// <summary>Timestamps that their unit holds exactly.</summary>
internal sealed class TimestampDecoder(BitRuns? present, TimestampValues values) : ValueDecoder<FixedBuilder<long>>(present)
{
    protected override void Append(FixedBuilder<long> builder)
    {
        var (second, nanosecond) = values.Next();
        var perUnit = builder.Type.Unit == TimeUnit.Nanoseconds ? 1 : 1_000;
        var (units, rest) = Math.DivRem(nanosecond, perUnit);
        var value = (Int128)second * (1_000_000_000 / perUnit) + units;
        builder.Append(rest == 0 && value >= long.MinValue && value <= long.MaxValue
            ? (long)value
            : throw new InvalidDataException($"The ORC file is damaged: a timestamp at second {second} after 1970 is not in the range that the statistics of its column say."));
    }
}

/// <summary>Timestamps of which some have nanoseconds and others lie too far away for them, as text.</summary>
internal sealed class TimestampTextDecoder(BitRuns? present, TimestampValues values, bool isUtc) : ValueDecoder<BytesBuilder>(present)
{
    const long FirstSecond = -62_135_596_800;
    const long LastSecond = 253_402_300_799;

    protected override void Append(BytesBuilder builder)
    {
        var (second, nanosecond) = values.Next();
        if (second is < FirstSecond or > LastSecond)
            throw new NotSupportedException($"The ORC file has a timestamp outside the years 1 to 9999 (second {second} after 1970) in a column with nanoseconds, which no type holds.");
        var fraction = nanosecond == 0 ? "" : "." + nanosecond.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0');
        builder.Append(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UnixEpoch.AddSeconds(second):yyyy-MM-ddTHH:mm:ss}{fraction}{(isUtc ? "Z" : "")}"));
    }
}
