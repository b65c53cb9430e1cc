using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Tests.Shipping;

public sealed class DeployPlanTests
{
    static readonly Deployed Blue = new([new("blue", "0-100")], "blue", []);
    static readonly Deployed Canary = new([new("blue", "10-100"), new("green", "0-10")], "blue", []);

    [Fact]
    public void The_first_deployment_makes_blue_and_gives_it_everything()
    {
        var plan = DeployPlan.Of(Deployed.Nothing, null, null, ontoActive: false);
        Assert.Equal(("blue", "blue"), (plan.Stamp, plan.Active));
        Assert.Equal([new("blue", "0-100")], plan.Stamps);
    }

    [Fact]
    public void The_next_one_goes_to_the_idle_stamp_which_starts_nothing_yet()
    {
        var plan = DeployPlan.Of(Blue, null, null, ontoActive: false);
        Assert.Equal(("green", "blue"), (plan.Stamp, plan.Active));
        Assert.Equal([new("blue", "0-100"), new("green", "0-0")], plan.Stamps);
    }

    [Fact]
    public void Shares_stay_where_a_stamp_is_deployed_again() => Assert.Equal(Canary.Stamps, DeployPlan.Of(Canary, "green", null, ontoActive: false).Stamps);

    [Fact]
    public void The_active_stamp_is_refused_unless_it_is_meant()
    {
        Assert.Contains("is the active stamp", Assert.Throws<CommandFailedException>(() => DeployPlan.Of(Canary, "blue", null, ontoActive: false)).Message, StringComparison.Ordinal);
        Assert.Equal(Canary.Stamps, DeployPlan.Of(Canary, "blue", null, ontoActive: true).Stamps);
    }

    [Fact]
    public void The_only_stamp_cannot_start_a_part() =>
        Assert.Equal(ExitCodes.Usage, Assert.Throws<CommandFailedException>(() => DeployPlan.Of(Deployed.Nothing, "green", "0-10", ontoActive: false)).ExitCode);
}
