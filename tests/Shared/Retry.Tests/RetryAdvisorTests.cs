using System.Globalization;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Retry.Tests;

public sealed class RetryAdvisorTests(AzuriteFixture azurite)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_that_may_pass_is_tried_again_after_a_bounded_wait()
    {
        var world = await World.CreateAsync(azurite);

        var decision = await world.Advisor.DecideAsync(Samples.Arguments(), Cancel);

        Assert.Equal(RetryAction.Retry, decision.Action);
        Assert.InRange(decision.NotBefore!.Value, Samples.Noon, Samples.Noon.AddSeconds(5));
        Assert.Contains("attempt 1 of 5 failed with 'source-unavailable'", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_question_gets_the_same_answer()
    {
        var world = await World.CreateAsync(azurite);

        Assert.Equal(await world.Advisor.DecideAsync(Samples.Arguments(), Cancel), await new World(azurite).Advisor.DecideAsync(Samples.Arguments(), Cancel));
    }

    [Fact]
    public async Task What_the_source_asked_for_is_honoured_beyond_the_longest_delay()
    {
        var world = await World.CreateAsync(azurite);
        var asked = Samples.Noon.AddMinutes(30);
        var arguments = Samples.Arguments() with { Failure = new() { Code = "rate-limited", Message = "429", HttpStatus = 429, RetryNotBefore = asked } };

        var decision = await world.Advisor.DecideAsync(arguments, Cancel);

        Assert.Equal(RetryAction.Retry, decision.Action);
        Assert.InRange(decision.NotBefore!.Value, asked, asked.AddSeconds(5));
    }

    [Fact]
    public async Task A_wait_that_goes_beyond_the_policys_time_is_not_waited()
    {
        var world = await World.CreateAsync(azurite);
        var arguments = Samples.Arguments("too-long") with
        {
            Failure = new() { Code = "rate-limited", Message = "429", HttpStatus = 429, RetryNotBefore = Samples.Noon.AddHours(7) },
        };

        var decision = await world.Advisor.DecideAsync(arguments, Cancel);

        Assert.Equal(RetryAction.DeadLetter, decision.Action);
        Assert.Contains("beyond the 6h that the policy gives", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("collect", "11:00", "13:00", 60)]
    [InlineData("connect", "23:00", "14:30", 150)]
    public async Task What_fails_in_announced_maintenance_waits_for_its_end_and_does_not_count(string step, string from, string to, int minutes)
    {
        var world = await World.CreateAsync(azurite);
        var window = new MaintenanceDefinition { From = TimeOnly.Parse(from, CultureInfo.InvariantCulture), To = TimeOnly.Parse(to, CultureInfo.InvariantCulture) };
        var arguments = Samples.Arguments() with { Step = step, Attempt = 99, Maintenance = [window], Fallbacks = ["other"] };

        var decision = await world.Advisor.DecideAsync(arguments, Cancel);

        Assert.Equal((RetryAction.Retry, false), (decision.Action, decision.Counts));
        Assert.InRange(decision.NotBefore!.Value, Samples.Noon.AddMinutes(minutes), Samples.Noon.AddMinutes(minutes + 1));
        Assert.Contains("announced maintenance", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("collect", "13:00", "14:00", "source-unavailable")] // not yet
    [InlineData("convert", "11:00", "13:00", "source-unavailable")] // not the vendor
    [InlineData("collect", "11:00", "13:00", "unauthorized")] // not what maintenance looks like
    public async Task Maintenance_excuses_nothing_else(string step, string from, string to, string code)
    {
        var world = await World.CreateAsync(azurite);
        var window = new MaintenanceDefinition { From = TimeOnly.Parse(from, CultureInfo.InvariantCulture), To = TimeOnly.Parse(to, CultureInfo.InvariantCulture) };
        var arguments = Samples.Arguments($"no-excuse-{step}-{code}") with { Step = step, Attempt = 99, Maintenance = [window], Failure = new() { Code = code, Message = "no", IsTransient = code == "source-unavailable" } };

        Assert.Equal(RetryAction.DeadLetter, (await world.Advisor.DecideAsync(arguments, Cancel)).Action);
    }

    [Fact]
    public async Task Waiting_for_a_source_at_work_goes_on_at_its_time_however_often()
    {
        var world = await World.CreateAsync(azurite);
        var goOn = Samples.Noon.AddDays(2);
        var arguments = Samples.Arguments("waits") with
        {
            Attempt = 500,
            Failure = new() { Code = "export-pending", Message = "It is at work.", IsTransient = true, IsWaiting = true, RetryNotBefore = goOn },
        };

        var decision = await world.Advisor.DecideAsync(arguments, Cancel);

        Assert.Equal((RetryAction.Retry, goOn), (decision.Action, decision.NotBefore));
    }

    [Fact]
    public async Task A_permanent_failure_is_not_tried_again_but_a_fallback_may_stand_in()
    {
        var world = await World.CreateAsync(azurite);
        var arguments = Samples.Arguments() with { Failure = new() { Code = "unauthorized", Message = "401", HttpStatus = 401 }, Fallbacks = ["beta", "gamma"] };

        var decision = await world.Advisor.DecideAsync(arguments, Cancel);

        Assert.Equal(RetryAction.Fallback, decision.Action);
        Assert.Equal("beta", decision.FallbackSource);
    }

    [Fact]
    public async Task Attempts_come_before_fallbacks()
    {
        var world = await World.CreateAsync(azurite);

        Assert.Equal(RetryAction.Retry, (await world.Advisor.DecideAsync(Samples.Arguments() with { Fallbacks = ["beta"], Attempt = 4 }, Cancel)).Action);
        Assert.Equal(RetryAction.Fallback, (await world.Advisor.DecideAsync(Samples.Arguments() with { Fallbacks = ["beta"], Attempt = 5 }, Cancel)).Action);
    }

    [Theory]
    [InlineData("merge"), InlineData("merge-bars"), InlineData("bars/merge")]
    public async Task Another_source_does_not_stand_in_for_a_failed_merge(string step)
    {
        var world = await World.CreateAsync(azurite);
        var arguments = Samples.Arguments("merging", step) with { Fallbacks = ["beta"], Attempt = 5, Policy = new() { UseCache = true } };

        Assert.Equal(RetryAction.DeadLetter, (await world.Advisor.DecideAsync(arguments, Cancel)).Action);
    }

    [Fact]
    public async Task The_last_good_landing_stands_in_where_the_policy_allows_it_and_it_is_still_there()
    {
        var world = await World.CreateAsync(azurite);
        var landing = LakePath.LandingOf("cached", "bars", RunId.From("cached", Samples.Noon, "before")).Child("manifest.json");
        await world.Cursors.CommitAsync("cached", "bars", "run-before", null, "2026-03-01", landing, Cancel);
        var arguments = Samples.Arguments("cached") with { Attempt = 5, Policy = new() { UseCache = true } };

        Assert.Equal(RetryAction.DeadLetter, (await world.Advisor.DecideAsync(arguments, Cancel)).Action); // the landing is gone

        await world.Blobs.WriteJsonOnceAsync(landing, new { }, Cancel);
        var decision = await world.Advisor.DecideAsync(arguments, Cancel);
        Assert.Equal((RetryAction.RecoverFromCache, landing), (decision.Action, decision.CachedLanding!.Value));

        Assert.Equal(RetryAction.DeadLetter, (await world.Advisor.DecideAsync(arguments with { Policy = new() }, Cancel)).Action);
        Assert.Equal(RetryAction.DeadLetter, (await world.Advisor.DecideAsync(arguments with { Step = CommandKinds.Convert }, Cancel)).Action);
        var window = arguments.Request with { Window = new(Samples.Noon, Samples.Noon.AddDays(1)) };
        Assert.Equal(RetryAction.DeadLetter, (await world.Advisor.DecideAsync(arguments with { Request = window }, Cancel)).Action);
    }

    [Fact]
    public async Task What_is_given_up_can_be_found_with_its_request()
    {
        var world = await World.CreateAsync(azurite);
        var arguments = Samples.Arguments("given-up") with { Attempt = 5 };

        var decision = await world.Advisor.DecideAsync(arguments, Cancel);
        var again = await world.Advisor.DecideAsync(arguments, Cancel);

        Assert.Equal(RetryAction.DeadLetter, decision.Action);
        Assert.Equal(decision.DeadLetter, again.DeadLetter);
        var letter = await world.Letters.FindAsync(decision.DeadLetter!, Cancel);
        Assert.Equal("collect: 'source-unavailable' stayed through all 5 attempts: It answered 503.", letter!.Reason);
        var body = await world.Letters.FindBodyAsync(letter.Id, Cancel);
        Assert.Equal(arguments.Request, body!.Request);
        Assert.Equal(arguments.Failure, body.Failure);
        Assert.Equal(5, body.Attempts);
    }
}
