using System.Globalization;
using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>ISO 8601 durations: <c>P1D</c>, <c>PT12H</c>, <c>P1Y2M</c>, <c>P2W</c>.</summary>
internal static partial class IsoDuration
{
    /// <summary>The duration: a <see cref="TimeDelta"/>, or a <see cref="CalendarPeriod"/> where it has years or months; null where the text is none.</summary>
    public static object? Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match || text.EndsWith('P') || text.EndsWith('T'))
            return null;
        try
        {
            var sign = match.Groups["sign"].Value == "-" ? -1 : 1;
            decimal years = Part(match, "y"), months = Part(match, "m");
            var length = (Part(match, "w") * 7 * 86_400) + (Part(match, "d") * 86_400) + (Part(match, "h") * 3_600) + (Part(match, "n") * 60) + Part(match, "s");
            var rest = TimeSpan.FromTicks((long)(length * TimeSpan.TicksPerSecond) * sign);
            if (years == 0 && months == 0)
                return new TimeDelta(rest);
            return years == decimal.Truncate(years) && months == decimal.Truncate(months) && years < 10_000 && months < 120_000
                ? new CalendarPeriod((int)years * sign, (int)months * sign, rest)
                : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    static decimal Part(Match match, string name) =>
        match.Groups[name] is { Success: true, Value: var text } ? decimal.Parse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?<sign>[+-])?P(?!$)((?<y>\d+([.,]\d+)?)Y)?((?<m>\d+([.,]\d+)?)M)?((?<w>\d+([.,]\d+)?)W)?((?<d>\d+([.,]\d+)?)D)?(T((?<h>\d+([.,]\d+)?)H)?((?<n>\d+([.,]\d+)?)M)?((?<s>\d+([.,]\d+)?)S)?)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Pattern();
}
