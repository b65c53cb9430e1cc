using System.Globalization;
using System.Numerics;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A value of a cursor or key as text, exact, and whether it was written as a number.</summary>
internal readonly record struct SqlValue(string Text, bool IsNumber = false)
{
    /// <summary>A value moved back by a cursor's overlap; the value itself where it has no distance to move by, such as infinity.</summary>
    /// <exception cref="StepFailedException">It is no value of the cursor's type (<c>cursor-invalid</c>).</exception>
    public SqlValue Behind(CursorDefinition cursor)
    {
        if (cursor.Overlap is not { } overlap)
            return this;
        switch (cursor.Type)
        {
            case CursorType.Integer when BigInteger.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return this with { Text = (number - BigInteger.Parse(overlap, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture) };
            case CursorType.Date when Text.Length >= 10 && DateOnly.TryParseExact(Text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && Duration.TryParse(overlap, out var days):
                return new(DateOnly.FromDayNumber(Math.Max(day.DayNumber - days.Days, 0)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            case CursorType.Timestamp when DateTimeOffset.TryParse(Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && Duration.TryParse(overlap, out var time):
                return new(Instant(new(Math.Max(instant.UtcTicks - time.Ticks, 0), TimeSpan.Zero), HasZone));
            case CursorType.Date or CursorType.Timestamp when Text.EndsWith("infinity", StringComparison.OrdinalIgnoreCase):
                return this;
            default:
                throw new StepFailedException(new()
                {
                    Code = "cursor-invalid",
                    Message = $"The cursor '{Text}' is not a value of type {cursor.Type.ToString().ToLowerInvariant()}, so it cannot go back by '{overlap}': change the cursor's 'type', or ask for a full refresh.",
                });
        }
    }

    /// <summary>An instant in the form of a cursor's type.</summary>
    public static SqlValue Of(DateTimeOffset instant, CursorType type, bool withZone) =>
        new(type is CursorType.Date ? instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Instant(instant, withZone));

    bool HasZone => Text.EndsWith('Z') || Text.AsSpan(Math.Min(10, Text.Length)).ContainsAny('+', '-');

    static string Instant(DateTimeOffset instant, bool withZone) =>
        instant.UtcDateTime.ToString(withZone ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'+00:00'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
}
