using System.Globalization;

namespace DataIngestion.Conversion.Logs;

/// <summary>Times of web servers, <c>10/Oct/2000:13:55:36 -0700</c>, as ISO 8601, which inference knows.</summary>
internal static class LogTimes
{
    public static string Plain(string column, string text) =>
        column == "time" && text.Length == 26 && text[2] == '/'
        && DateTimeOffset.TryParseExact(text, "dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)
            : text;
}
