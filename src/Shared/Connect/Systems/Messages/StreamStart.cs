using System.Globalization;

namespace DataIngestion.Connect;

/// <summary>Where reading a stream begins when there is no position.</summary>
internal enum StreamStart
{
    /// <summary>The oldest message that is kept.</summary>
    Earliest,

    /// <summary>What comes after the first run has begun.</summary>
    Latest,

    /// <summary>The first message not older than a time.</summary>
    Timestamp,
}

/// <summary>What happens when messages are gone that were to be read next.</summary>
internal enum StreamLoss
{
    /// <summary>The run fails and says what is lost.</summary>
    Fail,

    /// <summary>Reading goes on with the oldest message that is kept, and the part notes what is lost.</summary>
    Continue,
}

/// <summary>The time that <see cref="StreamStart.Timestamp"/> begins at.</summary>
internal static class StreamTime
{
    /// <summary>What is wrong with a pair of <c>startAt</c> and <c>startTime</c>; null when nothing is.</summary>
    public static string? FaultOf(StreamStart start, string? time) =>
        start is StreamStart.Timestamp == time is null ? "'startAt: timestamp' and 'startTime' go together."
        : time is not null && Parse(time) is null ? $"'{time}' is not a time: expected one such as 2026-03-02T12:00:00Z."
        : null;

    /// <summary>The time; one without an offset is UTC.</summary>
    public static DateTimeOffset? Parse(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : null;
}
