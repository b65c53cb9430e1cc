using DataIngestion.Contracts;

namespace DataIngestion.Cli.Shipping;

/// <summary>A stamp with the part of all sources that its scheduler starts.</summary>
/// <param name="Name"><c>blue</c> or <c>green</c>.</param>
/// <param name="Share"><c>from-to</c> in percent of a ring of hashes.</param>
internal sealed record StampShare(string Name, string Share)
{
    /// <summary>All sources.</summary>
    public const string All = "0-100";

    /// <summary>No source.</summary>
    public const string None = "0-0";

    /// <summary>The stamps there can be.</summary>
    public static IReadOnlyList<string> Names { get; } = ["blue", "green"];

    /// <summary>The other stamp.</summary>
    public static string OtherThan(string name) => Names.First(n => n != name);

    /// <summary>What is wrong with a share; null when nothing is.</summary>
    public static string? FaultOf(string share) => ScheduleShare.TryParse(share, out var part) switch
    {
        false => $"'{share}' is not a share: expected FROM-TO in percent, such as 0-10.",
        true when part.From > 0 && part.To < ScheduleShare.Ring => $"'{share}' leaves a part before and a part behind it, which one other stamp cannot have both: begin at 0 or end at 100.",
        _ => null,
    };

    /// <summary>The part that is left for the other stamp, so that every source belongs to one.</summary>
    public static string RestOf(string share) => ScheduleShare.TryParse(share, out var part) && part.IsNone ? All
        : part == ScheduleShare.All ? None
        : part.From == 0 ? $"{part.To}-100"
        : $"0-{part.From}";

    /// <summary>The shares of all deployed stamps when one of them gets a share and the other the rest.</summary>
    /// <param name="deployed">What is deployed.</param>
    /// <param name="name">The stamp that gets the share.</param>
    /// <param name="share">Its share.</param>
    public static IReadOnlyList<StampShare> With(IEnumerable<StampShare> deployed, string name, string share) =>
    [
        .. deployed.Where(s => s.Name != name).Select(s => s with { Share = RestOf(share) })
            .Append(new(name, share)).OrderBy(s => s.Name, StringComparer.Ordinal),
    ];
}
