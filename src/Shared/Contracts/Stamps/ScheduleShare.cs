using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Contracts;

/// <summary>
/// The part of all sources whose schedules a stamp follows: from one hundredth of a ring to another, the end not included. A source's place
/// on the ring comes from its id alone, so that stamps of any version agree about it without asking each other: shares that split
/// the ring split the sources, each into exactly one.
/// </summary>
/// <param name="From">First hundredth, 0 to 100.</param>
/// <param name="To">The first hundredth after it, 0 to 100, not before <paramref name="From"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct ScheduleShare(int From, int To)
{
    /// <summary>The setting that holds it, as configuration sees it; in the environment it is <c>Ingestion__ScheduleShare</c>.</summary>
    public const string Setting = "Ingestion:ScheduleShare";

    /// <summary>Hundredths of the ring.</summary>
    public const int Ring = 100;

    /// <summary>Every source.</summary>
    public static ScheduleShare All { get; } = new(0, Ring);

    /// <summary>No source.</summary>
    public static ScheduleShare None { get; } = new(0, 0);

    /// <summary>Whether it holds no source at all.</summary>
    public bool IsNone => From == To;

    /// <summary>Reads <c>from-to</c>, such as <c>0-10</c>; nothing is all.</summary>
    /// <exception cref="FormatException">The text is neither; the message says what was expected.</exception>
    public static ScheduleShare Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return All;
        return TryParse(text.Trim(), out var share)
            ? share
            : throw new FormatException($"'{text}' is no share of the schedules: expected from-to in percent, such as 0-100 (all), 0-10 (a tenth), 10-100 (the others) or 0-0 (none).");
    }

    /// <summary>Reads <c>from-to</c> and nothing else.</summary>
    /// <param name="text">The text.</param>
    /// <param name="share">What it says; <see cref="None"/> when it is no share.</param>
    public static bool TryParse(string text, out ScheduleShare share)
    {
        share = None;
        if (Pattern().Match(text) is not { Success: true } match)
            return false;
        var from = int.Parse(match.Groups["from"].ValueSpan, CultureInfo.InvariantCulture);
        var to = int.Parse(match.Groups["to"].ValueSpan, CultureInfo.InvariantCulture);
        if (from > to || to > Ring)
            return false;
        share = new(from, to);
        return true;
    }

    /// <summary>A source's place on the ring, 0 to 99: the first 64 bits of the SHA-256 of its id, scaled. It never changes.</summary>
    public static int PlaceOf(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(source), hash);
        return (int)(((UInt128)BinaryPrimitives.ReadUInt64BigEndian(hash) * Ring) >> 64);
    }

    /// <summary>Whether a source is in it.</summary>
    public bool Holds(string source) => PlaceOf(source) is var place && place >= From && place < To;

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From}-{To}");

    [GeneratedRegex("^(?<from>[0-9]{1,3})-(?<to>[0-9]{1,3})\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
