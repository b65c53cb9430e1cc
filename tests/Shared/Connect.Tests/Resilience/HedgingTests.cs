using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests.Resilience;

public sealed class HedgingTests
{
    static readonly LimitsDefinition Hedged = Sources.Quick with { HedgeAfter = TimeSpan.FromMilliseconds(50), Attempts = 1 };

    [Fact]
    public async Task A_second_request_overtakes_one_that_does_not_answer_and_that_one_is_stopped()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await LoopbackServer.StartAsync(async (context, n, _) =>
        {
            if (n == 1)
            {
                context.RequestAborted.Register(() => stopped.TrySetResult());
                await stopped.Task;
                return;
            }

            await context.Response.WriteAsync("figures", CancellationToken.None);
        });
        await using var services = Sources.Services();

        var answer = await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, Hedged));

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var state = Assert.Single(services.GetRequiredService<ISourceConnections>().States);
        Assert.Equal(("figures", 2), (answer.Value, answer.Requests));
        Assert.Equal((2L, 1L, 0), (state.Requests, state.Hedges, state.InFlight));
        Assert.Equal(500 - RetryBudget.HedgeCost + 1, state.RetryBudget);
    }

    [Fact]
    public async Task Only_one_answer_is_read_however_many_come()
    {
        await using var server = await LoopbackServer.StartAsync(async (context, n, stop) =>
        {
            await Task.Delay(n == 1 ? 80 : 30, stop);
            await context.Response.WriteAsync("figures", stop);
        });
        await using var services = Sources.Services();
        var http = services.GetRequiredService<ISourceHttp>();
        var (readers, most) = (0, 0);

        for (var i = 0; i < 20; i++)
        {
            await http.SendAsync(
                Sources.At(server.Address, Hedged),
                new() { Path = "/data" },
                async (response, stop) =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref readers));
                    await response.Body.CopyToAsync(Stream.Null, stop);
                    Interlocked.Decrement(ref readers);
                    return true;
                },
                TestContext.Current.CancellationToken);
        }

        Assert.Equal((1, 0), (most, readers));
        Assert.Equal(0, services.GetRequiredService<ISourceConnections>().States[0].InFlight);
    }

    [Fact]
    public async Task The_first_success_wins_over_a_failure_that_came_before_it()
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await LoopbackServer.StartAsync(async (context, n, stop) =>
        {
            if (n == 1)
            {
                await second.Task;
                context.Response.StatusCode = 503;
                return;
            }

            second.SetResult();
            await Task.Delay(50, stop);
            await context.Response.WriteAsync("figures", stop);
        });
        await using var services = Sources.Services();

        Assert.Equal("figures", (await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, Hedged))).Value);
    }

    [Fact]
    public async Task A_request_that_changes_something_and_one_without_budget_are_not_hedged()
    {
        await using var server = await LoopbackServer.StartAsync(async (context, _, stop) =>
        {
            await Task.Delay(200, stop);
            await context.Response.WriteAsync("figures", stop);
        });
        await using var services = Sources.Services();
        var http = services.GetRequiredService<ISourceHttp>();

        await http.GetTextAsync(Sources.At(server.Address, Hedged), new() { Path = "/data", Method = "POST" });
        await http.GetTextAsync(Sources.At(server.Address, Hedged with { RetryBudget = 4 }));

        Assert.Equal(2, server.Received.Count);
    }

    [Fact]
    public async Task A_spent_budget_ends_retries_but_not_first_attempts()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var services = Sources.Services();
        var http = services.GetRequiredService<ISourceHttp>();
        var source = Sources.At(server.Address, Sources.Quick with { RetryBudget = 30, Attempts = 5 });

        for (var i = 0; i < 10; i++)
            Assert.True((await Sources.FailureOfAsync(() => http.GetTextAsync(source))).IsTransient);

        Assert.Equal(12, server.Received.Count); // ten, and the two retries that 30 tokens pay
        var state = Assert.Single(services.GetRequiredService<ISourceConnections>().States);
        Assert.Equal((2L, 10L, 2), (state.Retries, state.RetriesRefused, state.RetryBudget));
    }
}
