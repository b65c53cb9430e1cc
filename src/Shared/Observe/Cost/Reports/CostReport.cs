using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Observe.Cost;

/// <summary>What the lines of a report are.</summary>
public enum CostGrouping
{
    /// <summary>Sources.</summary>
    Source,

    /// <summary>Datasets of sources.</summary>
    Dataset,

    /// <summary>Runs.</summary>
    Run,

    /// <summary>Steps, over all sources.</summary>
    Step,

    /// <summary>Days, UTC.</summary>
    Day,
}

/// <summary>What one line of a report used and cost.</summary>
public sealed record CostLine
{
    /// <summary>The source, dataset, run, step or day; <see cref="CostReport.Platform"/> for what was used for none.</summary>
    public required string Key { get; init; }

    /// <summary>Runs that it was used for.</summary>
    public required int Runs { get; init; }

    /// <summary>How much was used.</summary>
    public required UsageAmounts Used { get; init; }

    /// <summary>What that costs, by part.</summary>
    public required IReadOnlyDictionary<CostPart, decimal> Parts { get; init; }

    /// <summary>What that costs.</summary>
    public decimal Variable => Parts.Values.Sum();

    /// <summary>Its share of what costs whether it is used or not.</summary>
    public decimal Fixed { get; init; }

    /// <summary>Both.</summary>
    public decimal Total => Variable + Fixed;

    /// <summary>The total for each GB (10⁹ bytes) that landed; null where nothing did.</summary>
    public decimal? PerGb => Used.BytesLanded == 0 ? null : Apportion.Round(Total / (Used.BytesLanded / 1_000_000_000m));
}

/// <summary>What was used over some days and what it costs.</summary>
public sealed record CostReport
{
    /// <summary>The key of what was used for no source, dataset, run or step: ticks of the scheduler, the event stream, health, writing usage down.</summary>
    public const string Platform = "(platform)";

    /// <summary>The first day, UTC.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The first day that does not belong to it.</summary>
    public required DateOnly To { get; init; }

    /// <summary>The currency.</summary>
    public required string Currency { get; init; }

    /// <summary>Lines, the dearest first; days in their order.</summary>
    public required IReadOnlyList<CostLine> Lines { get; init; }

    /// <summary>All lines together.</summary>
    public required CostLine Total { get; init; }

    /// <summary>What costs whether it is used or not.</summary>
    public required IReadOnlyList<FixedCost> Fixed { get; init; }

    /// <summary>Makes a report.</summary>
    /// <param name="batches">What was recorded in that time.</param>
    /// <param name="from">The first day, UTC.</param>
    /// <param name="to">The first day that does not belong to it.</param>
    /// <param name="by">What its lines are.</param>
    /// <param name="prices">The price list.</param>
    /// <param name="deployment">The environment, for what costs whether it is used or not; null leaves that out.</param>
    /// <exception cref="InvalidOperationException">The lines do not add up, which would be a defect of ours.</exception>
    public static CostReport Of(IEnumerable<UsageBatch> batches, DateOnly from, DateOnly to, CostGrouping by, PriceList prices, DeploymentDefinition? deployment)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(prices);
        var use = new UsePrices(prices, deployment);
        var whole = UsageAmounts.Nothing;
        var groups = new Dictionary<string, Group>(StringComparer.Ordinal);
        foreach (var batch in batches)
        {
            foreach (var record in batch.Records)
            {
                var key = KeyOf(by, record.Subject, batch.At);
                var group = groups.TryGetValue(key, out var known) ? known : groups[key] = new();
                group.Add(record);
                whole += record.Used;
            }
        }

        var lines = groups.Select(g => new CostLine { Key = g.Key, Runs = g.Value.Runs.Count, Used = g.Value.Used, Parts = use.Of(g.Value.Used) })
            .OrderBy(l => l.Key, StringComparer.Ordinal).ToList();
        lines = Rounded(lines, use.Of(whole));

        var standing = use.Fixed(to.DayNumber - from.DayNumber);
        var amount = standing.Sum(f => f.Amount ?? 0);
        if (lines.Count == 0 && amount > 0)
            lines.Add(new() { Key = Platform, Runs = 0, Used = UsageAmounts.Nothing, Parts = use.Of(UsageAmounts.Nothing) });
        var shares = Apportion.Split(amount, [.. lines.Select(l => decimal.Round((decimal)l.Used.GbSeconds, 9))]);
        lines = [.. lines.Zip(shares, (line, share) => line with { Fixed = share })];

        var total = Sum(lines, groups.Values.SelectMany(g => g.Runs).ToHashSet(StringComparer.Ordinal).Count);
        Check(total, whole, amount);
        return new()
        {
            From = from,
            To = to,
            Currency = prices.Currency,
            Lines = by is CostGrouping.Day ? lines : [.. lines.OrderByDescending(l => l.Total).ThenBy(l => l.Key, StringComparer.Ordinal)],
            Total = total,
            Fixed = standing,
        };
    }

    // The total does not depend on what the lines are, and they add up to it to the last digit.
    static List<CostLine> Rounded(IReadOnlyList<CostLine> lines, IReadOnlyDictionary<CostPart, decimal> whole)
    {
        if (lines.Count == 0)
            return [];
        var parts = whole.ToDictionary(p => p.Key, p => Apportion.Split(Apportion.Round(p.Value), [.. lines.Select(l => l.Parts[p.Key])]));
        return [.. lines.Select((line, place) => line with { Parts = parts.ToDictionary(p => p.Key, p => p.Value[place]) })];
    }

    static CostLine Sum(IReadOnlyList<CostLine> lines, int runs) => new()
    {
        Key = "total",
        Runs = runs,
        Used = lines.Aggregate(UsageAmounts.Nothing, (sum, line) => sum + line.Used),
        Parts = Enum.GetValues<CostPart>().ToDictionary(p => p, p => lines.Sum(l => l.Parts[p])),
        Fixed = lines.Sum(l => l.Fixed),
    };

    // Nothing may get lost between the records and the lines.
    static void Check(CostLine total, UsageAmounts whole, decimal standing)
    {
        var used = total.Used;
        if (used.Executions != whole.Executions || used.StorageOperations.Values.Sum() != whole.StorageOperations.Values.Sum() || used.BytesLanded != whole.BytesLanded
            || used.SourceBytesSent != whole.SourceBytesSent || used.Actions != whole.Actions || used.Events != whole.Events
            || Math.Abs(used.GbSeconds - whole.GbSeconds) > 1e-6 * Math.Max(1, whole.GbSeconds) || total.Fixed != standing)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The lines do not add up to what was recorded: {used.Executions} of {whole.Executions} executions, {used.GbSeconds:0.###} of {whole.GbSeconds:0.###} GB-s, {total.Fixed} of {standing} fixed."));
        }
    }

    static string KeyOf(CostGrouping by, UsageSubject subject, DateTimeOffset at) => by switch
    {
        CostGrouping.Source => subject.Source ?? Platform,
        CostGrouping.Dataset => subject.Source is null ? Platform : subject.Dataset is { } dataset ? $"{subject.Source}/{dataset}" : $"{subject.Source}/(run)",
        CostGrouping.Run => subject.Run ?? Platform,
        CostGrouping.Step => subject.Step ?? (subject.Run is null ? Platform : "(run)"),
        _ => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    sealed class Group
    {
        public UsageAmounts Used { get; private set; } = UsageAmounts.Nothing;

        public HashSet<string> Runs { get; } = new(StringComparer.Ordinal);

        public void Add(UsageRecord record)
        {
            Used += record.Used;
            if (record.Subject.Run is { } run)
                Runs.Add(run);
        }
    }
}
