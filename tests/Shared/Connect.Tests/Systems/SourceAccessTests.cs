using DataIngestion.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests.Systems;

public sealed class SourceAccessTests
{
    readonly FlakySystem _system = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static SourceDefinition Source(LimitsDefinition? limits = null) => new()
    {
        Source = "exchange",
        Kind = SourceKind.Database,
        Connection = new() { System = "flaky", BaseUrl = "flaky://localhost", Limits = limits ?? Sources.Quick },
    };

    ServiceProvider Services(TimeProvider? time = null) => Sources.Services(time, configure: services => services.AddSingleton<ISourceSystem>(_system));

    [Fact]
    public async Task Clean_work_shares_a_connection_and_failed_work_does_not()
    {
        await using var services = Services();
        var access = services.GetRequiredService<ISourceAccess>();

        await access.UseAsync(Source(), (open, stop) => open.ProbeAsync(stop), Stop);
        await access.UseAsync(Source(), (open, stop) => open.ProbeAsync(stop), Stop);
        Assert.Equal(1, _system.Opened);

        await Assert.ThrowsAsync<InvalidOperationException>(() => access.UseAsync<int>(Source(), (_, _) => throw new InvalidOperationException("ours"), Stop));
        await access.UseAsync(Source(), (open, stop) => open.ProbeAsync(stop), Stop);

        Assert.Equal(2, _system.Opened);
        var state = Assert.Single(services.GetRequiredService<ISourceConnections>().States);
        Assert.Equal(("exchange", 4L, 0), (state.Source, state.Requests, state.InFlight));
        Assert.Equal(new(8, 1, 1, 0, 2, 0, 1), state.Pool);
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_on_another_connection_and_a_lasting_one_is_not()
    {
        await using var services = Services();
        var access = services.GetRequiredService<ISourceAccess>();
        var used = new List<ISourceConnection>();

        var result = await access.UseAsync(
            Source(),
            (open, _) =>
            {
                used.Add(open);
                return used.Count < 3 ? throw Fault("source-unavailable", isTransient: true) : Task.FromResult("done");
            },
            Stop);
        var failure = await Sources.FailureOfAsync(() => access.UseAsync<int>(
            Source(),
            (open, _) =>
            {
                used.Add(open);
                throw Fault("not-found", isTransient: false);
            },
            Stop));

        Assert.Equal(("done", "not-found"), (result, failure.Code));
        Assert.Equal(4, used.Count);
        Assert.Equal(3, used.Distinct().Count()); // the clean one was used again
        Assert.Equal(2, services.GetRequiredService<ISourceConnections>().States[0].Retries);
    }

    [Fact]
    public async Task After_all_attempts_the_last_fault_is_told()
    {
        await using var services = Services();
        _system.Fault = Fault("source-unavailable", isTransient: true);

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceAccess>().UseAsync(Source(Sources.Quick with { Attempts = 3 }), (open, stop) => open.ProbeAsync(stop), Stop));

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
        Assert.Equal(3, _system.Asked);
    }

    [Fact]
    public async Task A_system_that_fails_too_often_is_left_alone_and_asked_again_after_a_while()
    {
        var time = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var services = Services(time);
        var access = services.GetRequiredService<ISourceAccess>();
        var source = Source(Sources.Quick with { Attempts = 1, BreakerMinimumThroughput = 4, BreakerDuration = TimeSpan.FromMinutes(1) });
        CircuitStatus Circuit() => services.GetRequiredService<ISourceConnections>().States[0].Circuit;
        _system.Fault = Fault("source-unavailable", isTransient: true);

        for (var i = 0; i < 4; i++)
            await Sources.FailureOfAsync(() => access.UseAsync(source, (open, stop) => open.ProbeAsync(stop), Stop));
        var refused = await Sources.FailureOfAsync(() => access.UseAsync(source, (open, stop) => open.ProbeAsync(stop), Stop));
        Assert.Equal((CircuitStatus.Open, 4, time.GetUtcNow().AddMinutes(1)), (Circuit(), _system.Asked, refused.RetryNotBefore!.Value));

        _system.Fault = null;
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(CircuitStatus.HalfOpen, await access.UseAsync(source, (_, _) => Task.FromResult(Circuit()), Stop));
        Assert.Equal(CircuitStatus.Closed, Circuit());
    }

    [Fact]
    public async Task Opening_has_the_attempt_timeout_and_work_has_none()
    {
        var time = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var services = Services(time);
        var access = services.GetRequiredService<ISourceAccess>();
        var source = Source(Sources.Quick with { Attempts = 1 });

        var worked = await access.UseAsync(
            source,
            (_, stop) =>
            {
                time.Advance(TimeSpan.FromHours(3));
                stop.ThrowIfCancellationRequested();
                return Task.FromResult(true);
            },
            Stop);
        Assert.True(worked);

        time.Advance(TimeSpan.FromHours(1)); // the idle connection has lived too long
        _system.NeverOpens = true;
        var opening = access.UseAsync(source, (open, stop) => open.ProbeAsync(stop), Stop);
        while (!opening.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("timeout", (await Sources.FailureOfAsync(() => opening)).Code);
    }

    static StepFailedException Fault(string code, bool isTransient) => new(new() { Code = code, Message = code, IsTransient = isTransient });

    sealed class FlakySystem : ISourceSystem
    {
        int _opened;
        int _asked;

        public StepFailedException? Fault { get; set; }

        public bool NeverOpens { get; set; }

        public int Opened => _opened;

        public int Asked => _asked;

        public string Name => "flaky";

        public IReadOnlyList<SourceKind> Kinds => [SourceKind.Database];

        public IReadOnlyList<string> Schemes => ["flaky"];

        public IReadOnlyList<string> Authentication => [];

        public Type ConnectionOptions => typeof(NoOptions);

        public Type ReadOptions => typeof(NoOptions);

        public async Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            if (NeverOpens)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            if (Fault is not null)
                throw Fault;
            Interlocked.Increment(ref _opened);
            return new Open();
        }

        sealed class Open : ISourceConnection
        {
            public ValueTask DisposeAsync() => ValueTask.CompletedTask;

            public Task<string> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult("well");

            public IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, CancellationToken cancellationToken) => throw new NotSupportedException();

            public Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken) => throw new NotSupportedException();
        }
    }
}
