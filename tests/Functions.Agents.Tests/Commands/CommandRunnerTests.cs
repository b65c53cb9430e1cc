using System.Text.Json;
using DataIngestion.Agents.Commands;
using DataIngestion.Contracts;
using DataIngestion.Observe.Cost;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace DataIngestion.Agents.Tests.Commands;

public sealed class CommandRunnerTests : IAsyncLifetime
{
    const string Kind = "count";

    static int Runs;

    readonly FakeTimeProvider _time = new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    readonly FakeHub _hub = new();
    readonly RecordedMetrics _recorded = new();
    readonly StorageClients _clients;
    readonly CommandLedger _ledger;
    readonly MessageQueues _queues;
    readonly CommandRunner _runner;
    readonly UsageMeter _usage;
    readonly string _run = RunId.From("vendor", DateTimeOffset.UnixEpoch, $"test {Interlocked.Increment(ref Runs)}");

    int _done;

    public CommandRunnerTests(AzuriteFixture azurite)
    {
        _clients = StorageClients.Connect(azurite.ConnectionString);
        var blobs = new BlobStore(_clients);
        _ledger = new(_clients, blobs, _time);
        _queues = new(_clients);
        _usage = new(new UsageStore(_clients, blobs), Options.Create(new UsageOptions()), new ConfigurationBuilder().Build(), _time, NullLogger<UsageMeter>.Instance);
        _runner = new(
            _ledger, blobs, new(_queues, blobs), new(NullLogger<ReplySender>.Instance), _usage, new(_recorded.Meters), new(blobs, _time, NullLogger<StepBaselines>.Instance), _time,
            NullLogger<CommandRunner>.Instance);
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _ledger.CreateAsync(Stop);
        await new BlobStore(_clients).CreateContainersAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _usage.Dispose();
        _recorded.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task The_result_is_stored_and_sent()
    {
        await RunAsync((_, _) => Counted());

        Assert.Equal(1, Assert.Single(_hub.Replies).ResultAs<int>());
        Assert.Equal(1, (await _ledger.FindAsync(Id(), Stop)).Reply!.ResultAs<int>());
        Assert.StartsWith("ingestion.steps.duration{code=,", Assert.Single(_recorded.All).Series, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_continues_its_managers_trace_and_says_of_a_failure_its_code_alone()
    {
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var ended = new System.Collections.Concurrent.ConcurrentQueue<System.Diagnostics.Activity>();
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name == CommandRunner.SpanSource,
            Sample = (ref _) => System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        var message = JsonSerializer.Serialize(Command() with { TraceParent = Parent }, ContractJson.Options);

        await RunAsync(message, (call, _) =>
        {
            call.Raise("telemetry_test", "cause", new { });
            throw new StepFailedException(new Failure { Code = "refused", Message = "The source said: pa55word." });
        }, Stop);

        var span = Assert.Single(ended, s => s.TraceId.ToHexString() == "0af7651916cd43dd8448eb211c80319c");
        Assert.Equal("b7ad6b7169203331", span.ParentSpanId.ToHexString());
        Assert.Equal($"{Services.DataMerger} {Kind}", span.DisplayName);
        Assert.Equal("refused", span.StatusDescription);
        Assert.DoesNotContain(span.TagObjects, t => $"{t.Value}".Contains("pa55word", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_delivered_twice_is_done_once_and_answered_twice()
    {
        await RunAsync((_, _) => Counted());
        await RunAsync((_, _) => Counted());

        Assert.Equal([1, 1], _hub.Replies.Select(r => r.ResultAs<int>()));
    }

    [Fact]
    public async Task A_copy_is_dropped_while_another_agent_is_alive_at_it_and_taken_over_when_that_one_falls_silent()
    {
        await _ledger.BeginAsync(Id(), Stop);

        _time.Advance(CommandRunner.Beat);
        await RunAsync((_, _) => Counted());
        Assert.Empty(_hub.Replies);

        _time.Advance(CommandRunner.Beat * 2);
        await RunAsync((_, _) => Counted());
        Assert.Single(_hub.Replies);
    }

    [Fact]
    public async Task An_agent_at_work_shows_that_it_is_alive()
    {
        var began = _time.GetUtcNow();
        await RunAsync(async (_, stop) =>
        {
            _time.Advance(CommandRunner.Beat);
            while ((await _ledger.FindAsync(Id(), stop)).LastBeat == began)
                await Task.Yield(); // the beat is written in the background
            return 1;
        });

        Assert.Equal(began + CommandRunner.Beat, (await _ledger.FindAsync(Id(), Stop)).LastBeat);
    }

    [Fact]
    public async Task A_failure_is_a_reply()
    {
        var failure = new Failure { Code = "rate-limited", Message = "Too many.", IsTransient = true, HttpStatus = 429 };

        await RunAsync((_, _) => throw new StepFailedException(failure));

        Assert.Equal(failure, Assert.Single(_hub.Replies).Failure);
    }

    [Theory]
    [InlineData(typeof(IOException), "unreachable", true)]
    [InlineData(typeof(InvalidCastException), "internal", false)]
    public async Task An_exception_becomes_a_failure_in_words(Type exception, string code, bool transient)
    {
        await RunAsync((_, _) => throw (Exception)Activator.CreateInstance(exception, "broken")!);

        var failure = Assert.Single(_hub.Replies).Failure!;
        Assert.Equal((code, transient), (failure.Code, failure.IsTransient));
        Assert.Contains("broken", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_past_its_deadline_is_stopped()
    {
        await RunAsync(async (_, stop) =>
        {
            _time.Advance(TimeSpan.FromHours(1));
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return 1;
        });

        var failure = Assert.Single(_hub.Replies).Failure!;
        Assert.Equal(("deadline", true), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task A_host_that_stops_gives_the_command_back()
    {
        using var host = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(async (_, stop) =>
        {
            await host.CancelAsync();
            stop.ThrowIfCancellationRequested();
            return 1;
        }, host.Token));

        Assert.Empty(_hub.Replies);
        Assert.Null((await _ledger.FindAsync(Id(), Stop)).Reply);
    }

    [Fact]
    public async Task A_reply_that_nobody_waits_for_is_no_failure()
    {
        _hub.InstanceIsGone = true;

        await RunAsync((_, _) => Counted());

        Assert.Empty(_hub.Replies);
        Assert.NotNull((await _ledger.FindAsync(Id(), Stop)).Reply);
    }

    [Fact]
    public async Task A_reply_that_could_not_be_sent_is_sent_when_the_message_comes_back()
    {
        _hub.Raising = () => throw new IOException("the hub is away");
        await Assert.ThrowsAsync<IOException>(() => RunAsync((_, _) => Counted()));

        _hub.Raising = () => { };
        await RunAsync((_, _) => Counted());

        Assert.Equal(1, Assert.Single(_hub.Replies).ResultAs<int>());
    }

    [Fact]
    public async Task An_event_has_the_same_id_however_often_its_step_is_done()
    {
        var ids = new List<string>();
        foreach (var attempt in new[] { 1, 2 })
        {
            await RunAsync((call, _) =>
            {
                call.Raise(LifecycleEventTypes.MergeCompleted, "bars", new { attempt });
                ids.AddRange(call.Events.Select(e => e.Id));
                return Counted();
            }, attempt: attempt);
        }

        Assert.Equal(2, ids.Count);
        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    public async Task Events_are_in_the_outbox_before_the_reply_is_given()
    {
        var waiting = 0;
        var outbox = _clients.Queues.GetQueueClient(Queues.LifecycleEvents);
        _hub.Raising = () => waiting = outbox.GetProperties(Stop).Value.ApproximateMessagesCount;

        await RunAsync((call, _) =>
        {
            call.Raise(LifecycleEventTypes.MergeCompleted, "bars", new { });
            return Counted();
        });

        Assert.True(waiting > 0);
    }

    [Theory]
    [InlineData("not json", "is not a AgentCommand")]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("""{"schemaVersion":99,"id":"a/b/1"}""", "has schemaVersion 99: this version reads 1")]
    [InlineData("""{"schemaVersion":1,"id":"a/b/1","run":"a","kind":"fly","replyTo":"a"}""", "is of kind 'fly': expected one of count")]
    [InlineData("""{"schemaVersion":1,"id":"a/b/1"}""", "missing required properties")]
    public async Task What_is_no_command_of_this_agent_is_refused_in_words(string message, string expected)
    {
        var refused = await Assert.ThrowsAsync<UnreadableMessageException>(() => RunAsync(message, (_, _) => Counted(), Stop));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_hub.Replies);
    }

    [Fact]
    public async Task Arguments_too_large_for_a_message_are_read_from_their_blob()
    {
        var at = new LakePath(Containers.Control, $"arguments/{Id()}.json");
        await new BlobStore(_clients).WriteJsonOnceAsync(at, new { text = new string('x', 100_000) }, Stop);
        var command = Command() with { Arguments = null, ArgumentsAt = at };

        await RunAsync(JsonSerializer.Serialize(command, ContractJson.Options), (call, _) => Task.FromResult<object>(call.ArgumentsAs<JsonElement>().GetProperty("text").GetString()!.Length), Stop);

        Assert.Equal(100_000, Assert.Single(_hub.Replies).ResultAs<int>());
    }

    Task<object> Counted() => Task.FromResult<object>(++_done);

    string Id(int attempt = 1) => AgentCommand.IdOf(_run, "bars-merge", attempt);

    AgentCommand Command(int attempt = 1) => new()
    {
        Id = Id(attempt),
        Run = _run,
        Kind = Kind,
        ReplyTo = _run,
        Deadline = _time.GetUtcNow().AddMinutes(10),
        Arguments = JsonSerializer.SerializeToElement(new { }),
    };

    Task RunAsync(CommandHandler handler, CancellationToken? stop = null, int attempt = 1) =>
        RunAsync(JsonSerializer.Serialize(Command(attempt), ContractJson.Options), handler, stop ?? Stop);

    Task RunAsync(string message, CommandHandler handler, CancellationToken stop) =>
        _runner.RunAsync(Services.DataMerger, Queues.DataMerger, message, _hub, new Dictionary<string, CommandHandler> { [Kind] = handler }, stop);
}
