using System.Globalization;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using DataIngestion.Observe.Cost;
using DataIngestion.Storage;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Commands;

public sealed partial class CostCommandTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    static readonly string PriceFile = Path.Combine(Repository.Root, "configs", PriceLists.FileName);
    static int Years = 2100;

    readonly CommandRun _run = new();
    readonly DateOnly _day = new(Interlocked.Increment(ref Years), 5, 31); // a year of its own: all tests share one account

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Usage_is_read_added_up_and_priced()
    {
        await RecordAsync();

        Assert.Equal(ExitCodes.Ok, await CostAsync("--format", "csv", "--environment", "dev"));

        var lines = _run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("source,runs,executions,wallSeconds,gbSeconds", string.Join(',', lines[0].Split(',')[..5]));
        Assert.Equal(["vendor", "(platform)", "total"], lines[1..].Select(l => l.Split(',')[0]));
        Assert.Equal(["2", "30", "0", "75"], lines[1].Split(',')[1..5]);
        var totals = lines[1..].Select(l => decimal.Parse(l.Split(',')[^2], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(totals[2], totals[0] + totals[1]);
    }

    [Fact]
    public async Task Every_format_and_grouping_prints_the_same_sum()
    {
        await RecordAsync();
        var totals = new HashSet<string>();
        foreach (var by in (string[])["source", "dataset", "run", "step", "day"])
        {
            _run.Output.GetStringBuilder().Clear();
            Assert.Equal(ExitCodes.Ok, await CostAsync("--by", by, "--format", "csv"));
            totals.Add(_run.Text.TrimEnd().Split('\n')[^1]);
        }

        Assert.Single(totals);
        _run.Output.GetStringBuilder().Clear();
        Assert.Equal(ExitCodes.Ok, await CostAsync());
        Assert.Contains("(platform)", _run.Text, StringComparison.Ordinal);
        Assert.Contains("Not priced, because the price list does not know: taskScheduler.action, taskScheduler.capacityUnit.", _run.Text, StringComparison.Ordinal);
        _run.Output.GetStringBuilder().Clear();
        Assert.Equal(ExitCodes.Ok, await CostAsync("--format", "json"));
        Assert.StartsWith("{\"from\":", _run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_was_recorded_it_says_so()
    {
        Assert.Equal(ExitCodes.Ok, await CostAsync());
        Assert.Contains("Nothing was recorded in this time.", _run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'31.1.2026' does not fit --from: expected a day such as 2026-01-31.", ExitCodes.Usage, "--from", "31.1.2026")]
    [InlineData("'--from 2026-02-01' is not before '--to 2026-02-01': the day of --to does not belong to it.", ExitCodes.Usage, "--from", "2026-02-01", "--to", "2026-02-01")]
    [InlineData("The price list has no environment 'pord': did you mean 'prod'?", ExitCodes.NotFound, "--environment", "pord")]
    [InlineData("'A!' is not the name of a storage account: expected 3 to 24 lower-case letters and digits.", ExitCodes.Usage, "--account", "A!")]
    [InlineData("'-1' does not fit --gb-per-day: expected a number from 0 to 1000000.", ExitCodes.Usage, "estimate", "--gb-per-day=-1")]
    public async Task What_cannot_be_understood_is_said_in_a_sentence(string sentence, int code, params string[] args)
    {
        Assert.Equal(code, await _run.RunAsync(["cost", .. args, "--prices", PriceFile]));
        Assert.StartsWith($"ingest: {sentence}", _run.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_price_list_with_faults_is_refused_with_their_lines()
    {
        _run.Write("p.yaml", "currency: usd\nregion: x\n");

        Assert.Equal(ExitCodes.Configuration, await _run.RunAsync("cost", "estimate", "--prices", "p.yaml"));
        Assert.Contains("p.yaml:1: 'currency' is 'usd': expected to match ^[A-Z]{3}$.", _run.Fault, StringComparison.Ordinal);
        Assert.Contains("'functions' is missing.", _run.Fault, StringComparison.Ordinal);
    }

    // What the page says is what the code reckons with the prices of today.
    [Fact]
    public async Task The_page_about_cost_shows_what_the_commands_print()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "cost.md"), Stop);
        var blocks = Computed().Matches(page.ReplaceLineEndings("\n"));

        Assert.True(blocks.Count >= 3, "The page has no computed blocks, so this test would prove nothing.");
        foreach (Match block in blocks)
        {
            _run.Output.GetStringBuilder().Clear();
            Assert.Equal(ExitCodes.Ok, await _run.RunAsync([.. block.Groups["command"].Value.Split(' '), "--prices", PriceFile]));
            Assert.Equal(Shown(_run.Text), Shown(block.Groups["output"].Value));
        }

        static string Shown(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0));
    }

    Task<int> CostAsync(params string[] args)
    {
        _run.Settings["DataStorage"] = azurite.ConnectionString;
        return _run.RunAsync(["cost", "--from", Day(0), "--to", Day(1), "--prices", PriceFile, .. args]);
    }

    string Day(int later) => _day.AddDays(later).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    async Task RecordAsync()
    {
        var clients = StorageClients.Connect(azurite.ConnectionString);
        var blobs = new BlobStore(clients);
        await blobs.CreateContainersAsync(Stop);
        var store = new UsageStore(clients, blobs);
        var at = new DateTimeOffset(_day, new(23, 59, 59), TimeSpan.Zero);
        UsageRecord[] records =
        [
            new(new() { Source = "vendor", Run = "r1", Dataset = "prices", Step = "collect" }, new() { Executions = 10, GbSeconds = 50, BytesLanded = 1_000_000, StorageOperations = new Dictionary<string, long> { ["data/blob-write"] = 33 } }),
            new(new() { Source = "vendor", Run = "r2", Dataset = "prices", Step = "merge" }, new() { Executions = 20, GbSeconds = 25 }),
            new(UsageSubject.Platform, new() { Executions = 5, GbSeconds = 10.333 }),
        ];
        foreach (var (record, i) in records.Select((r, i) => (r, i)))
            await store.WriteAsync($"test/{i}", new() { At = at, Instance = "i", MemoryMB = 2048, Records = [record] }, Stop);
        await store.WriteAsync("test/tomorrow", new() { At = at.AddSeconds(1), Instance = "i", MemoryMB = 2048, Records = [new(UsageSubject.Platform, new() { Executions = 1_000_000 })] }, Stop);
    }

    [GeneratedRegex(@"```text\n\$ ingest (?<command>[^\n]+)\n(?<output>.*?)\n```", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Computed();
}
