using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Contracts;

/// <summary>
/// Names one run of one source: <c>{source}-{utc yyyyMMddTHHmmssZ}-{6 base32}</c>. It is the orchestration's instance id,
/// so starting the same run twice is a no-op, and a folder name in every container.
/// </summary>
public static partial class RunId
{
    // Crockford's base32 without the letters that are read as digits.
    const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>A run that nothing identifies but itself (an HTTP call, a schedule by hand).</summary>
    public static string New(string source, DateTimeOffset startedAt, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[4];
        random.NextBytes(bytes);
        return Format(source, startedAt, bytes);
    }

    /// <summary>A run identified by what caused it, so that the same cause delivered twice gives the same run.</summary>
    /// <param name="source">Source id.</param>
    /// <param name="causedAt">When the cause happened (a blob's modification time, a schedule's due time), not when it was noticed.</param>
    /// <param name="cause">What it was, e.g. a blob's path and ETag.</param>
    public static string From(string source, DateTimeOffset causedAt, string cause)
    {
        ArgumentException.ThrowIfNullOrEmpty(cause);
        return Format(source, causedAt, SHA256.HashData(Encoding.UTF8.GetBytes(cause)).AsSpan(0, 4));
    }

    /// <summary>The source and start time in a run id; false if the text is not one.</summary>
    public static bool TryParse(string? text, out string source, out DateTimeOffset startedAt)
    {
        source = "";
        startedAt = default;
        if (text is null || Pattern().Match(text) is not { Success: true } match)
            return false;
        source = match.Groups["source"].Value;
        return DateTimeOffset.TryParseExact(
            match.Groups["time"].Value, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out startedAt);
    }

    static string Format(string source, DateTimeOffset time, ReadOnlySpan<byte> entropy)
    {
        if (!ConfigurationId.IsValid(source))
            throw new ArgumentException($"'{source}' is not a source id: {ConfigurationId.Rule}.", nameof(source));
        var bits = BitConverter.ToUInt32(entropy);
        Span<char> suffix = stackalloc char[6];
        for (var i = 0; i < suffix.Length; i++, bits >>= 5)
            suffix[i] = Alphabet[(int)(bits & 31)];
        return $"{source}-{time.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{suffix}";
    }

    [GeneratedRegex("^(?<source>[a-z0-9]+(-[a-z0-9]+)*)-(?<time>[0-9]{8}T[0-9]{6}Z)-[0-9a-hjkmnp-tv-z]{6}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
