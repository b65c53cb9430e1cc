using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Orchestrators.Managers;
using DataIngestion.Orchestrators.Tests.Simulation;

namespace DataIngestion.Orchestrators.Tests.Managers;

public sealed class ManagerTests
{
    static readonly Failure Down = new() { Code = "source-unavailable", Message = "The vendor answered 503.", IsTransient = true };
    static readonly DroppedFile File = new(new(Containers.Drop, "vendor/a.csv"), "\"1\"", 10, DateTimeOffset.UnixEpoch);

    readonly Hub _hub = new();
    readonly Agents _agents;

    public ManagerTests() => _agents = new(_hub);

    string[] Ids(params string[] steps) => [.. steps.Select(s => s.Contains(' ') || s == "discard" ? s : $"{Plans.Run}/bars-{s}")];

    RunReport RunApi(IngestionPlan? plan = null) => _hub.Run(context => ApiManager.RunAsync(context, plan ?? Plans.Api()));

    [Fact]
    public void The_cursor_moves_only_after_publishing()
    {
        var report = RunApi();

        Assert.Equal(Ids("connect/1", "collect/1", "convert/1", "quality/1", "merge/1", "commit 2026-03-01"), _agents.Log);
        var dataset = Assert.Single(report.Datasets);
        Assert.Equal((RunOutcome.Completed, 10L, 6L, 1L, 3L), (dataset.Outcome, dataset.RowsIn, dataset.RowsOut, dataset.RowsQuarantined, dataset.RowsMergedAway));
        Assert.True(dataset.IsBalanced);
    }

    [Fact]
    public void A_source_with_nothing_new_is_left_as_it_is()
    {
        _agents.Answers[CommandKinds.Collect] = (_, _) => new CollectResult { Manifest = new("landing", "m"), Artefacts = 0 };

        Assert.Equal(RunOutcome.NothingNew, RunApi().Outcome);
        Assert.Equal(Ids("connect/1", "collect/1"), _agents.Log);
    }

    [Fact]
    public void A_failed_step_is_tried_again_at_the_time_advised()
    {
        var notBefore = new DateTimeOffset(_hub.Now, TimeSpan.Zero).AddHours(2);
        _agents.Answers[CommandKinds.Collect] = (_, times) => times == 1 ? Down : new CollectResult { Manifest = new("landing", "m"), Artefacts = 1 };
        _agents.Answers[CommandKinds.DecideRetry] = (_, _) => new RetryDecision { Action = RetryAction.Retry, NotBefore = notBefore, Reason = "It may get better." };

        Assert.Equal(RunOutcome.Completed, RunApi().Outcome);
        Assert.Equal(Ids("connect/1", "collect/1", "collect-retry/1", "collect/2", "convert/1", "quality/1", "merge/1"), _agents.Log);
        Assert.True(_hub.Now >= notBefore.UtcDateTime);
    }

    [Fact]
    public void Waiting_for_a_source_at_work_uses_up_neither_attempts_nor_time()
    {
        List<(int Attempt, DateTimeOffset First)> asked = [];
        var pending = new Failure { Code = "export-pending", Message = "It is at work.", IsTransient = true, IsWaiting = true, RetryNotBefore = new DateTimeOffset(_hub.Now, TimeSpan.Zero).AddHours(5) };
        _agents.Answers[CommandKinds.Collect] = (_, times) => times <= 7 ? pending : times == 8 ? Down : new CollectResult { Manifest = new("landing", "m"), Artefacts = 1 };
        _agents.Answers[CommandKinds.DecideRetry] = (command, _) =>
        {
            var arguments = command.Arguments!.Value.Deserialize<RetryArguments>(ContractJson.Options)!;
            asked.Add((arguments.Attempt, arguments.FirstTriedAt));
            return new RetryDecision { Action = RetryAction.Retry, NotBefore = new DateTimeOffset(_hub.Now, TimeSpan.Zero).AddHours(1), Counts = !arguments.Failure.IsWaiting, Reason = "It may get better." };
        };

        Assert.Equal(RunOutcome.Completed, RunApi().Outcome);

        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1], asked.Select(a => a.Attempt));
        Assert.True(asked[7].First - asked[0].First >= TimeSpan.FromHours(7), "the time of an attempt begins when the waiting is over");
        Assert.Equal(8, _agents.Log.Count(l => l.Contains("collect-retry", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_slices_without_records_moved_is_committed_too()
    {
        _agents.Answers[CommandKinds.Collect] = (_, _) => new CollectResult { Manifest = new("landing", "m"), Artefacts = 0, NextCursor = "slices:run" };

        Assert.Equal(RunOutcome.NothingNew, RunApi().Outcome);
        Assert.Equal(Ids("connect/1", "collect/1", "commit slices:run"), _agents.Log);
    }

    [Fact]
    public void When_merging_fails_for_good_the_steps_are_undone_last_first()
    {
        _agents.Answers[CommandKinds.Merge] = (_, _) => Down with { IsTransient = false };

        var dataset = Assert.Single(RunApi().Datasets);

        Assert.Equal(Ids("connect/1", "collect/1", "convert/1", "quality/1", "merge/1", "merge-retry/1", "withdraw/1", "discard"), _agents.Log);
        Assert.Equal((RunOutcome.Failed, "letter-1", 0L), (dataset.Outcome, dataset.DeadLetter, dataset.RowsOut));
        Assert.Contains("merge: The vendor answered 503.", dataset.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_undo_that_fails_does_not_keep_the_others_from_being_done()
    {
        _agents.Answers[CommandKinds.Merge] = (_, _) => Down;
        _agents.Answers[CommandKinds.Withdraw] = (_, _) => Down;

        var dataset = Assert.Single(RunApi().Datasets);

        Assert.Equal("discard", _agents.Log[^1]);
        Assert.Contains(dataset.Notes, n => n.StartsWith("'merge' could not be undone", StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_pass_the_quality_gate_is_not_published()
    {
        _agents.Answers[CommandKinds.CheckQuality] = (_, _) => new QualityResult(41, false, ["low <= high: 6 rows"]);

        var dataset = Assert.Single(RunApi().Datasets);

        Assert.Equal(Ids("connect/1", "collect/1", "convert/1", "quality/1", "quality-retry/1", "discard"), _agents.Log);
        Assert.Contains("low <= high: 6 rows", dataset.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_landed_data_stands_in_when_that_is_the_advice()
    {
        var cached = new LakePath(Containers.Landing, "vendor/bars/2026/03/01/run/manifest.json");
        LakePath? converted = null;
        _agents.Answers[CommandKinds.Connect] = (_, _) => Down;
        _agents.Answers[CommandKinds.DecideRetry] = (_, _) => new RetryDecision { Action = RetryAction.RecoverFromCache, CachedLanding = cached, Reason = "The vendor stays away." };
        var convert = _agents.Answers[CommandKinds.Convert];
        _agents.Answers[CommandKinds.Convert] = (command, times) =>
        {
            converted = command.Arguments!.Value.GetProperty("landing").GetString() is { } path ? LakePath.Parse(path) : null;
            return convert(command, times);
        };

        Assert.Equal(RunOutcome.Completed, RunApi().Outcome);
        Assert.Equal(cached, converted);
        Assert.DoesNotContain(_agents.Log, l => l.StartsWith("commit", StringComparison.Ordinal));
    }

    [Fact]
    public void A_window_leaves_the_live_cursor_alone()
    {
        var plan = Plans.Api();
        RunApi(plan with { Request = plan.Request with { Window = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1)) } });

        Assert.DoesNotContain(_agents.Log, l => l.StartsWith("commit", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fetch_retry_agent_that_is_away_ends_the_run_with_a_reason()
    {
        _agents.Answers[CommandKinds.Collect] = (_, _) => Down;
        _agents.Answers[CommandKinds.DecideRetry] = (_, _) => null;

        var dataset = Assert.Single(RunApi().Datasets);

        Assert.Equal(RunOutcome.Failed, dataset.Outcome);
        Assert.Contains(dataset.Notes, n => n.Contains("could not be asked", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_goes_through_landing_without_a_connection_or_a_cursor()
    {
        var plan = Plans.File();
        var report = _hub.Run(context => FileManager.RunAsync(context, plan with { Request = plan.Request with { File = File } }));

        Assert.Equal(RunOutcome.Completed, report.Outcome);
        Assert.Equal(Ids("collect/1", "convert/1", "quality/1", "merge/1"), _agents.Log);
    }

    [Fact]
    public void A_file_that_fits_no_pattern_is_refused_with_the_patterns()
    {
        var plan = Plans.File("*.xml");
        var report = _hub.Run(context => FileManager.RunAsync(context, plan with { Request = plan.Request with { File = File } }));

        Assert.Equal("'a.csv' fits none of the patterns of 'vendor': expected *.xml.", report.Failure!.Message);
        Assert.Empty(_agents.Log);
    }

    [Fact]
    public void A_run_is_announced_at_its_start_and_at_its_end()
    {
        _hub.Orchestrators[nameof(ApiManager)] = _ => ReportOf("vendor", RunOutcome.Completed);

        var report = _hub.Run(context => IngestionManager.RunAsync(context, Plans.Api()));

        Assert.Equal(["announce run_started", "announce run_completed"], _agents.Log);
        Assert.Equal(RunOutcome.Completed, report.Outcome);
    }

    [Fact]
    public void A_manager_that_breaks_ends_in_a_report_not_in_silence()
    {
        _hub.Orchestrators[nameof(ApiManager)] = _ => throw new InvalidOperationException("a defect");

        var report = _hub.Run(context => IngestionManager.RunAsync(context, Plans.Api()));

        Assert.Equal(["announce run_started", "announce run_failed"], _agents.Log);
        Assert.Contains("a defect", report.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_source_stands_in_for_what_failed()
    {
        var plan = Plans.Api() with { Related = new Dictionary<string, IngestionPlan> { ["spare"] = Plans.Api("spare") } };
        var runs = new List<string>();
        _hub.Orchestrators[nameof(ApiManager)] = input =>
        {
            var asked = Hub.Read<IngestionPlan>(input);
            runs.Add(asked.Request.Run);
            return asked.Source.Source == "spare"
                ? ReportOf("spare", RunOutcome.Completed)
                : ReportOf("vendor", RunOutcome.Failed, d => d with { FallbackSource = "spare", Failure = Down });
        };

        var report = _hub.Run(context => IngestionManager.RunAsync(context, plan));

        Assert.Equal(RunOutcome.Completed, report.Outcome);
        Assert.Equal("spare", Assert.Single(report.Datasets).Source);
        Assert.StartsWith("spare-", runs[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_runs_a_few_members_at_a_time_and_reports_them_in_order()
    {
        string[] members = ["a", "b", "c", "d", "e"];
        var plan = Plans.Of(new() { Source = "batch", Kind = SourceKind.Batch, Members = members, MaxParallel = 2 });
        plan = plan with { Related = members.ToDictionary(m => m, Plans.Api) };
        int running = 0, most = 0;
        _hub.Called = name => most = name == nameof(IngestionManager) ? Math.Max(most, ++running) : most;
        _hub.Orchestrators[nameof(IngestionManager)] = input =>
        {
            running--;
            return ReportOf(Hub.Read<IngestionPlan>(input).Source.Source, RunOutcome.Completed);
        };

        var report = _hub.Run(context => BatchManager.RunAsync(context, plan));

        Assert.Equal(2, most);
        Assert.Equal(members, report.Datasets.Select(d => d.Source));
    }

    [Fact]
    public void A_stream_publishes_a_window_and_begins_anew_with_what_it_adds_up_to()
    {
        var plan = Plans.Of(new()
        {
            Source = "vendor",
            Kind = SourceKind.Stream,
            Connection = new() { BaseUrl = "https://vendor.example" },
            Datasets = [new() { Dataset = "bars", Request = new() { Path = "/stream", MaxWindows = 2 } }],
        });

        _hub.Run(context => StreamManager.StreamWindows(context, new(plan, Plans.Run, 0, DateTimeOffset.UnixEpoch, [])));
        var next = Assert.IsType<StreamState>(_hub.Context!.ContinuedWith);
        var report = _hub.Run(context => StreamManager.StreamWindows(context, next));

        Assert.Equal(1, next.Windows);
        Assert.Null(_hub.Context!.ContinuedWith);
        Assert.Equal((20L, 12L), (report.Datasets[0].RowsIn, report.Datasets[0].RowsOut));
        Assert.Equal(2, _agents.Log.Count(l => l == "commit 2026-03-01"));
    }

    static RunReport ReportOf(string source, RunOutcome outcome, Func<DatasetReport, DatasetReport>? change = null)
    {
        var dataset = new DatasetReport { Dataset = "bars", Source = source, Outcome = outcome };
        return RunReport.Of(Plans.Run, source, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, [change?.Invoke(dataset) ?? dataset]);
    }
}
