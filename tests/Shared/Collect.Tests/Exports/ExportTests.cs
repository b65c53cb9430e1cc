using System.Globalization;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests.Exports;

public sealed class ExportTests(AzuriteFixture azurite)
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Ways => [.. ExportVendor.Ways];

    [Theory, MemberData(nameof(Ways))]
    public async Task An_export_is_submitted_polled_and_downloaded_in_the_order_of_its_parts(string way)
    {
        await using var vendor = await ExportVendor.StartAsync(way);
        await using var bench = await Workbench.OpenAsync(azurite);

        var (result, manifest) = await bench.CollectAsync(bench.Source(vendor.Address, vendor.Dataset()), 1);

        Assert.Equal(vendor.Records, await bench.RecordsAsync(manifest));
        Assert.Equal(way == "same request" ? 0 : 1, vendor.Submitted);
        Assert.True(result.Requests >= 3, "two polls at least, and one that brought it to its end");
        Assert.DoesNotContain(manifest.Artefacts, a => a.Name.Contains("signature", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_stop_after_the_submission_is_landed_does_not_submit_again(string way)
    {
        if (way == "same request")
            return;
        await using var vendor = await ExportVendor.StartAsync(way);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.Address, vendor.Dataset());
        vendor.OnPoll = context =>
        {
            context.Response.StatusCode = 403;
            return Task.FromResult(true);
        };
        await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1));

        vendor.OnPoll = null;
        var (_, manifest) = await bench.CollectAsync(source, 1);

        Assert.Equal(1, vendor.Submitted);
        Assert.Equal(vendor.Records, await bench.RecordsAsync(manifest));
    }

    [Theory]
    [InlineData("id", false), InlineData("id", true), InlineData("several jobs", true), InlineData("last answer", false)]
    public async Task Killed_at_any_write_and_repeated_it_ends_with_the_same_records_and_at_most_one_job_more(string way, bool afterTheWrite)
    {
        var time = new FakeTimeProvider(Noon);
        await using var vendor = await ExportVendor.StartAsync(way);
        vendor.Patience = 0;
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var arguments = new CollectArguments { Source = bench.Source(vendor.Address, vendor.Dataset()), Dataset = "bars" };
        var before = bench.Kills.Writes;
        await bench.Collector.CollectAsync(arguments, bench.Run(0), cancellationToken: TestContext.Current.CancellationToken);
        var writes = bench.Kills.Writes - before;
        var expected = await NamesAsync(bench, 0);

        for (var k = 1; k <= writes; k++)
        {
            var submitted = vendor.Submitted;
            (bench.Kills.KillAt, bench.Kills.AfterSending) = (bench.Kills.Writes + k, afterTheWrite);
            await Assert.ThrowsAsync<KilledException>(() => bench.Collector.CollectAsync(arguments, bench.Run(k), cancellationToken: TestContext.Current.CancellationToken));
            bench.Kills.KillAt = -1;
            var repeated = await bench.ManifestAsync(await bench.Collector.CollectAsync(arguments, bench.Run(k), cancellationToken: TestContext.Current.CancellationToken));

            Assert.Equal(vendor.Records, await bench.RecordsAsync(repeated));
            Assert.Equal(expected, await NamesAsync(bench, k));
            var isKnown = k > 3 || (k == 3 && afterTheWrite); // plan, body and note of the submission
            Assert.InRange(vendor.Submitted - submitted, 1, isKnown ? 1 : 2);
        }
    }

    [Fact]
    public async Task A_long_wait_ends_the_attempt_and_the_next_one_goes_on()
    {
        var time = new FakeTimeProvider(Noon);
        await using var vendor = await ExportVendor.StartAsync("id");
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var source = bench.Source(vendor.Address, vendor.Dataset(every: TimeSpan.FromMinutes(10)));

        var pending = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;
        Assert.Equal(("export-pending", true, true, Noon.AddMinutes(10)), (pending.Code, pending.IsTransient, pending.IsWaiting, pending.RetryNotBefore));

        time.Advance(TimeSpan.FromMinutes(115));
        var older = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;
        Assert.Equal(time.GetUtcNow().AddMinutes(11.5), older.RetryNotBefore); // a tenth of its age

        time.Advance(TimeSpan.FromMinutes(12));
        var (_, manifest) = await bench.CollectAsync(source, 1);
        Assert.Equal((1, 9), (vendor.Submitted, (await bench.RecordsAsync(manifest)).Count));
    }

    [Theory]
    [InlineData("3600"), InlineData("Sun, 01 Mar 2026 13:00:00 GMT")]
    public async Task The_time_that_the_source_asks_for_is_kept(string retryAfter)
    {
        var time = new FakeTimeProvider(Noon);
        await using var vendor = await ExportVendor.StartAsync("location");
        vendor.OnPoll = context =>
        {
            context.Response.StatusCode = 202;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.FromResult(true);
        };
        await using var bench = await Workbench.OpenAsync(azurite, time);

        var pending = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(bench.Source(vendor.Address, vendor.Dataset()), 1))).Failure;

        Assert.Equal(Noon.AddHours(1), pending.RetryNotBefore);
    }

    [Fact]
    public async Task A_job_that_is_never_done_fails_the_attempt_and_the_next_one_asks_after_the_same_job()
    {
        var time = new FakeTimeProvider(Noon);
        await using var vendor = await ExportVendor.StartAsync("id");
        vendor.Patience = int.MaxValue;
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var source = bench.Source(vendor.Address, vendor.Dataset(every: TimeSpan.FromMinutes(10)));
        await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1));
        time.Advance(TimeSpan.FromHours(3));

        var late = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;
        Assert.Equal(("export-timeout", true, false), (late.Code, late.IsTransient, late.IsWaiting));

        vendor.Patience = 0;
        await bench.CollectAsync(source, 1);
        Assert.Equal(1, vendor.Submitted);
    }

    [Fact]
    public async Task A_failed_job_fails_with_the_words_of_the_source()
    {
        await using var vendor = await ExportVendor.StartAsync("id");
        vendor.OnPoll = async context =>
        {
            await context.Response.WriteAsync("""{"state":"FAILED","error":"no entitlement for exchange XNYS"}""");
            return true;
        };
        await using var bench = await Workbench.OpenAsync(azurite);

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(bench.Source(vendor.Address, vendor.Dataset()), 1))).Failure;

        Assert.Equal(("export-failed", false), (failure.Code, failure.IsTransient));
        Assert.Contains("no entitlement for exchange XNYS", failure.Message, StringComparison.Ordinal);
        Assert.Contains("/jobs/job-1", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1), InlineData(2)]
    public async Task A_lost_job_is_submitted_anew_once(int lost)
    {
        var time = new FakeTimeProvider(Noon);
        await using var vendor = await ExportVendor.StartAsync("id");
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var source = bench.Source(vendor.Address, vendor.Dataset(every: TimeSpan.FromMinutes(10)));
        await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1));
        vendor.OnPoll = context =>
        {
            var isLost = context.Request.Path.Value!.EndsWith("-1", StringComparison.Ordinal) || lost == 2;
            context.Response.StatusCode = isLost ? 404 : 200;
            return Task.FromResult(isLost);
        };
        vendor.Patience = 0;

        time.Advance(TimeSpan.FromMinutes(10));
        if (lost == 1)
        {
            var (_, manifest) = await bench.CollectAsync(source, 1);
            Assert.Equal(9, (await bench.RecordsAsync(manifest)).Count);
        }
        else
        {
            await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1)); // just submitted: it may not be known yet
            time.Advance(TimeSpan.FromMinutes(10));
            var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;
            Assert.Equal("export-lost", failure.Code);
        }

        Assert.Equal(2, vendor.Submitted);
    }

    [Fact]
    public async Task An_export_without_parts_is_nothing_new()
    {
        await using var vendor = await ExportVendor.StartAsync("id");
        vendor.Parts = [];
        await using var bench = await Workbench.OpenAsync(azurite);

        var (result, _) = await bench.CollectAsync(bench.Source(vendor.Address, vendor.Dataset()), 1);

        Assert.Equal((0, 1), (result.Artefacts, vendor.Submitted));
    }

    [Fact]
    public async Task Addresses_that_have_run_out_are_asked_for_anew_and_what_was_downloaded_is_kept()
    {
        await using var vendor = await ExportVendor.StartAsync("addresses");
        vendor.OnPart = context =>
        {
            var signature = int.Parse(context.Request.Query["signature"].ToString()[1..], CultureInfo.InvariantCulture);
            var hasRunOut = signature <= 3 && context.Request.Path != "/parts/a";
            context.Response.StatusCode = hasRunOut ? 403 : 200;
            return Task.FromResult(hasRunOut);
        };
        await using var bench = await Workbench.OpenAsync(azurite);

        var (_, manifest) = await bench.CollectAsync(bench.Source(vendor.Address, vendor.Dataset()), 1);

        Assert.Equal(vendor.Records, await bench.RecordsAsync(manifest));
        Assert.Equal(["a", "b", "c"], vendor.Downloaded);
        Assert.Equal(1, vendor.Submitted);
    }

    [Fact]
    public async Task Parts_on_a_listed_host_are_fetched_without_our_credentials_and_no_others_are()
    {
        await using var vendor = await ExportVendor.StartAsync("addresses");
        await using var files = await ExportVendor.StartAsync("addresses");
        vendor.PartsAt = files.Address;
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.Address, vendor.Dataset());

        Assert.Equal("link-refused", (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure.Code);
        Assert.Empty(files.Received);

        var listed = source with { Connection = source.Connection! with { Origins = [files.Address.GetLeftPart(UriPartial.Authority)] } };
        var (_, manifest) = await bench.CollectAsync(listed, 1);
        Assert.Equal(vendor.Records, await bench.RecordsAsync(manifest));
        Assert.Equal(3, files.Received.Count);
        Assert.All(files.Received, r => Assert.DoesNotContain("X-Api-Key", r.Headers.Keys, StringComparer.OrdinalIgnoreCase));
        Assert.All(vendor.Received, r => Assert.Contains("X-Api-Key", r.Headers.Keys, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Each_window_of_a_cursor_that_goes_in_steps_is_an_export_of_its_own()
    {
        var time = new FakeTimeProvider(Noon);
        await using var vendor = await ExportVendor.StartAsync("id");
        vendor.Patience = 0;
        await using var bench = await Workbench.OpenAsync(azurite, time);
        var dataset = vendor.Dataset() with { Cursor = new() { Field = "date", Type = CursorType.Date, Start = "2026-02-01", Step = TimeSpan.FromDays(10) } };

        var (_, manifest) = await bench.CollectAsync(bench.Source(vendor.Address, dataset), 1);

        Assert.Equal(["2026-02-01", "2026-02-11", "2026-02-21"], vendor.Received.Where(r => r.Path == "/submit").Select(r => r.Body[9..19]));
        Assert.Equal(9, vendor.Downloaded.Count);
        Assert.Equal("2026-02-03", manifest.NextCursor);
        Assert.Equal(3 * 3, (await bench.RecordsAsync(manifest)).Count); // the other windows brought the same
    }

    [Fact]
    public async Task A_replay_of_an_export_asks_nothing()
    {
        await using var vendor = await ExportVendor.StartAsync("id");
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.Address, vendor.Dataset());
        var (_, manifest) = await bench.CollectAsync(source, 1);
        var asked = vendor.Received.Count;

        var replayed = await bench.Collector.ReplayAsync(new(source, "bars", bench.Run(1)), bench.Run(2), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(await bench.RecordsAsync(manifest), await bench.RecordsAsync(await bench.ManifestAsync(replayed)));
        Assert.Equal(asked, vendor.Received.Count);
    }

    [Fact]
    public async Task A_part_that_nobody_may_have_fails_rather_than_asking_for_ever()
    {
        await using var vendor = await ExportVendor.StartAsync("addresses");
        vendor.OnPart = context =>
        {
            context.Response.StatusCode = 403;
            return Task.FromResult(true);
        };
        await using var bench = await Workbench.OpenAsync(azurite);

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(bench.Source(vendor.Address, vendor.Dataset()), 1))).Failure;

        Assert.Equal("export-part-refused", failure.Code);
        Assert.DoesNotContain("signature", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_without_length_and_checksum_is_refused_where_the_definition_says_so()
    {
        await using var vendor = await ExportVendor.StartAsync("id");
        vendor.OnPart = async context =>
        {
            await context.Response.WriteAsync("""{"a":1}""");
            return true;
        };
        await using var bench = await Workbench.OpenAsync(azurite);
        var dataset = vendor.Dataset();
        await bench.CollectAsync(bench.Source(vendor.Address, dataset), 1);

        var failure = (await Assert.ThrowsAsync<StepFailedException>(
            () => bench.CollectAsync(bench.Source(vendor.Address, dataset with { Export = dataset.Export! with { AllowUnchecked = false } }), 2))).Failure;
        Assert.Equal("download-unchecked", failure.Code);

        vendor.OnPart = null;
        await bench.CollectAsync(bench.Source(vendor.Address, dataset with { Export = dataset.Export! with { AllowUnchecked = false } }), 2);
    }

    // What is in them is told by the records; the vendor counts its jobs.
    static async Task<IEnumerable<string>> NamesAsync(Workbench bench, int run) =>
        (await bench.LandingAsync("bars", run)).Keys.Select(name => System.Text.RegularExpressions.Regex.Replace(name, "job-[0-9]+", "job", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
}
