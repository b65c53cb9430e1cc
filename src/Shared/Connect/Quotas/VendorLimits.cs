using System.Globalization;
using System.Net;

namespace DataIngestion.Connect;

/// <summary>
/// What an answer says of the vendor's limits. Known are <c>Retry-After</c>; <c>RateLimit</c> and <c>RateLimit-Policy</c>
/// (draft-ietf-httpapi-ratelimit-headers-10: <c>"name";r=50;t=30</c> and <c>"name";q=100;w=60</c>); the older <c>RateLimit-Limit</c>,
/// <c>-Remaining</c>, <c>-Reset</c> with and without <c>X-</c>; and <c>X-MBX-USED-WEIGHT-1M</c> and its like.
/// </summary>
internal sealed record VendorLimits
{
    const string UsedWeight = "x-mbx-used-weight-";

    // Anything larger is a time since 1970; vendors use both.
    const double LongestReset = 10_000_000;

    /// <summary>Requests allowed, and in what time; null where the answer does not say the time.</summary>
    public IReadOnlyList<(TimeSpan? Per, int Permits)> Limits { get; init; } = [];

    /// <summary>When to ask again, because nothing is left until then or the vendor asks for it.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Whether the answer was a 429.</summary>
    public bool WasRefused { get; init; }

    /// <summary>Whether it says anything.</summary>
    public bool IsNews => WasRefused || NotBefore is not null || Limits.Count > 0;

    /// <summary>Of an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="now">When it came.</param>
    /// <param name="isRefused">Whether it means what a 429 does, whatever its status.</param>
    /// <param name="permits">What is declared for a time; null where nothing is.</param>
    public static VendorLimits Of(HttpResponseMessage response, DateTimeOffset now, bool isRefused, Func<TimeSpan, int?> permits)
    {
        var refused = isRefused || response.StatusCode is HttpStatusCode.TooManyRequests;
        var limits = new List<(TimeSpan?, int)>();
        DateTimeOffset? notBefore = refused || response.StatusCode is HttpStatusCode.ServiceUnavailable ? RetryAfter.Of(response, now) : null;

        foreach (var (_, values) in Items(response, "RateLimit-Policy"))
        {
            if (values.TryGetValue("q", out var quota) && quota is >= 1 and <= int.MaxValue)
                limits.Add((values.TryGetValue("w", out var window) && window is > 0 and < LongestReset ? TimeSpan.FromSeconds(window) : null, (int)quota));
        }

        foreach (var (_, values) in Items(response, "RateLimit"))
        {
            if (values.TryGetValue("r", out var remaining) && remaining < 1 && values.TryGetValue("t", out var reset))
                Wait(reset);
        }

        foreach (var prefix in (string[])["RateLimit-", "X-RateLimit-", "X-Rate-Limit-"])
        {
            if (Number(response, prefix + "Limit") is >= 1 and <= int.MaxValue and var limit)
                limits.Add((null, (int)limit));
            if (Number(response, prefix + "Remaining") is < 1 && Number(response, prefix + "Reset") is { } reset)
                Wait(reset);
        }

        foreach (var header in response.Headers.Where(h => h.Key.StartsWith(UsedWeight, StringComparison.OrdinalIgnoreCase)))
        {
            if (PerOf(header.Key[UsedWeight.Length..]) is { } per && double.TryParse(header.Value.First(), CultureInfo.InvariantCulture, out var used)
                && permits(per) is { } declared && used >= declared)
            {
                // Its windows begin with the minute, hour or day of its own clock.
                var clock = response.Headers.Date ?? now;
                Wait((per - TimeSpan.FromTicks(clock.UtcTicks % per.Ticks)).TotalSeconds);
            }
        }

        return new() { Limits = limits, NotBefore = notBefore, WasRefused = refused };

        void Wait(double seconds)
        {
            if (seconds is not (>= 0 and < 100_000_000_000_000))
                return;
            var moment = seconds switch
            {
                < LongestReset => now.AddSeconds(seconds),
                < 100_000_000_000 => DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)),
                _ => DateTimeOffset.FromUnixTimeMilliseconds((long)seconds),
            };

            // A day is the longest that a window is believed to be.
            if (moment > now && moment < now.AddDays(1) && !(moment < notBefore))
                notBefore = moment;
        }
    }

    static TimeSpan? PerOf(string text) =>
        text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture, out var count) && count is > 0 and < 10_000
            ? char.ToLowerInvariant(text[^1]) switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' => TimeSpan.FromDays(count),
                _ => null,
            }
            : null;

    static double? Number(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) && double.TryParse(values.First().Split(',', ';')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    // A list of items with parameters (RFC 9651), as far as these headers use it.
    static IEnumerable<(string Name, Dictionary<string, double> Values)> Items(HttpResponseMessage response, string name)
    {
        if (!response.Headers.TryGetValues(name, out var headers))
            yield break;
        foreach (var item in headers.SelectMany(h => h.Split(',')))
        {
            var parts = item.Split(';', StringSplitOptions.TrimEntries);
            var values = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var pair in parts.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2))
            {
                if (double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
                    values[pair[0].Trim()] = value;
            }

            yield return (parts[0].Trim('"'), values);
        }
    }
}
