using System.Text.Json.Serialization;

namespace DataIngestion.Benchmarks;

/// <summary>Where a benchmark says what it measured.</summary>
internal interface IReport
{
    void Add(RaceResult result);

    void Add(BoardResult result);

    /// <summary>A remark for people; not part of the machine-readable output.</summary>
    void Note(string text);
}

/// <summary>Ours against theirs on the same input in the same run.</summary>
/// <param name="Ratio">Above 1 means ours is better, whichever way the unit points.</param>
/// <param name="PeakMb">Peak resident memory of ours, in 10^6 bytes; null where it was not measured.</param>
internal sealed record RaceResult(
    string Race, string Case, double Ours, double Theirs, string Unit, double Ratio, [property: JsonPropertyName("peak_mb")] double? PeakMb);

/// <summary>A measured figure or score beside its goal.</summary>
/// <param name="Of">The best that is possible, or null for an open-ended figure.</param>
/// <param name="Goal">The figure asked for; a goal that is an upper bound says so in <paramref name="Case"/> ("… ms, at most").</param>
internal sealed record BoardResult(string Board, string Case, double Score, double? Of, double Goal);
