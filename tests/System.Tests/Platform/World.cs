using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Contracts;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.Samples;
using DataIngestion.Storage;
using DataIngestion.TestKit;

namespace DataIngestion.SystemTests.Platform;

/// <summary>A platform process with storage and a vendor that outlive it, and what a user does with them.</summary>
internal sealed class World : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    readonly TemporaryFolder _folder = new("system");
    readonly TemporaryFolder _data;
    readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    readonly string? _configs;
    PlatformProcess? _platform;

    World(TemporaryFolder data, AzuriteProcess azurite, VendorSimulator vendor, string? configs, string? dataAccount)
    {
        (_data, Azurite, Vendor, _configs) = (data, azurite, vendor, configs);
        if (dataAccount is not null)
            Settings[StorageConnection.Data] = azurite.ConnectionStringOf(dataAccount);
        Storage = StorageClients.Connect(azurite.ConnectionString, Settings.GetValueOrDefault(StorageConnection.Data, azurite.ConnectionString));
        Blobs = new(Storage);
    }

    public AzuriteProcess Azurite { get; private set; }

    public VendorSimulator Vendor { get; }

    public StorageClients Storage { get; }

    public BlobStore Blobs { get; }

    public PlatformProcess Platform => _platform ?? throw new InvalidOperationException("The platform is not running.");

    /// <summary>Settings of the platform besides those that every world has.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Storage and vendor are up; the platform is not yet.</summary>
    /// <param name="vendor">What the vendor serves; its bars are the samples' if it has none.</param>
    /// <param name="configs">A folder of configuration instead of the repository's.</param>
    public static Task<World> CreateAsync(VendorOptions vendor, string? configs, CancellationToken cancellationToken) =>
        CreateAsync(vendor, configs, dataAccount: null, cancellationToken);

    /// <param name="vendor">What the vendor serves; its bars are the samples' if it has none.</param>
    /// <param name="configs">A folder of configuration instead of the repository's.</param>
    /// <param name="dataAccount">An account of its own for blobs and tables; null for the one with the queues.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<World> CreateAsync(VendorOptions vendor, string? configs, string? dataAccount, CancellationToken cancellationToken)
    {
        if (vendor.Bars.Count == 0)
            vendor = vendor with { Bars = Bar.ReadCsv(Path.Combine(Samples, "vendor-api", "daily-bars.csv")) };
        var data = new TemporaryFolder("azurite");
        var azurite = await AzuriteProcess.StartAsync(new(data.Path) { MoreAccounts = dataAccount is null ? [] : [dataAccount] }, cancellationToken);
        return new(data, azurite, await VendorSimulator.StartAsync(vendor, cancellationToken: cancellationToken), configs, dataAccount);
    }

    public static string Samples => Path.Combine(Root, "samples");

    public static string Root => Repository.Root;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>(Settings)
        {
            ["AzureWebJobsStorage"] = Azurite.ConnectionString,
            ["VENDOR_API_URL"] = Vendor.BaseAddress.ToString().TrimEnd('/'),
            ["VENDOR_API_KEY"] = new VendorOptions().ApiKey,
        };
        if (_configs is not null)
        {
            settings["Ingestion__ConfigsPath"] = Path.Combine(_configs, "configs");
            settings["Ingestion__WorkflowsPath"] = Path.Combine(_configs, "workflows");
        }

        _platform = await PlatformProcess.StartAsync(_folder.File("platform"), settings, cancellationToken);
    }

    public async Task KillAsync()
    {
        await Platform.KillAsync();
        await Platform.DisposeAsync();
        _platform = null;
    }

    /// <summary>Forgets the orchestrations' history of a platform that is not running, with everything else that is its own.</summary>
    public void LoseTaskHub() => Directory.Delete(_folder.File("platform"), recursive: true);

    /// <summary>Deletes everything in the storage account and the task hub of a platform that is not running.</summary>
    public async Task DestroyAsync(CancellationToken cancellationToken)
    {
        LoseTaskHub();
        await foreach (var container in Storage.Blobs.GetBlobContainersAsync(cancellationToken: cancellationToken))
            await Storage.Blobs.DeleteBlobContainerAsync(container.Name, cancellationToken: cancellationToken);
        await foreach (var queue in Storage.Queues.GetQueuesAsync(cancellationToken: cancellationToken))
            await Storage.Queues.DeleteQueueAsync(queue.Name, cancellationToken);
        await foreach (var table in Storage.Tables.QueryAsync(cancellationToken: cancellationToken))
            await Storage.Tables.DeleteTableAsync(table.Name, cancellationToken);
    }

    /// <summary>Runs a command of <c>ingest</c> on the storage, which must succeed.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> CommandAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ingest-cli.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["INGEST_ROOT"] = Root;
        start.Environment["INGEST_LOCAL"] = _folder.File("commands");
        start.Environment[StorageConnection.Data] = Settings.GetValueOrDefault(StorageConnection.Data, Azurite.ConnectionString);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"'ingest {string.Join(' ', arguments)}' answered {process.ExitCode}: {await error}");
        return output;
    }

    /// <summary>Stops the storage emulator and starts it again on the same ports and data.</summary>
    public async Task RestartStorageAsync(CancellationToken cancellationToken)
    {
        var options = Azurite.Options;
        await Azurite.DisposeAsync();
        Azurite = await AzuriteProcess.StartAsync(options, cancellationToken);
    }

    /// <summary>Drops every file of a folder <c>{source}/{file}</c>.</summary>
    /// <returns>The runs that they cause.</returns>
    public async Task<IReadOnlyList<string>> DropAsync(string folder, CancellationToken cancellationToken)
    {
        var container = Storage.Blobs.GetBlobContainerClient(Containers.Drop);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var runs = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = new LakePath(Containers.Drop, $"{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}");
            await container.GetBlobClient(path.Name).UploadAsync(file, overwrite: true, cancellationToken);
            var seen = (await Blobs.FindAsync(path, cancellationToken))!;
            runs.Add(RunId.From(path.Name[..path.Name.IndexOf('/', StringComparison.Ordinal)], seen.ModifiedAt, $"{path} {seen.ETag}"));
        }

        return runs;
    }

    /// <summary>Asks for a run; the same key names the same run, so it can be asked for until it is answered.</summary>
    public async Task<string> OrderAsync(string source, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Platform.Url, "api/ingestions")) { Content = JsonContent.Create(new { source }) };
        request.Headers.Add("x-functions-key", Platform.Key);
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await _http.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        return JsonNode.Parse(text)!["run"]!.GetValue<string>();
    }

    /// <summary>GET below <c>/api/</c>; null for 404.</summary>
    public async Task<JsonNode?> GetAsync(string path, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Get, path, cancellationToken) is { } text ? JsonNode.Parse(text) : null;

    public Task<string?> GetTextAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, cancellationToken);

    public async Task<JsonNode?> PostAsync(string path, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Post, path, cancellationToken) is { } text ? JsonNode.Parse(text) : null;

    /// <summary>Waits until every run has ended.</summary>
    public async Task<IReadOnlyList<IngestionStatus>> EndOfAsync(IReadOnlyCollection<string> runs, TimeSpan limit, CancellationToken cancellationToken)
    {
        var ended = new Dictionary<string, IngestionStatus>(StringComparer.Ordinal);
        await UntilAsync(
            async () =>
            {
                foreach (var run in runs.Where(r => !ended.ContainsKey(r)))
                {
                    var status = (await GetAsync($"ingestions/{run}", cancellationToken)).Deserialize<IngestionStatus>(ContractJson.Options);
                    if (status?.Status is RunState.Completed or RunState.Failed or RunState.Terminated)
                        ended[run] = status;
                }

                return ended.Count == runs.Count;
            },
            limit,
            () => $"These runs have not ended: {string.Join(", ", runs.Except(ended.Keys))}. The platform printed:{Environment.NewLine}{Platform.Output}",
            cancellationToken);
        return [.. runs.Select(r => ended[r])];
    }

    /// <summary>Polls until something is so; fails the test, saying what is missing, if it never is.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan limit, Func<string> missing, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(limit);
        try
        {
            using var timer = new PeriodicTimer(Interval);
            while (!await isSo())
                await timer.WaitForNextTickAsync(time.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Assert.Fail(missing());
        }
    }

    /// <summary>All rows of a dataset as text, in the order of their keys, without the columns that tell one run from another.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string dataset, CancellationToken cancellationToken)
    {
        var rows = new List<string>();
        for (var more = true; more;)
        {
            var page = await GetAsync($"datasets/{dataset}/rows?limit=10000&offset={rows.Count}", cancellationToken);
            Assert.True(page is not null, $"The dataset '{dataset}' has no snapshot.");
            var kept = page["columns"]!.AsArray().Select((column, place) => (Name: column!["name"]!.GetValue<string>(), place))
                .Where(c => c.Name is not ("_run" or "_known_at")).ToList();
            rows.AddRange(page["rows"]!.AsArray().Select(row => string.Join('|', kept.Select(c => $"{c.Name}={row![c.place]?.ToJsonString()}"))));
            more = page["hasMore"]!.GetValue<bool>();
        }

        return rows;
    }

    public async Task<IReadOnlyList<string>> DatasetsAsync(CancellationToken cancellationToken) =>
        [.. (await GetAsync("datasets", cancellationToken))!["datasets"]!.AsArray().Where(d => d!["current"] is not null).Select(d => d!["dataset"]!.GetValue<string>())];

    public async Task<IReadOnlyList<LifecycleEvent>> EventsAsync(CancellationToken cancellationToken)
    {
        var events = new List<LifecycleEvent>();
        await foreach (var blob in Blobs.ListAsync(Containers.Audit, "2", cancellationToken)) // by year; records of usage lie beside them
            events.Add((await Blobs.ReadJsonAsync<LifecycleEvent>(blob.Path, cancellationToken))!.Value);
        return events;
    }

    /// <summary>Messages that wait in any queue, poison queues included.</summary>
    public async Task<int> MessagesAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var queue in Storage.Queues.GetQueuesAsync(cancellationToken: cancellationToken))
            count += (await Storage.Queues.GetQueueClient(queue.Name).GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
        return count;
    }

    async Task<string?> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(Platform.Url, $"api/{path}"));
        request.Headers.Add("x-functions-key", Platform.Key);
        using var answer = await _http.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
            await _platform.DisposeAsync();
        await Vendor.DisposeAsync();
        await Azurite.DisposeAsync();
        _http.Dispose();
        _data.Dispose();
        _folder.Dispose();
    }
}
