namespace DataIngestion.Conversion.Orc;

/// <summary>
/// The calendar of java.util.GregorianCalendar: Julian before 1582-10-15, Gregorian from then on. A date keeps its name (year, month, day), so its number of
/// days changes to that of the Gregorian calendar extended backwards, which everything else here uses.
/// </summary>
internal static class HybridCalendar
{
    /// <summary>1582-10-15 in days since 1970-01-01.</summary>
    public const long FirstGregorianDay = -141_427;

    /// <summary>Days from 0000-03-01 of the Julian calendar to 1970-01-01 of the Gregorian one.</summary>
    const long JulianEpoch = 719_470;

    const long Epoch = 719_468;

    /// <summary>The number of the day that has the same name in the proleptic Gregorian calendar.</summary>
    /// <param name="day">A day before <see cref="FirstGregorianDay"/>.</param>
    public static long ToProleptic(long day)
    {
        // Years begin in March, so that the leap day is the last (Howard Hinnant, "chrono-compatible low-level date algorithms").
        var z = day + JulianEpoch;
        var era = FloorDivide(z, 1461);
        var dayOfEra = z - era * 1461;
        var yearOfEra = (dayOfEra - dayOfEra / 1460) / 365;
        var year = era * 4 + yearOfEra;
        var dayOfYear = dayOfEra - 365 * yearOfEra;
        var month = (5 * dayOfYear + 2) / 153;
        var dayOfMonth = dayOfYear - (153 * month + 2) / 5;

        // A leap day of the Julian calendar that the Gregorian has not (in 1500, 1400 ...) becomes the first of March.
        var gregorianEra = FloorDivide(year, 400);
        var gregorianYear = year - gregorianEra * 400;
        return gregorianEra * 146_097 + gregorianYear * 365 + gregorianYear / 4 - gregorianYear / 100 + (153 * month + 2) / 5 + dayOfMonth - Epoch;
    }

    static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((-value + by - 1) / by);
}
