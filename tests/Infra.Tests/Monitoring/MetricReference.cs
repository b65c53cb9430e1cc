using System.Text.RegularExpressions;
using DataIngestion.TestKit;

namespace DataIngestion.Infra.Tests.Monitoring;

/// <summary>A row of the table of metrics in docs/monitoring.md.</summary>
internal sealed record DocumentedMetric(string Name, string Kind, string Unit, IReadOnlyList<string> Tags);

/// <summary>docs/monitoring.md.</summary>
internal static partial class MetricReference
{
    static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "monitoring.md"));

    public static IReadOnlyDictionary<string, DocumentedMetric> Metrics { get; } = Lines.Select(l => Row().Match(l)).Where(m => m.Success)
        .Select(m => new DocumentedMetric(m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value, m.Groups[4].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        .ToDictionary(m => m.Name);

    /// <summary>What is said under each heading about an alert.</summary>
    public static IReadOnlyList<string> Alerts { get; } = [.. Lines.Where(l => l.StartsWith("### ", StringComparison.Ordinal)).Select(l => l[4..])];

    /// <summary>The alerts in the table that stands above them.</summary>
    public static IReadOnlyList<string> ListedAlerts { get; } = [.. Lines.Select(l => Listed().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"^\| `([a-z_.]+)` \| (counter|gauge|histogram) \| ?(\S*) ?\| ?([a-z, ]*?) ?\| .+ \|$", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| \[([a-z-]+)\]\(#\1\) \|", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Listed();
}
