using DataIngestion.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests.Quotas;

public sealed class QuotaGateTests
{
    readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    readonly SwitchableLedger _ledger;

    public QuotaGateTests() => _ledger = new(new LocalQuotaLedger(_time));

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    QuotaGate Gate(QuotaDefinition quota, string worker = "worker") => new("vendor", quota, worker, new(), _ledger, _time, new Random(1), NullLogger.Instance);

    DateTimeOffset In(double seconds) => _time.GetUtcNow().AddSeconds(seconds);

    [Fact]
    public async Task A_permit_comes_back_its_time_after_the_request_has_ended()
    {
        await using var gate = Gate(new() { Permits = 1, Per = TimeSpan.FromSeconds(10) });
        var first = await AdvanceAsync(gate.TakeAsync(1, In(60), Stop));
        var begun = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(3));
        gate.Ended(first, wasAnswered: true);

        await AdvanceAsync(gate.TakeAsync(1, In(60), Stop));

        Assert.InRange((_time.GetUtcNow() - begun).TotalSeconds, 13, 13.5);
    }

    [Fact]
    public async Task Two_gates_together_let_through_what_is_allowed_and_share_it()
    {
        var quota = new QuotaDefinition { Permits = 10, Per = TimeSpan.FromSeconds(2) };
        await using var one = Gate(quota, "one");
        await using var other = Gate(quota, "other");
        var passed = new List<(DateTimeOffset At, QuotaGate Gate)>();
        var until = In(60);
        async Task AskAsync(QuotaGate gate)
        {
            while (_time.GetUtcNow() < until)
            {
                var use = await gate.TakeAsync(1, In(600), Stop);
                lock (passed)
                    passed.Add((_time.GetUtcNow(), gate));
                gate.Ended(use, wasAnswered: true);
            }
        }

        await AdvanceAsync(Task.WhenAll(Enumerable.Range(0, 12).Select(i => AskAsync(i % 2 == 0 ? one : other))));

        for (var i = 10; i < passed.Count; i++)
            Assert.True(passed[i].At - passed[i - 10].At >= quota.Per, $"{passed[i - 10].At:O} … {passed[i].At:O}");
        Assert.True(passed.Count >= 250, $"{passed.Count} of 300");
        Assert.InRange(passed.Count(p => p.Gate == one), passed.Count / 4, passed.Count * 3 / 4);
    }

    [Fact]
    public async Task While_storage_is_down_it_goes_on_with_what_it_has_and_then_says_when_to_come_again()
    {
        await using var gate = Gate(new() { Permits = 5, Per = TimeSpan.FromSeconds(1) });
        gate.Ended(await AdvanceAsync(gate.TakeAsync(1, In(60), Stop)), wasAnswered: true);
        _ledger.IsDown = true;

        _time.Advance(TimeSpan.FromSeconds(2));
        gate.Ended(await AdvanceAsync(gate.TakeAsync(1, In(60), Stop)), wasAnswered: true);
        await AdvanceAsync(Task.Delay(TimeSpan.FromSeconds(30), _time, Stop));
        var refused = await Sources.FailureOfAsync(() => AdvanceAsync(gate.TakeAsync(1, In(60), Stop)));

        Assert.Equal(("rate-limited", true), (refused.Code, refused.IsTransient));
        Assert.NotNull(refused.RetryNotBefore);
        Assert.True(gate.State.IsCutOff);

        _ledger.IsDown = false;
        await AdvanceAsync(Task.Delay(TimeSpan.FromSeconds(10), _time, Stop));
        await AdvanceAsync(gate.TakeAsync(1, In(60), Stop));
        Assert.False(gate.State.IsCutOff);
    }

    [Fact]
    public async Task What_the_vendor_asks_for_holds_for_all_and_what_it_refuses_comes_back_slowly()
    {
        var quota = new QuotaDefinition { Permits = 100, Per = TimeSpan.FromSeconds(1) };
        await using var one = Gate(quota, "one");
        await using var other = Gate(quota, "other");
        one.Ended(await AdvanceAsync(one.TakeAsync(1, In(60), Stop)), wasAnswered: true);
        other.Ended(await AdvanceAsync(other.TakeAsync(1, In(60), Stop)), wasAnswered: true);

        one.Heard(new() { WasRefused = true, NotBefore = In(120) });
        await AdvanceAsync(Task.Delay(TimeSpan.FromSeconds(8), _time, Stop));

        var refused = await Sources.FailureOfAsync(() => AdvanceAsync(other.TakeAsync(1, In(30), Stop)));
        Assert.Equal("rate-limited", refused.Code);
        Assert.InRange((refused.RetryNotBefore!.Value - _time.GetUtcNow()).TotalSeconds, 100, 113);
        var use = await AdvanceAsync(other.TakeAsync(1, In(300), Stop));
        Assert.InRange(Assert.Single(other.State.Limits).Ceiling, 80, 95);
        other.Ended(use, wasAnswered: true);
    }

    [Fact]
    public async Task A_request_heavier_than_the_limit_is_a_mistake_of_the_configuration()
    {
        await using var gate = Gate(new() { Permits = 5, Per = TimeSpan.FromSeconds(1) });

        var failure = await Sources.FailureOfAsync(() => gate.TakeAsync(6, In(60), Stop).AsTask());

        Assert.Equal(("configuration-invalid", false), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task A_budget_used_up_for_hours_is_said_at_once()
    {
        await using var gate = Gate(new() { Permits = 3, Per = TimeSpan.FromHours(10) });
        for (var i = 0; i < 3; i++)
            gate.Ended(await AdvanceAsync(gate.TakeAsync(1, In(600), Stop)), wasAnswered: true);
        await AdvanceAsync(Task.Delay(TimeSpan.FromSeconds(20), _time, Stop));

        var refused = await Sources.FailureOfAsync(() => AdvanceAsync(gate.TakeAsync(1, In(60), Stop)));

        Assert.InRange((refused.RetryNotBefore!.Value - _time.GetUtcNow()).TotalHours, 9.9, 10.2);
    }

    [Fact]
    public async Task Whoever_gives_up_takes_nothing_and_what_is_closed_gives_everything_back()
    {
        var quota = new QuotaDefinition { Permits = 1, Per = TimeSpan.FromSeconds(5) };
        var gate = Gate(quota, "one");
        var use = await AdvanceAsync(gate.TakeAsync(1, In(60), Stop));
        using var impatient = new CancellationTokenSource();
        var waiting = gate.TakeAsync(1, In(60), impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Ended(use, wasAnswered: true);
        await AdvanceAsync(gate.DisposeAsync().AsTask());
        var closed = _time.GetUtcNow();

        await using var next = Gate(quota, "next");
        await AdvanceAsync(next.TakeAsync(1, In(60), Stop));

        Assert.InRange((_time.GetUtcNow() - closed).TotalSeconds, 3, 6.5);
    }

    [Fact]
    public async Task A_machine_that_slept_uses_nothing_that_others_may_have_by_now()
    {
        var clock = new SleepingTime(_time);
        var quota = new QuotaDefinition { Permits = 4, Per = TimeSpan.FromSeconds(1) };
        await using var gate = new QuotaGate("vendor", quota, "sleeper", new(), _ledger, clock, new Random(1), NullLogger.Instance);
        gate.Ended(await AdvanceAsync(gate.TakeAsync(1, In(600), Stop)), wasAnswered: true);
        await AdvanceAsync(Task.Delay(TimeSpan.FromSeconds(2), _time, Stop));
        Assert.True(Assert.Single(gate.State.Limits).Held > 0);

        clock.Slept = TimeSpan.FromMinutes(2);
        _ledger.IsDown = true;
        var waiting = gate.TakeAsync(1, In(600), Stop).AsTask();

        Assert.False(waiting.IsCompletedSuccessfully);
        Assert.Equal(0, Assert.Single(gate.State.Limits).Held);
        await Assert.ThrowsAsync<StepFailedException>(() => AdvanceAsync(waiting));
    }

    async Task AdvanceAsync(Task task)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(3); !task.IsCompleted;)
        {
            Assert.True(DateTime.UtcNow < deadline, "it did not end within three minutes");
            await Task.Delay(1, Stop);
            if (!task.IsCompleted)
                _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        await task;
    }

    async Task<QuotaUse> AdvanceAsync(ValueTask<QuotaUse> task)
    {
        var running = task.AsTask();
        await AdvanceAsync((Task)running);
        return await running;
    }

    // Its time of day goes on while it sleeps; its clock for durations does not.
    sealed class SleepingTime(FakeTimeProvider inner) : TimeProvider
    {
        public TimeSpan Slept { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Slept;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
    }

    sealed class SwitchableLedger(IQuotaLedger inner) : IQuotaLedger
    {
        public bool IsDown { get; set; }

        public Task<QuotaPage> ReadAsync(string key, CancellationToken cancellationToken) =>
            IsDown ? throw new IOException("no storage") : inner.ReadAsync(key, cancellationToken);

        public Task<bool> TryWriteAsync(string key, QuotaAccount account, string? version, CancellationToken cancellationToken) =>
            IsDown ? throw new IOException("no storage") : inner.TryWriteAsync(key, account, version, cancellationToken);
    }
}
