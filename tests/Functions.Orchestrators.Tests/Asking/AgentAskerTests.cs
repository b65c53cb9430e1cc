using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Asking;
using DataIngestion.Orchestrators.Tests.Simulation;

namespace DataIngestion.Orchestrators.Tests.Asking;

public sealed class AgentAskerTests
{
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    static readonly AgentAsk Ask = new(Queues.DataMerger, CommandKinds.Merge, "run", "prices", "run/merge/1", TimeSpan.FromMinutes(10), Heartbeat);

    readonly Hub _hub = new();
    readonly List<DateTime> _sent = [];
    Func<TimeSpan, CommandSighting> _seen = _ => new(null, null);

    public AgentAskerTests()
    {
        var began = _hub.Now;
        _hub.Activities[nameof(SendCommand)] = _ => Sent();
        _hub.Activities[nameof(FindCommand)] = _ => _seen(_hub.Now - began);
    }

    [Fact]
    public void A_reply_ends_the_wait()
    {
        _hub.After(TimeSpan.FromSeconds(3), () => _hub.Context!.Deliver("run/merge/1", Reply(7)));

        var reply = Run();

        Assert.Equal(7, reply.ResultAs<int>());
        Assert.Single(_sent);
    }

    [Fact]
    public void A_reply_that_comes_twice_or_before_anybody_waits_counts_once()
    {
        var reply = _hub.Run(async context =>
        {
            _hub.Context!.Deliver("RUN/MERGE/1", Reply(1));
            _hub.Context!.Deliver("run/merge/1", Reply(2));
            return await context.AskAgentAsync(Ask, new { });
        });

        Assert.Equal(1, reply.ResultAs<int>());
    }

    [Fact]
    public void A_reply_that_got_lost_is_read_from_the_ledger_after_one_heartbeat()
    {
        _seen = _ => new(TimeSpan.FromSeconds(1), Reply(7));
        var began = _hub.Now;

        Assert.Equal(7, Run().ResultAs<int>());
        Assert.InRange(_hub.Now - began, Heartbeat, Heartbeat * 1.1);
        Assert.Single(_sent);
    }

    [Fact]
    public void An_agent_that_falls_silent_gets_the_same_command_again_at_its_next_heartbeat()
    {
        _seen = elapsed => new(elapsed, null); // it began at once and never gave a sign of life
        _hub.After(TimeSpan.FromSeconds(25), () => _hub.Context!.Deliver("run/merge/1", Reply(7)));

        Assert.Equal(7, Run().ResultAs<int>());
        Assert.Equal(3, _sent.Count);
        Assert.InRange(_sent[1] - _sent[0], Heartbeat, Heartbeat * 1.2);
    }

    [Fact]
    public void An_agent_that_shows_life_is_left_in_peace_until_the_deadline()
    {
        _seen = _ => new(TimeSpan.FromSeconds(2), null);

        var reply = Run();

        Assert.Equal("deadline", reply.Failure!.Code);
        Assert.True(reply.Failure.IsTransient);
        Assert.Single(_sent);
    }

    [Fact]
    public void A_command_that_nobody_begins_is_repeated_ever_more_rarely()
    {
        var began = _hub.Now;

        var reply = Run();

        Assert.Equal("deadline", reply.Failure!.Code);
        Assert.Equal([0, 4, 12, 28, 60], _sent.Select(s => (int)Math.Floor((s - began) / Heartbeat)).Where(h => h < 60).Append(60));
        Assert.InRange(_hub.Now - began, Ask.Deadline, Ask.Deadline * 1.05);
    }

    AgentReply Run() => _hub.Run(context => context.AskAgentAsync(Ask, new { dataset = "bars" }));

    object? Sent()
    {
        _sent.Add(_hub.Now);
        return null;
    }

    static AgentReply Reply(int result) => new() { CommandId = "run/merge/1", Result = JsonSerializer.SerializeToElement(result) };
}
