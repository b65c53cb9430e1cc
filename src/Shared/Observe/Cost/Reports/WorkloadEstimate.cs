namespace DataIngestion.Observe.Cost;

/// <summary>A workload to be reckoned with.</summary>
/// <param name="GbPerDay">GB that land a day, of all sources.</param>
/// <param name="Sources">Sources.</param>
/// <param name="RunsPerDay">Runs of each source a day.</param>
/// <param name="RetentionDays">Days that everything is kept.</param>
/// <param name="Deployment">Where it runs; null leaves out what costs whether it is used or not.</param>
public sealed record WorkloadEstimate(decimal GbPerDay, int Sources, int RunsPerDay, int RetentionDays, DeploymentDefinition? Deployment)
{
    // A month of 730 hours, so that days and hours agree.
    const decimal HoursInDay = 24;

    /// <summary>What it costs a month.</summary>
    public MonthlyEstimate Of(PriceList prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        var use = new UsePrices(prices, Deployment);
        var (runs, landed) = (Month(Sources * RunsPerDay), Month(GbPerDay));
        var (perRun, perGb) = (use.Of(prices.Workload.Run), use.Of(prices.Workload.Gb));
        var parts = Enum.GetValues<CostPart>().ToDictionary(p => p, p => Apportion.Round((runs * perRun[p]) + (landed * perGb[p])));
        // Once the retention has passed, what is added a day is what is deleted a day.
        var kept = GbPerDay * RetentionDays * prices.Workload.KeptGb;
        var standing = use.Fixed(days: 1).Select(f => f with { Amount = f.Amount is { } day ? Apportion.Round(Month(day)) : null }).ToList();
        return new()
        {
            Currency = prices.Currency,
            Runs = runs,
            GbLanded = landed,
            GbKept = kept,
            Parts = parts,
            Kept = prices.StorageTiers.Hot.Each is { } each ? Apportion.Round(kept * each) : null,
            Fixed = standing,
            Sources = Sources,
        };

        static decimal Month(decimal aDay) => aDay * UsePrices.HoursInMonth / HoursInDay;
    }
}

/// <summary>What a workload costs a month.</summary>
public sealed record MonthlyEstimate
{
    /// <summary>The currency.</summary>
    public required string Currency { get; init; }

    /// <summary>Sources.</summary>
    public required int Sources { get; init; }

    /// <summary>Runs a month.</summary>
    public required decimal Runs { get; init; }

    /// <summary>GB that land a month.</summary>
    public required decimal GbLanded { get; init; }

    /// <summary>GB that are kept, once the retention has passed.</summary>
    public required decimal GbKept { get; init; }

    /// <summary>What work costs, by part.</summary>
    public required IReadOnlyDictionary<CostPart, decimal> Parts { get; init; }

    /// <summary>What keeping data costs, all of it in the hot tier; null where its price is not known.</summary>
    public required decimal? Kept { get; init; }

    /// <summary>What costs whether it is used or not.</summary>
    public required IReadOnlyList<FixedCost> Fixed { get; init; }

    /// <summary>What work and keeping data cost.</summary>
    public decimal Variable => Parts.Values.Sum() + (Kept ?? 0);

    /// <summary>Everything.</summary>
    public decimal Total => Variable + Fixed.Sum(f => f.Amount ?? 0);

    /// <summary>Everything for each GB that lands; null where nothing does.</summary>
    public decimal? PerGb => GbLanded == 0 ? null : Apportion.Round(Total / GbLanded);

    /// <summary>Everything for each source.</summary>
    public decimal PerSource => Apportion.Round(Total / Sources);
}
