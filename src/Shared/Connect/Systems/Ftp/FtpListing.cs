using System.Globalization;
using System.Text.RegularExpressions;

namespace DataIngestion.Connect;

/// <summary>An entry of a folder.</summary>
/// <param name="Name">Its name, without folder.</param>
/// <param name="Length">Bytes; 0 for folders.</param>
/// <param name="ModifiedAt">As exact as the listing is.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
internal sealed record FtpEntry(string Name, long Length, DateTimeOffset ModifiedAt, bool IsFolder);

/// <summary>Reads lines of listings: MLSD (RFC 3659), and what LIST gives on Unix and on Windows. Links and devices are left out.</summary>
internal static partial class FtpListing
{
    /// <summary>A line of MLSD; false when it is none. The entry is null when it is neither file nor folder below.</summary>
    public static bool TryReadFacts(string line, out FtpEntry? entry)
    {
        entry = null;
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0)
            return false;
        var facts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var fact in line[..space].Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = fact.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                return false;
            facts[fact[..equals]] = fact[(equals + 1)..];
        }

        var type = facts.GetValueOrDefault("type", "").ToLowerInvariant();
        if (type is not ("file" or "dir"))
            return type.Length > 0; // cdir, pdir, OS.unix=slink …
        if (!TryReadTime(facts.GetValueOrDefault("modify", ""), out var time))
            return false;
        var length = 0L;
        if (type == "file" && !long.TryParse(facts.GetValueOrDefault("size", ""), NumberStyles.None, CultureInfo.InvariantCulture, out length))
            return false;
        entry = new(line[(space + 1)..], length, time, type == "dir");
        return true;
    }

    /// <summary>A line of LIST; false when it is none. The entry is null when it is neither file nor folder.</summary>
    /// <param name="line">The line.</param>
    /// <param name="now">The time, which tells the year of dates that have none.</param>
    /// <param name="zone">Time zone of the server's times.</param>
    /// <param name="entry">What it says.</param>
    public static bool TryReadLine(string line, DateTimeOffset now, TimeZoneInfo zone, out FtpEntry? entry)
    {
        entry = null;
        if (line.Length == 0 || line.StartsWith("total ", StringComparison.Ordinal))
            return true;
        return TryReadUnix(line, now, zone, ref entry) || TryReadWindows(line, zone, ref entry);
    }

    /// <summary>A time as MDTM and MLSD write it: UTC, with or without fractions.</summary>
    public static bool TryReadTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, ["yyyyMMddHHmmss", "yyyyMMddHHmmss.FFFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    static bool TryReadUnix(string line, DateTimeOffset now, TimeZoneInfo zone, ref FtpEntry? entry)
    {
        if (Unix().Match(line) is not { Success: true } match)
            return false;
        if (match.Groups["type"].ValueSpan is not ("-" or "d"))
            return true;
        var (day, when) = (match.Groups["day"].Value, match.Groups["when"].Value);
        DateTime local;
        if (when.Contains(':', StringComparison.Ordinal))
        {
            // Without a year it is of the last twelve months; a day ahead is a clock that is ahead.
            var today = TimeZoneInfo.ConvertTime(now, zone);
            if (!TryDate($"{today.Year} {day} {when}", "yyyy MMM d H:mm", out local) && !TryDate($"{today.Year - 1} {day} {when}", "yyyy MMM d H:mm", out local))
                return false;
            if (local > today.DateTime.AddDays(1) && !TryDate($"{today.Year - 1} {day} {when}", "yyyy MMM d H:mm", out local))
                return false;
        }
        else if (!TryDate($"{when} {day}", "yyyy MMM d", out local))
        {
            return false;
        }

        if (!long.TryParse(match.Groups["size"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return false;
        var isFolder = match.Groups["type"].ValueSpan is "d";
        entry = new(match.Groups["name"].Value, isFolder ? 0 : length, Utc(local, zone), isFolder);
        return true;
    }

    static bool TryReadWindows(string line, TimeZoneInfo zone, ref FtpEntry? entry)
    {
        if (Windows().Match(line) is not { Success: true } match)
            return false;
        string[] forms = ["MM-dd-yy hh:mmtt", "MM-dd-yyyy hh:mmtt", "MM-dd-yy HH:mm", "MM-dd-yyyy HH:mm", "yyyy-MM-dd HH:mm"];
        if (!DateTime.TryParseExact($"{match.Groups["date"].Value} {match.Groups["time"].Value}", forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return false;
        var isFolder = match.Groups["size"].ValueSpan is "<DIR>";
        var length = 0L;
        if (!isFolder && !long.TryParse(match.Groups["size"].ValueSpan, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out length))
            return !char.IsAsciiDigit(match.Groups["size"].Value[0]); // <JUNCTION>, <SYMLINKD>
        entry = new(match.Groups["name"].Value, length, Utc(local, zone), isFolder);
        return true;
    }

    static DateTimeOffset Utc(DateTime local, TimeZoneInfo zone) => new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();

    static bool TryDate(string text, string form, out DateTime date) =>
        DateTime.TryParseExact(text.Replace("  ", " ", StringComparison.Ordinal), form, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out date);

    [GeneratedRegex(@"^(?<type>[-dlbcpsD])[-rwxsStTlLA-Za-z]{9}\S?\s+\d+\s+\S.*?\s+(?<size>\d+)\s+(?<day>[A-Z][a-z]{2}\s+\d{1,2})\s+(?<when>\d{4}|\d{1,2}:\d{2}) (?<name>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unix();

    [GeneratedRegex(@"^(?<date>\d{2,4}-\d{2}-\d{2,4})\s+(?<time>\d{2}:\d{2}([AP]M)?)\s+((?<size><\w+>)\s+|(?<size>[\d,]+)\s)(?<name>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Windows();
}
