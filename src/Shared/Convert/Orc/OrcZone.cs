using System.Globalization;
using NodaTime;

namespace DataIngestion.Conversion.Orc;

/// <summary>
/// The time zone in which a writer's clock showed its timestamps. By NodaTime's own copy of the tz database: the offsets of its local mean times have
/// seconds, and do not depend on the machine.
/// </summary>
internal sealed class OrcZone
{
    static readonly long Earliest = Instant.MinValue.ToUnixTimeSeconds();
    static readonly long Latest = Instant.MaxValue.ToUnixTimeSeconds();

    readonly DateTimeZone _zone;
    long _from = 1;
    long _until;
    long _offset;

    OrcZone(DateTimeZone zone)
    {
        _zone = zone;
        Epoch = new LocalDateTime(2015, 1, 1, 0, 0).InZoneLeniently(zone).ToInstant().ToUnixTimeSeconds();
    }

    /// <summary>Coordinated universal time.</summary>
    public static OrcZone Utc() => new(DateTimeZone.Utc);

    /// <summary>The moment from which seconds are counted: when it was 2015-01-01T00:00 there, in seconds since 1970 UTC.</summary>
    public long Epoch { get; }

    /// <summary>A zone by the name that java.util.TimeZone gives it; null if it is unknown.</summary>
    public static OrcZone? Find(string name) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } zone ? new(zone) : Custom(name) is { } offset ? new(DateTimeZone.ForOffset(offset)) : null;

    /// <summary>What a clock there shows, as seconds since it showed 1970-01-01T00:00.</summary>
    public long ToLocal(long second)
    {
        if (second < _from || second >= _until)
            MoveTo(Math.Clamp(second, Earliest, Latest));
        return second + _offset;
    }

    void MoveTo(long second)
    {
        var interval = _zone.GetZoneInterval(Instant.FromUnixTimeSeconds(second));
        _from = interval.HasStart ? interval.Start.ToUnixTimeSeconds() : long.MinValue;
        _until = interval.HasEnd ? interval.End.ToUnixTimeSeconds() : long.MaxValue;
        _offset = interval.WallOffset.Seconds;
    }

    /// <summary>GMT+8, GMT-08:00, UTC+0530.</summary>
    static Offset? Custom(string name)
    {
        if (name.Length < 5 || !(name.StartsWith("GMT", StringComparison.Ordinal) || name.StartsWith("UTC", StringComparison.Ordinal)) || name[3] is not ('+' or '-'))
            return null;
        var parts = name[4..].Split(':');
        if (parts is [{ Length: 3 or 4 } joined])
            parts = [joined[..^2], joined[^2..]];
        if (parts.Length > 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || hours > 17)
            return null;
        var minutes = 0;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out minutes) || minutes > 59))
            return null;
        return Offset.FromSeconds((name[3] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60));
    }
}
