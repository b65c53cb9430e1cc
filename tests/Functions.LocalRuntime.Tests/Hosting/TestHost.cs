using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.TestKit;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Tests.Hosting;

/// <summary>A host over the shared emulator that runs the functions of a few classes, with names of its own in storage.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    readonly TemporaryFolder _folder;
    readonly bool _ownsFolder;

    TestHost(LocalFunctionsHost host, TemporaryFolder folder, bool ownsFolder, Recorder recorder, string prefix)
    {
        (Host, _folder, _ownsFolder, Recorder, Prefix) = (host, folder, ownsFolder, recorder, prefix);
        Http = host.ServicesOf("test").GetRequiredService<IHttpClientFactory>().CreateClient();
        Http.BaseAddress = host.BaseAddress;
    }

    public LocalFunctionsHost Host { get; }

    public Recorder Recorder { get; }

    public HttpClient Http { get; }

    public string Prefix { get; }

    /// <summary>A queue named by one of the settings <c>Queue</c>, <c>Output</c> …; see <see cref="Settings"/>.</summary>
    public QueueClient Queue(string setting) =>
        new(Host.StorageConnectionString, $"{Prefix}-{setting.ToLowerInvariant()}", new() { MessageEncoding = QueueMessageEncoding.Base64 });

    public QueueClient RawQueue(string name) => new(Host.StorageConnectionString, name);

    public BlobContainerClient Container(string setting) => new(Host.StorageConnectionString, $"{Prefix}-{setting.ToLowerInvariant()}");

    public static string NewPrefix() => "t" + Guid.NewGuid().ToString("N")[..12];

    public static Dictionary<string, string?> Settings(string prefix) =>
        new[] { "Queue", "Output", "Second", "Container", "Hub" }.ToDictionary(name => name, name => (string?)$"{prefix}-{name.ToLowerInvariant()}");

    public static LocalHostOptions Options(string storage, string folder, string prefix, Recorder recorder, params Type[] functions) => new()
    {
        DataDirectory = folder,
        HttpPort = 0,
        StorageConnectionString = storage,
        Settings = Settings(prefix),
        Logging = logging => logging.SetMinimumLevel(LogLevel.Warning),
        Apps = [new("test", typeof(TestHost).Assembly, builder => Configure(builder, recorder)) { Only = functions }],
    };

    public static void Configure(FunctionsApplicationBuilder builder, Recorder recorder)
    {
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton(recorder);
    }

    public static Task<TestHost> StartAsync(string storage, params Type[] functions) => StartAsync(storage, options => options, functions);

    public static async Task<TestHost> StartAsync(
        string storage, Func<LocalHostOptions, LocalHostOptions> change, Type[] functions, string? prefix = null, TemporaryFolder? folder = null, Recorder? recorder = null)
    {
        var own = folder is null;
        folder ??= new("host");
        prefix ??= NewPrefix();
        recorder ??= new();
        var options = change(Options(storage, folder.Path, prefix, recorder, functions));
        var host = await LocalFunctionsHost.StartAsync(options, TestContext.Current.CancellationToken);
        return new(host, folder, own, recorder, prefix);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        if (_ownsFolder)
            _folder.Dispose();
    }
}
