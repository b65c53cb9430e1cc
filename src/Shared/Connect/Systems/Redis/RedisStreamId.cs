using System.Globalization;
using System.Runtime.InteropServices;

namespace DataIngestion.Connect;

/// <summary>The id of an entry of a stream: milliseconds, then a number among them.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RedisStreamId(ulong Time, ulong Number) : IComparable<RedisStreamId>
{
    /// <summary>Before every entry.</summary>
    public static RedisStreamId Zero => default;

    /// <summary>Reads an id such as <c>1700000000000-0</c>; null when it is none.</summary>
    public static RedisStreamId? Parse(string? text)
    {
        var parts = text?.Split('-');
        return parts is [var time, var number]
            && ulong.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? new(milliseconds, place)
            : null;
    }

    public int CompareTo(RedisStreamId other) => Time == other.Time ? Number.CompareTo(other.Number) : Time.CompareTo(other.Time);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time}-{Number}");
}
