using System.Runtime.InteropServices;

namespace DataIngestion.Tabular;

/// <summary>A moment as one cell holds it, at the column's own resolution.</summary>
/// <param name="Units">Units since 1970-01-01T00:00.</param>
/// <param name="Unit">The resolution.</param>
/// <param name="IsUtc">Whether it is UTC; otherwise what an unnamed local clock showed.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TimestampValue(long Units, TimeUnit Unit, bool IsUtc) : IComparable<TimestampValue>
{
    static readonly long EpochTicks = DateTime.UnixEpoch.Ticks;

    internal static long PerSecond(TimeUnit unit) => DataType.Time(unit).UnitsPerSecond;

    Int128 Nanoseconds => (Int128)Units * (1_000_000_000 / PerSecond(Unit));

    /// <summary>Order in time; a resolution does not matter.</summary>
    public int CompareTo(TimestampValue other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>The moment as <see cref="DateTime"/> (kind UTC or unspecified); nanoseconds are cut to 100.</summary>
    /// <exception cref="OverflowException">The year is not between 1 and 9999.</exception>
    public DateTime ToDateTime()
    {
        var ticks = Nanoseconds >= 0 ? Nanoseconds / 100 : (Nanoseconds - 99) / 100;
        var total = ticks + EpochTicks;
        if (total < 0 || total > DateTime.MaxValue.Ticks)
            throw new OverflowException($"{Units} {Unit} since 1970-01-01 is not in the years 1-9999.");
        return new((long)total, IsUtc ? DateTimeKind.Utc : DateTimeKind.Unspecified);
    }

    /// <summary>The units of a <see cref="DateTime"/>'s ticks at a resolution; what is finer is cut.</summary>
    public static TimestampValue FromDateTime(DateTime value, TimeUnit unit, bool isUtc)
    {
        var ticks = value.Ticks - EpochTicks;
        var units = unit switch
        {
            TimeUnit.Nanoseconds => checked(ticks * 100),
            TimeUnit.Microseconds => Math.DivRem(ticks, 10) is var (q, r) && r < 0 ? q - 1 : ticks / 10,
            _ => Math.DivRem(ticks, 10_000) is var (q, r) && r < 0 ? q - 1 : ticks / 10_000,
        };
        return new(units, unit, isUtc);
    }

    /// <summary>ISO 8601 with every digit of the resolution that is not zero at the end, and <c>Z</c> for UTC.</summary>
    public override string ToString()
    {
        var perSecond = PerSecond(Unit);
        var (seconds, fraction) = Math.DivRem(Units, perSecond);
        if (fraction < 0)
            (seconds, fraction) = (seconds - 1, fraction + perSecond);
        if (seconds < -62_135_596_800 || seconds > 253_402_300_799)
            return $"{Units} {Unit} since 1970-01-01{(IsUtc ? "Z" : "")}";
        var whole = DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond);
        return $"{whole:yyyy-MM-ddTHH:mm:ss}{Fraction(fraction, perSecond)}{(IsUtc ? "Z" : "")}";
    }

    internal static string Fraction(long fraction, long perSecond) =>
        fraction == 0 ? "" : "." + (fraction + perSecond).ToString().AsSpan(1).TrimEnd('0').ToString();

    /// <summary>Order in time.</summary>
    public static bool operator <(TimestampValue left, TimestampValue right) => left.CompareTo(right) < 0;

    /// <summary>Order in time.</summary>
    public static bool operator >(TimestampValue left, TimestampValue right) => left.CompareTo(right) > 0;

    /// <summary>Order in time.</summary>
    public static bool operator <=(TimestampValue left, TimestampValue right) => left.CompareTo(right) <= 0;

    /// <summary>Order in time.</summary>
    public static bool operator >=(TimestampValue left, TimestampValue right) => left.CompareTo(right) >= 0;
}

/// <summary>A time of day as one cell holds it.</summary>
/// <param name="Units">Units since midnight.</param>
/// <param name="Unit">The resolution.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TimeValue(long Units, TimeUnit Unit)
{
    /// <summary><c>HH:mm:ss</c> with every digit of the resolution that is not zero at the end.</summary>
    public override string ToString()
    {
        var perSecond = TimestampValue.PerSecond(Unit);
        var (seconds, fraction) = Math.DivRem(Units, perSecond);
        return $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}{TimestampValue.Fraction(fraction, perSecond)}";
    }
}
