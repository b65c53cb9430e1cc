using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Activities;
using DataIngestion.Orchestrators.Managers;
using DataIngestion.Orchestrators.Tests.Simulation;

namespace DataIngestion.Orchestrators.Tests.Managers;

public sealed class AnnouncementTests
{
    static readonly DateTimeOffset Slot = new(2026, 3, 2, 8, 30, 0, TimeSpan.Zero);

    readonly List<RunAnnouncement> _announced = [];
    readonly Hub _hub = new();

    public AnnouncementTests()
    {
        _ = new Agents(_hub);
        _hub.Activities[nameof(AnnounceRun)] = input =>
        {
            _announced.Add(Hub.Read<RunAnnouncement>(input));
            return null;
        };
        _hub.Orchestrators[nameof(ApiManager)] = _ => RunReport.Of(Plans.Run, "vendor", default, default, []);
    }

    [Fact]
    public void A_run_says_what_made_it_begin_and_since_when_its_data_are_awaited()
    {
        Run(request => request with { Cause = IngestionCause.Schedule, RequestedAt = Slot });

        Assert.Equal([LifecycleEventTypes.RunStarted, LifecycleEventTypes.RunCompleted], _announced.Select(a => a.Type));
        Assert.All(_announced, a => Assert.Equal((IngestionCause.Schedule, Slot), (a.Cause, a.AwaitedSince)));
    }

    [Fact]
    public void A_window_of_the_past_and_a_repetition_bring_nothing_up_to_date()
    {
        Run(request => request with { RequestedAt = Slot, Window = new(Slot.AddDays(-9), Slot.AddDays(-8)) });
        Run(request => request with { RequestedAt = Slot, ReplayOf = Plans.Run });

        Assert.Equal(4, _announced.Count);
        Assert.All(_announced, a => Assert.Null(a.AwaitedSince));
    }

    void Run(Func<IngestionRequest, IngestionRequest> change)
    {
        var plan = Plans.Api();
        _hub.Run(context => IngestionManager.RunAsync(context, plan with { Request = change(plan.Request) }));
    }
}
