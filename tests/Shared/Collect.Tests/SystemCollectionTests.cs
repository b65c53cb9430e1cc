using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Collect.Tests;

public sealed class SystemCollectionTests(AzuriteFixture azurite)
{
    static readonly TimeWindow Window = new(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Parts_are_landed_in_order_and_acknowledged_once_they_are_durable()
    {
        await using var bench = await Bench.OpenAsync(azurite, new());
        List<int> there = [];
        bench.System.BeforeAcknowledgement = part => there.Add(bench.Progress.Parts);

        var (result, manifest) = await bench.CollectAsync(1);

        Assert.Equal((4, "10", 10L), (result.Artefacts, result.NextCursor, manifest.Artefacts.Sum(a => a.Records)));
        Assert.Equal(["from 0", "from 3", "from 6", "from 9"], manifest.Artefacts.Select(a => a.Name));
        Assert.Equal(["00000-ticks", "00001-ticks", "00002-ticks", "00003-ticks"], manifest.Artefacts.Select(a => Workbench.NameOf(a.Path)));
        Assert.Equal([1, 2, 3, 4], there);
        Assert.Equal(["0", "3", "6", "9"], bench.System.Acknowledged);
        Assert.Equal(0, bench.System.ReadersOpen);
        Assert.All(manifest.Artefacts, a => Assert.Equal((DateTimeOffset.UnixEpoch, "application/x-ndjson"), (a.KnownAt, a.ContentType)));
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task Killed_at_any_write_and_repeated_it_ends_in_the_same_bytes(bool isWhole, bool afterTheWrite)
    {
        await using var bench = await Bench.OpenAsync(azurite, new() { IsWhole = isWhole });
        var before = bench.Kills.Writes;
        var (undisturbed, _) = await bench.CollectAsync(1, commit: false);
        var (writes, expected) = (bench.Kills.Writes - before, await bench.TextAsync(1));
        Assert.Equal(Records(0, 10), expected);

        for (var k = 1; k <= writes; k++)
        {
            (bench.Kills.KillAt, bench.Kills.AfterSending) = (bench.Kills.Writes + k, afterTheWrite);
            await Assert.ThrowsAsync<KilledException>(() => bench.CollectAsync(100 + k, commit: false));
            bench.Kills.KillAt = -1;
            bench.System.Acknowledged.Clear();
            var (repeated, manifest) = await bench.CollectAsync(100 + k, commit: false);

            Assert.Equal(expected, await bench.TextAsync(100 + k));
            Assert.Equal((undisturbed.NextCursor, undisturbed.Artefacts, undisturbed.Bytes), (repeated.NextCursor, repeated.Artefacts, repeated.Bytes));
            if (!(k == writes && afterTheWrite)) // then the manifest was there and nobody was asked
                Assert.Equal(["0", "3", "6", "9"], bench.System.Acknowledged); // those of the killed attempt again
            Assert.All(manifest.Artefacts, a => Assert.Equal(64, a.Sha256.Length));
        }
    }

    [Theory, InlineData("0"), InlineData("6")]
    public async Task Killed_before_an_acknowledgement_it_acknowledges_again_and_reads_nothing_twice(string first)
    {
        await using var bench = await Bench.OpenAsync(azurite, new());
        bench.System.BeforeAcknowledgement = part =>
        {
            if (part.Headers["first"] == first)
                throw new KilledException();
        };
        await Assert.ThrowsAsync<KilledException>(() => bench.CollectAsync(1));
        bench.System.BeforeAcknowledgement = _ => { };

        await bench.CollectAsync(1);

        Assert.Equal(Records(0, 10), await bench.TextAsync(1));
        Assert.Contains(first, bench.System.Acknowledged);
        Assert.Equal($"{int.Parse(first) + 3}", bench.System.Reads[^1].Position);
        Assert.Equal(bench.System.Reads[0].StartedAt, bench.System.Reads[^1].StartedAt);
    }

    [Fact]
    public async Task The_next_run_begins_where_the_one_before_ended()
    {
        await using var bench = await Bench.OpenAsync(azurite, new());
        await bench.CollectAsync(1);
        var (none, _) = await bench.CollectAsync(2);
        bench.System.Count = 14;
        var (some, _) = await bench.CollectAsync(3);

        Assert.Equal((0, null), (none.Artefacts, none.NextCursor));
        Assert.Equal((2, "14"), (some.Artefacts, some.NextCursor));
        Assert.Equal(Records(10, 14), await bench.TextAsync(3));
        Assert.Equal(("10", "10"), (bench.System.Reads[^1].Position, bench.System.Reads[^1].RunPosition));
    }

    [Fact]
    public async Task A_system_with_nothing_to_read_ends_without_artefacts()
    {
        await using var bench = await Bench.OpenAsync(azurite, new() { Count = 0 });

        var (result, manifest) = await bench.CollectAsync(1);

        Assert.Equal((0, null, 0L), (result.Artefacts, result.NextCursor, result.Bytes));
        Assert.Empty(manifest.Artefacts);
    }

    [Fact]
    public async Task A_window_of_a_stream_is_one_part()
    {
        await using var bench = await Bench.OpenAsync(azurite, new(), SourceKind.Stream);

        var (first, _) = await bench.CollectAsync(1);
        var (second, _) = await bench.CollectAsync(2);

        Assert.Equal([(1, "3"), (1, "6")], [(first.Artefacts, first.NextCursor), (second.Artefacts, second.NextCursor)]);
        Assert.Equal(Records(3, 6), await bench.TextAsync(2));
        Assert.Equal(["0", "3"], bench.System.Acknowledged);
    }

    [Fact]
    public async Task A_run_of_a_window_of_time_leaves_the_cursor_alone()
    {
        await using var bench = await Bench.OpenAsync(azurite, new());
        await bench.CollectAsync(1);

        var (result, _) = await bench.CollectAsync(2, Window);

        Assert.Equal((4, null), (result.Artefacts, result.NextCursor));
        Assert.Equal((null, Window), (bench.System.Reads[^1].Position, bench.System.Reads[^1].Window));
        Assert.Equal("10", await bench.CursorAsync());
    }

    [Fact]
    public async Task A_failure_after_progress_is_tried_again_and_one_without_ends_the_attempt()
    {
        await using var bench = await Bench.OpenAsync(azurite, new());
        List<int> asked = [];
        bench.System.BeforePart = async (first, destination, _) =>
        {
            asked.Add(first);
            if (asked.Count is 2 or 5)
            {
                await destination.WriteAsync("half a part"u8.ToArray(), TestContext.Current.CancellationToken);
                throw Broken();
            }
        };

        var (result, manifest) = await bench.CollectAsync(1);
        Assert.Equal([0, 3, 3, 6, 9, 9], asked);
        Assert.Equal(Records(0, 10), await bench.TextAsync(1)); // nothing of the broken parts
        Assert.Equal((3, 2), (manifest.Requests, result.Retries));

        bench.System.BeforePart = (_, _, _) => throw Broken();
        bench.System.Count = 20;
        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(2))).Failure;
        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task A_failure_that_nothing_cures_and_one_that_names_its_moment_are_the_callers()
    {
        foreach (var failure in new Failure[] { new() { Code = "not-found", Message = "gone" }, new() { Code = "rate-limited", Message = "later", IsTransient = true, RetryNotBefore = DateTimeOffset.UnixEpoch } })
        {
            await using var bench = await Bench.OpenAsync(azurite, new());
            bench.System.BeforePart = (first, _, _) => first == 3 ? throw new StepFailedException(failure) : Task.CompletedTask;

            Assert.Equal(failure, (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(1))).Failure);
            Assert.Single(bench.System.Reads);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Two_attempts_at_once_land_and_acknowledge_the_same(bool theyNamePartsDifferently)
    {
        await using var bench = await Bench.OpenAsync(azurite, new());
        var (calls, names) = (0, 0);
        var bothAreThere = new TaskCompletionSource();
        bench.System.BeforePart = async (_, _, _) =>
        {
            if (Interlocked.Increment(ref calls) == 2)
                bothAreThere.SetResult();
            await bothAreThere.Task;
        };
        if (theyNamePartsDifferently)
            bench.System.NameOf = _ => $"{Interlocked.Increment(ref names)}.csv";

        var both = await Task.WhenAll(bench.CollectAsync(1, commit: false), bench.CollectAsync(1, commit: false));

        Assert.Equal(both[0].Result, both[1].Result);
        Assert.Equal(Records(0, 10), await bench.TextAsync(1));
        Assert.Equal((4 * 2) + 2, (await bench.Workbench.LandingAsync("ticks", 1)).Count); // the plan, the manifest, and each part and its note once
        Assert.Equal(["0", "3", "6", "9"], bench.System.Acknowledged.Distinct().Order());
    }

    [Fact]
    public async Task Cancelling_ends_it_and_the_run_goes_on_later()
    {
        await using var bench = await Bench.OpenAsync(azurite, new());
        using var stop = new CancellationTokenSource();
        bench.System.BeforePart = async (first, _, cancellationToken) =>
        {
            if (first == 6)
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.CollectAsync(1, cancellationToken: stop.Token));
        Assert.Equal(0, bench.System.ReadersOpen);
        bench.System.BeforePart = (_, _, _) => Task.CompletedTask;
        await bench.CollectAsync(1);

        Assert.Equal(Records(0, 10), await bench.TextAsync(1));
    }

    [Fact]
    public async Task A_part_larger_than_one_block_arrives_whole()
    {
        await using var bench = await Bench.OpenAsync(azurite, new() { Count = 1 });
        var line = Encoding.UTF8.GetBytes($"{{\"n\":-1,\"filler\":\"{new string('x', 1 << 20)}\"}}\n");
        bench.System.BeforePart = async (_, destination, cancellationToken) =>
        {
            for (var i = 0; i < 20; i++)
                await destination.WriteAsync(line, cancellationToken);
        };

        var (result, manifest) = await bench.CollectAsync(1);

        var bytes = await bench.Workbench.BytesAsync(manifest.Artefacts[0].Path);
        Assert.Equal((line.Length * 20) + 8, bytes.Length);
        Assert.Equal((bytes.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))), ((int)result.Bytes, manifest.Artefacts[0].Sha256));
    }

    [Theory, InlineData('x'), InlineData('"'), InlineData('\\')]
    public async Task A_position_may_have_4000_characters(char filler)
    {
        var random = new Random(42);
        var digits = string.Concat(Enumerable.Range(0, 3900).Select(i => i % 4 == 0 ? filler : (char)('0' + random.Next(10))));
        await using var bench = await Bench.OpenAsync(azurite, new() { PositionOf = next => $"{digits} {next}".PadLeft(4000, '-') });

        var (result, _) = await bench.CollectAsync(1);
        bench.System.Count = 12;
        await bench.CollectAsync(2);

        Assert.Equal($"{digits} 10".PadLeft(4000, '-'), result.NextCursor);
        Assert.Equal(Records(10, 12), await bench.TextAsync(2));
    }

    [Theory, InlineData("../../other/run"), InlineData("C:\\con"), InlineData("")]
    public async Task A_name_of_the_system_does_not_leave_the_landing_folder(string name)
    {
        await using var bench = await Bench.OpenAsync(azurite, new() { NameOf = _ => name });

        var (_, manifest) = await bench.CollectAsync(1);

        Assert.All(manifest.Artefacts, a => Assert.Equal((name, "ticks"), (a.Name, Workbench.NameOf(a.Path)[6..])));
    }

    static string Records(int from, int end) => string.Concat(Enumerable.Range(from, end - from).Select(n => $"{{\"n\":{n}}}\n"));

    static StepFailedException Broken() => new(new() { Code = "source-unavailable", Message = "broke off", IsTransient = true });

    /// <summary>A collector, a scripted system, and a source that leads from one to the other.</summary>
    sealed class Bench(Workbench workbench, ScriptedSystem system, SourceKind kind) : IAsyncDisposable
    {
        public Workbench Workbench => workbench;

        public ScriptedSystem System => system;

        public KilledWrites Kills => workbench.Kills;

        public LastProgress Progress { get; } = new();

        public static async Task<Bench> OpenAsync(AzuriteFixture azurite, ScriptedSystem system, SourceKind kind = SourceKind.Database) =>
            new(await Workbench.OpenAsync(azurite, system: system), system, kind);

        public Task<(CollectResult Result, LandingManifest Manifest)> CollectAsync(
            int run, TimeWindow? window = null, bool commit = true, CancellationToken? cancellationToken = null) => workbench.CollectAsync(Source, run, window, commit, Progress, cancellationToken);

        public async Task<string> TextAsync(int run)
        {
            var folder = LakePath.LandingOf(workbench.SourceId, "ticks", workbench.Run(run));
            var manifest = (await workbench.Blobs.ReadJsonAsync<LandingManifest>(folder.Child("manifest.json"), TestContext.Current.CancellationToken))!.Value;
            var text = new StringBuilder();
            foreach (var artefact in manifest.Artefacts)
                text.Append(Encoding.UTF8.GetString(await workbench.BytesAsync(artefact.Path)));
            return text.ToString();
        }

        public async Task<string?> CursorAsync() => (await workbench.Cursors.FindAsync(workbench.SourceId, "ticks", TestContext.Current.CancellationToken))?.Value;

        public ValueTask DisposeAsync() => workbench.DisposeAsync();

        SourceDefinition Source => new()
        {
            Source = workbench.SourceId,
            Kind = kind,
            Connection = new() { System = "scripted", BaseUrl = "scripted://here", Limits = new() { Attempts = 1 } },
            Datasets = [new() { Dataset = "ticks", Read = new() }],
        };
    }

    sealed class LastProgress : IProgress<CollectProgress>
    {
        public int Parts { get; private set; }

        public void Report(CollectProgress value) => Parts = value.Artefacts;
    }
}
