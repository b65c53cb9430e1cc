using DataIngestion.Cli.Shipping;
using DataIngestion.Cli.Shipping.Starting;

namespace DataIngestion.Cli.Tests.Shipping;

public sealed class PackageGoalsTests
{
    static readonly PackageManifest Small = new() { App = "orchestrators", Sha256 = "", Bytes = 14_999_999, Files = [new("a", 3, 2, "", "A 1"), new("b", 9, 8, "", "B 2"), new("c", 2, 1, "", "A 1")] };

    static StartTime Start(double seconds) => new(null, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(1));

    [Fact]
    public void What_is_within_its_goals_has_no_faults() => Assert.Empty(PackageGoals.FaultsOf(FunctionApp.Orchestrators, Small, [Start(9), Start(2.9), Start(1)]));

    [Fact]
    public void A_package_that_is_too_large_is_told_with_what_makes_it_so() =>
        Assert.Contains("15.5 MB, 0.5 MB too many; most of it: B 2", Assert.Single(PackageGoals.FaultsOf(FunctionApp.Orchestrators, Small with { Bytes = 15_500_000 }, [])), StringComparison.Ordinal);

    [Fact]
    public void A_late_start_is_told_by_its_median() =>
        Assert.Contains("start in 3.10 s (median of 3", Assert.Single(PackageGoals.FaultsOf(FunctionApp.Orchestrators, Small, [Start(9), Start(3.1), Start(1)])), StringComparison.Ordinal);

    [Fact]
    public void Files_are_summed_up_by_where_they_come_from() =>
        Assert.Equal([new("B 2", 1, 9, 8), new("A 1", 2, 5, 3)], PackageGoals.OriginsOf(Small));

    [Fact]
    public async Task Without_packages_there_is_nothing_to_measure()
    {
        using var cli = new CommandRun();
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("azure", "package"));
        Assert.Contains("ingest azure publish", cli.Fault, StringComparison.Ordinal);
    }
}
