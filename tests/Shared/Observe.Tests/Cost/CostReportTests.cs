using DataIngestion.Contracts;
using DataIngestion.Observe.Cost;
using DataIngestion.TestKit;

namespace DataIngestion.Observe.Tests.Cost;

public sealed class CostReportTests
{
    static readonly DateOnly From = new(2026, 11, 1);
    static readonly DateOnly To = new(2026, 11, 11);
    static readonly PriceList Prices = PriceLists.Read(Path.Combine(Repository.Root, "configs", PriceLists.FileName));

    [Fact]
    public void Use_is_priced_by_the_list()
    {
        var used = new UsageAmounts
        {
            Executions = 1_000_000,
            GbSeconds = 1000,
            StorageOperations = new Dictionary<string, long> { ["data/blob-write"] = 10_000, ["host/blob-write"] = 10_000, ["data/blob-delete"] = 99, ["host/queue-read"] = 10_000 },
            SourceBytesSent = 2_000_000_000,
            StorageBytesRead = 3_000_000_000,
            Events = 1_000_000,
            Actions = 5,
            BytesLanded = 500_000_000,
        };

        var line = Assert.Single(Report([Batch(new() { Source = "vendor", Run = "r" }, used)], CostGrouping.Source, "staging").Lines);

        Assert.Equal(("vendor", 1), (line.Key, line.Runs));
        Assert.Equal(1000 * 0.000026m, line.Parts[CostPart.Compute]);
        Assert.Equal(0.40m, line.Parts[CostPart.Executions]);
        Assert.Equal((2 * 0.0625m) + 0.004m, line.Parts[CostPart.Storage]);
        Assert.Equal(2 * 0.087m, line.Parts[CostPart.Egress]);
        Assert.Equal((3 * 0.01m) + (2 * 0.045m), line.Parts[CostPart.Network]);
        Assert.Equal(0.028m, line.Parts[CostPart.Events]);
        Assert.Equal(0, line.Parts[CostPart.Orchestration]); // its price is not known
        Assert.Equal(line.Variable + line.Fixed, line.Total);
        Assert.Equal(line.Total * 2, line.PerGb);
    }

    [Fact]
    public void Without_an_environment_nothing_stands_and_nothing_goes_through_private_endpoints()
    {
        var report = Report([Batch(new() { Source = "vendor" }, new() { GbSeconds = 1, StorageBytesRead = 1_000_000_000 })], CostGrouping.Source, null);

        Assert.Empty(report.Fixed);
        Assert.Equal((0m, 0m), (report.Total.Fixed, report.Total.Parts[CostPart.Network]));
    }

    [Fact]
    public void What_stands_is_shared_by_time_at_work()
    {
        var report = Report(
            [Batch(new() { Source = "a" }, new() { GbSeconds = 30 }), Batch(new() { Source = "b" }, new() { GbSeconds = 10 }), Batch(new() { Source = "idle" }, new() { Executions = 1 })],
            CostGrouping.Source, "dev");

        var fixedCosts = report.Fixed.Sum(f => f.Amount ?? 0);
        Assert.Equal(240 * 0.03m, report.Fixed.Single(f => f.Name == "Event Hubs throughput units").Amount); // 10 days of 24 hours
        Assert.InRange(report.Lines.Single(l => l.Key == "a").Fixed - (fixedCosts * 0.75m), -Apportion.Step, Apportion.Step);
        Assert.InRange(report.Lines.Single(l => l.Key == "b").Fixed - (fixedCosts * 0.25m), -Apportion.Step, Apportion.Step);
        Assert.Equal(0, report.Lines.Single(l => l.Key == "idle").Fixed);
        Assert.Equal(fixedCosts, report.Total.Fixed);
    }

    [Fact]
    public void Where_nothing_worked_the_platform_bears_what_stands()
    {
        var line = Assert.Single(Report([], CostGrouping.Run, "prod").Lines);

        Assert.Equal(CostReport.Platform, line.Key);
        Assert.True(line.Fixed > 0);
        Assert.Empty(Report([], CostGrouping.Run, null).Lines);
    }

    [Fact]
    public void What_is_for_nobody_has_a_line_of_its_own()
    {
        UsageBatch[] batches =
        [
            Batch(UsageSubject.Platform, new() { Executions = 1 }),
            Batch(new() { Source = "vendor", Run = "r" }, new() { Executions = 2 }),
            Batch(new() { Source = "vendor", Run = "r", Dataset = "prices", Step = "merge" }, new() { Executions = 4 }),
        ];

        Assert.Equal([("(platform)", 1), ("vendor", 6)], Executions(CostGrouping.Source));
        Assert.Equal([("(platform)", 1), ("vendor/(run)", 2), ("vendor/prices", 4)], Executions(CostGrouping.Dataset));
        Assert.Equal([("(platform)", 1), ("r", 6)], Executions(CostGrouping.Run));
        Assert.Equal([("(platform)", 1), ("(run)", 2), ("merge", 4)], Executions(CostGrouping.Step));
        Assert.Equal([("2026-11-05", 7)], Executions(CostGrouping.Day));

        (string, long)[] Executions(CostGrouping by) => [.. Report(batches, by, null).Lines.Select(l => (l.Key, l.Used.Executions)).Order()];
    }

    // Whatever was used by whom: lines add up to the total to the last digit, and the total is the same however it is looked at.
    [Fact]
    public void Lines_add_up_however_they_are_drawn()
    {
        var random = new Random(7);
        for (var round = 0; round < 100; round++)
        {
            var batches = Enumerable.Range(0, random.Next(1, 60)).Select(_ => Batch(Subject(random), Amounts(random), random.Next(10))).ToList();
            var reports = Enum.GetValues<CostGrouping>().Select(by => Report(batches, by, round % 2 == 0 ? "prod" : null)).ToList();

            foreach (var report in reports)
            {
                foreach (var part in Enum.GetValues<CostPart>())
                    Assert.Equal(report.Total.Parts[part], report.Lines.Sum(l => l.Parts[part]));
                Assert.Equal(report.Total.Total, report.Lines.Sum(l => l.Total));
                Assert.Equal(report.Fixed.Sum(f => f.Amount ?? 0), report.Lines.Sum(l => l.Fixed));
                Assert.Equal(batches.Sum(b => b.Records[0].Used.Executions), report.Total.Used.Executions);
                Assert.Equal(reports[0].Total.Total, report.Total.Total);
                Assert.All(report.Lines, l => Assert.True(l.Fixed >= 0 && l.Parts.Values.All(p => p >= 0)));
            }
        }
    }

    [Fact]
    public void Parts_of_an_amount_add_up_to_it_and_none_is_a_step_from_its_share()
    {
        var random = new Random(11);
        for (var round = 0; round < 2000; round++)
        {
            var amount = random.Next(0, 1_000_000_000) * Apportion.Step;
            var weights = Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(4) == 0 ? 0 : (decimal)Math.Round(Math.Pow(10, (random.NextDouble() * 12) - 6), 9)).ToList();

            var parts = Apportion.Split(amount, weights);

            Assert.Equal(amount, parts.Sum());
            var sum = weights.Sum();
            for (var i = 0; i < parts.Count; i++)
                Assert.InRange(parts[i] - (sum == 0 ? amount / weights.Count : amount * weights[i] / sum), -Apportion.Step, Apportion.Step);
        }
    }

    [Fact]
    public void An_estimate_is_what_runs_and_gigabytes_use()
    {
        var list = Prices with
        {
            Workload = new() { Measured = "here", KeptGb = 2, Run = new() { GbSeconds = 10, Executions = 100 }, Gb = new() { GbSeconds = 1000, StorageOperations = new Dictionary<string, decimal> { ["blob-write"] = 400 } } },
        };

        var month = new WorkloadEstimate(GbPerDay: 24, Sources: 2, RunsPerDay: 12, RetentionDays: 10, Deployment: null).Of(list);

        Assert.Equal((730m, 730m, 480m), (month.Runs, month.GbLanded, month.GbKept));
        Assert.Equal(730 * 1010 * 0.000026m, month.Parts[CostPart.Compute]);
        Assert.Equal(730 * 400 * 0.00000625m, month.Parts[CostPart.Storage]);
        Assert.Equal(480 * 0.026m, month.Kept);
        Assert.Equal(month.Total / 730, month.PerGb!.Value, 6);
        Assert.Equal(month.Total / 2, month.PerSource, 6);
    }

    static CostReport Report(IEnumerable<UsageBatch> batches, CostGrouping by, string? environment) =>
        CostReport.Of(batches, From, To, by, Prices, environment is null ? null : Prices.Environments[environment]);

    static UsageBatch Batch(UsageSubject subject, UsageAmounts used, int day = 4) =>
        new() { At = new(From.AddDays(day), new(23, 59), TimeSpan.Zero), Instance = "i", MemoryMB = 2048, Records = [new(subject, used)] };

    static UsageSubject Subject(Random random) => random.Next(5) switch
    {
        0 => UsageSubject.Platform,
        1 => new() { Source = $"s{random.Next(3)}" },
        _ => new()
        {
            Source = $"s{random.Next(3)}",
            Run = $"r{random.Next(9)}",
            Dataset = random.Next(2) == 0 ? null : $"d{random.Next(3)}",
            Step = random.Next(2) == 0 ? null : ((string[])["collect", "merge"])[random.Next(2)],
        },
    };

    static UsageAmounts Amounts(Random random) => new()
    {
        Executions = random.Next(100),
        GbSeconds = random.NextDouble() * Math.Pow(10, random.Next(-3, 5)),
        StorageOperations = new Dictionary<string, long> { ["data/blob-write"] = random.Next(1000), ["host/queue-write"] = random.Next(1000), ["data/blob-delete"] = random.Next(10) },
        StorageBytesRead = random.NextInt64(1L << 40),
        SourceBytesSent = random.NextInt64(1L << 30),
        BytesLanded = random.NextInt64(1L << 40),
        Events = random.Next(100),
        Actions = random.Next(100),
    };
}
