using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Comparing a source's cursor values and moving them back by an overlap.</summary>
internal sealed class CursorValues
{
    readonly CursorType _type;
    readonly string? _format;
    readonly TimeSpan _back;
    readonly long _count;

    /// <exception cref="StepFailedException">The overlap is not one for this type of cursor (<c>configuration-invalid</c>).</exception>
    public CursorValues(CursorDefinition definition)
    {
        (_type, _format) = (definition.Type, definition.Format);
        if (definition.Overlap is not { Length: > 0 } overlap)
            return;
        var fits = _type switch
        {
            CursorType.Date => TryParseDuration(overlap, out _back) && _back.Ticks % TimeSpan.TicksPerDay == 0,
            CursorType.Timestamp => TryParseDuration(overlap, out _back),
            CursorType.Integer => long.TryParse(overlap, NumberStyles.None, CultureInfo.InvariantCulture, out _count),
            _ => false,
        };
        HasOverlap = true;
        if (!fits)
        {
            throw new StepFailedException(new()
            {
                Code = "configuration-invalid",
                Message = $"'{overlap}' is not an overlap for a cursor of type {_type.ToString().ToLowerInvariant()}: expected {Expected()}.",
            });
        }
    }

    /// <summary>Whether values have an order that we know; opaque text has not.</summary>
    public bool AreOrdered => _type is not CursorType.Text;

    /// <summary>Whether runs go back behind their cursor.</summary>
    public bool HasOverlap { get; }

    /// <summary>The smallest distance of two values: a day, or what the source's format tells apart.</summary>
    public TimeSpan Precision => _type is CursorType.Date ? TimeSpan.FromDays(1) : _format is { } format ? InstantFormat.PrecisionOf(format) : TimeSpan.FromTicks(1);

    /// <summary>The instant of a value, as the source writes it or as it is kept; false where it is none.</summary>
    public bool TryInstant(string? text, out DateTimeOffset instant)
    {
        instant = default;
        if (!IsTime(_type))
            return false;
        if (_format is not null && InstantFormat.TryRead(_format, text, out instant))
        {
            if (_type is CursorType.Date)
                instant = new(instant.UtcDateTime.Date, TimeSpan.Zero);
            return true;
        }

        if (_type is not CursorType.Date)
            return TryParseInstant(text, out instant);
        if (!TryParseDate(text, out var day))
            return false;
        instant = new(day, default, TimeSpan.Zero);
        return true;
    }

    /// <summary>A value as it is kept from run to run: in ISO 8601 where the source writes it in a format of its own, else as it came.</summary>
    public string Kept(string text) => _format is not null && TryInstant(text, out var instant) ? Text(instant) : text;

    /// <summary>A kept value as the source wants to be asked for it.</summary>
    public string Asked(string text) => _format is { } format && TryInstant(text, out var instant) ? InstantFormat.Write(format, instant) : text;

    /// <summary>A value's place in the order; null when the text is not a value of this type.</summary>
    public decimal? Rank(string? text) => _type switch
    {
        CursorType.Date or CursorType.Timestamp when _format is not null => !TryInstant(text, out var told) ? null
            : _type is CursorType.Date ? DateOnly.FromDateTime(told.UtcDateTime).DayNumber : told.UtcTicks,
        CursorType.Date when TryParseDate(text, out var day) => day.DayNumber,
        CursorType.Timestamp when TryParseInstant(text, out var instant) => instant.UtcTicks,
        CursorType.Integer when decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>The place that lies the overlap before another.</summary>
    public decimal RankBehind(decimal rank) => rank - (_type switch
    {
        CursorType.Date => _back.Days,
        CursorType.Timestamp => _back.Ticks,
        _ => _count,
    });

    /// <summary>A cursor moved back by the overlap, in the type's own form; the cursor itself, untouched, where there is no overlap.</summary>
    /// <exception cref="StepFailedException">The cursor is not a value of this type (<c>cursor-invalid</c>).</exception>
    public string Behind(string cursor)
    {
        if (!AreOrdered)
            return cursor;
        var rank = Rank(cursor) ?? throw new StepFailedException(new()
        {
            Code = "cursor-invalid",
            Message = $"The stored cursor '{cursor}' is not a value of type {_type.ToString().ToLowerInvariant()}: ask for a full refresh to set it anew.",
        });
        if (!HasOverlap)
            return cursor;
        var behind = RankBehind(rank);
        return _type switch
        {
            CursorType.Date => DateOnly.FromDayNumber((int)Math.Max(behind, 0)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            CursorType.Timestamp => Text(new DateTimeOffset((long)Math.Max(behind, 0), TimeSpan.Zero)),
            _ => behind.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>An instant in the cursor's form, for windows; ISO 8601 where the cursor is no time.</summary>
    public string Text(DateTimeOffset instant) => Text(_type, instant);

    /// <summary>An instant as a day or in ISO 8601, UTC.</summary>
    public static string Text(CursorType type, DateTimeOffset instant) => type is CursorType.Date
        ? instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whether a record belongs to a window; a record whose cursor tells no time does.</summary>
    public bool IsWithin(TimeWindow window, string? text) => !TryInstant(text, out var instant) || (instant >= window.From && instant < window.To);

    static bool IsTime(CursorType type) => type is CursorType.Date or CursorType.Timestamp;

    static bool TryParseDate(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    static bool TryParseInstant(string? text, out DateTimeOffset instant) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out instant);

    static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits < 0)
            return false;
        if (digits == 0 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 36_500_000)
            return false;
        TimeSpan? unit = text.AsSpan(digits).Trim() switch
        {
            "d" => TimeSpan.FromDays(1),
            "h" => TimeSpan.FromHours(1),
            "m" => TimeSpan.FromMinutes(1),
            "s" => TimeSpan.FromSeconds(1),
            "ms" => TimeSpan.FromMilliseconds(1),
            _ => null,
        };
        if (unit is null || count > TimeSpan.MaxValue / unit.Value)
            return unit is null && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero;
        duration = unit.Value * count;
        return true;
    }

    string Expected() => _type switch
    {
        CursorType.Date => "whole days such as '2d'",
        CursorType.Timestamp => "a time such as '30m', '2h' or '1d'",
        CursorType.Integer => "a count such as '100'",
        _ => "none, because text has no distance",
    };
}
