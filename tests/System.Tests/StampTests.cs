using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Contracts;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.Samples;
using DataIngestion.Storage;
using DataIngestion.SystemTests.Platform;
using DataIngestion.TestKit;

namespace DataIngestion.SystemTests;

/// <summary>Two stamps at work: hosts and task hubs of their own, one data account.</summary>
[Trait("Category", "server")]
public sealed class StampTests
{
    const string Green = "greenhost";
    const string Lake = "lakeaccount";

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    // As deployed: the register gives the run to one.
    [Fact]
    public Task A_request_that_reaches_two_stamps_is_ingested_once() => RequestAsync("blue", "green", hubs: 1);

    // The worst that can happen: it is in both task hubs.
    [Fact]
    [Trait("Category", "campaign")]
    public Task A_run_that_is_in_two_task_hubs_is_ingested_once() => RequestAsync("same", "same", hubs: 2);

    static async Task RequestAsync(string first, string second, int hubs)
    {
        using var folder = new TemporaryFolder("stamps");
        await using var azurite = await AzuriteProcess.StartAsync(new(folder.File("azurite")) { MoreAccounts = [Green, Lake] }, Stop);
        var bars = Bar.ReadCsv(Path.Combine(World.Samples, "vendor-api", "daily-bars.csv"));
        await using var vendor = await VendorSimulator.StartAsync(new() { Bars = bars }, cancellationToken: Stop);
        string[] hosts = [azurite.ConnectionString, azurite.ConnectionStringOf(Green)];
        await using var blue = await StartAsync(folder, azurite, vendor, hosts[0], first, 0);
        await using var green = await StartAsync(folder, azurite, vendor, hosts[1], second, 1);
        PlatformProcess[] stamps = [blue, green];

        var request = new IngestionRequest
        {
            Run = RunId.From("vendor-api", new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), "schedule"),
            Source = "vendor-api",
            Cause = IngestionCause.Schedule,
        };
        await Task.WhenAll(hosts.Select(host => new MessageQueues(StorageClients.Connect(host)).SendAsync(Queues.IngestionRequests, request, cancellationToken: Stop)));

        foreach (var stamp in stamps) // also the one that did not run it answers for it
        {
            IngestionStatus? status = null;
            await World.UntilAsync(
                async () => (status = (await GetAsync(stamp, $"ingestions/{request.Run}")).Deserialize<IngestionStatus>(ContractJson.Options))?.Report is not null,
                Limit, () => $"The run has not ended: {status?.Status}. {stamp.Output}", Stop);
            Assert.True(status!.Status is RunState.Completed, status.Report?.Failure?.Message);
            JsonNode? state = null;
            await World.UntilAsync(async () => (state = await GetAsync(stamp, "stamp"))!["drained"]!.GetValue<bool>(), Limit, () => $"It has work left: {state?.ToJsonString()}", Stop);
            Assert.Equal("0-0", state!["share"]!.GetValue<string>());
        }

        var began = await Task.WhenAll(stamps.Select(async stamp => (await GetAsync(stamp, "ingestions?source=vendor-api"))!["runs"]!.AsArray().Count));
        Assert.Equal(hubs, began.Sum());

        var rows = (await GetAsync(blue, "datasets/daily-bars/rows?limit=10000"))!;
        Assert.Equal(bars.Count, rows["rows"]!.AsArray().Count);
        var cursor = new CursorStore(new(StorageClients.Connect(azurite.ConnectionStringOf(Lake))), TimeProvider.System);
        Assert.Equal(request.Run, (await cursor.FindAsync("vendor-api", "daily-bars", Stop))!.Run);
    }

    static Task<PlatformProcess> StartAsync(TemporaryFolder folder, AzuriteProcess azurite, VendorSimulator vendor, string host, string stamp, int place) => PlatformProcess.StartAsync(
        folder.File($"stamp-{place}"),
        new Dictionary<string, string>
        {
            [StorageConnection.Host] = host,
            [StorageConnection.Data] = azurite.ConnectionStringOf(Lake),
            ["VENDOR_API_URL"] = vendor.BaseAddress.ToString().TrimEnd('/'),
            ["VENDOR_API_KEY"] = new VendorOptions().ApiKey,
            ["Ingestion__Stamp"] = stamp,
            ["Ingestion__ScheduleShare"] = "0-0",
        },
        Stop);

    static async Task<JsonNode?> GetAsync(PlatformProcess stamp, string path)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(stamp.Url, $"api/{path}"));
        request.Headers.Add("x-functions-key", stamp.Key);
        using var answer = await http.SendAsync(request, Stop);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop)) : null;
    }
}
