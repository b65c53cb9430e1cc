using System.Text.Json;
using DataIngestion.Agents.Http;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Agents.Tests.Http;

public sealed class SourcesApiTests
{
    static readonly SourceDefinition Exchange = new()
    {
        Source = "exchange",
        Kind = SourceKind.Database,
        Connection = new()
        {
            System = "quiet",
            BaseUrl = "quiet://localhost",
            Limits = new() { Attempts = 1, BreakerMinimumThroughput = 2, Quota = new() { Key = "exchange-key", Permits = 20, Per = TimeSpan.FromSeconds(60) } },
        },
    };

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_tells_of_its_circuit_pool_budget_and_quota()
    {
        await using var services = Services();
        var access = services.GetRequiredService<ISourceAccess>();
        var api = Api(services);
        Assert.False((await AskAsync(api)).TryGetProperty("connection", out _), "it has not been used");

        await access.UseAsync(Exchange, (open, stop) => open.ProbeAsync(stop), Stop);
        var used = (await AskAsync(api)).GetProperty("connection");

        Assert.Equal("closed", used.GetProperty("circuit").GetString());
        Assert.Equal((1, 1), (used.GetProperty("pool").GetProperty("open").GetInt32(), used.GetProperty("pool").GetProperty("idle").GetInt32()));
        Assert.Equal(500, used.GetProperty("retryBudget").GetInt32());
        var quota = used.GetProperty("quota");
        Assert.Equal(("exchange-key", 20, 1), (quota.GetProperty("key").GetString(), quota.GetProperty("limits")[0].GetProperty("permits").GetInt32(), quota.GetProperty("limits").GetArrayLength()));

        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<StepFailedException>(() => access.UseAsync<int>(
                Exchange, (_, _) => throw new StepFailedException(new() { Code = "source-unavailable", Message = "reset", IsTransient = true }), Stop));
        }

        Assert.Equal("open", (await AskAsync(api)).GetProperty("connection").GetProperty("circuit").GetString());
    }

    static SourcesApi Api(ServiceProvider services) => new(
        new PlatformConfiguration
        {
            Sources = new Dictionary<string, SourceDefinition> { [Exchange.Source] = Exchange },
            Datasets = new Dictionary<string, DatasetDefinition>(),
            Workflows = new Dictionary<string, WorkflowDefinition>(),
        },
        new CursorStore(new BlobStore(StorageClients.Connect("UseDevelopmentStorage=true")), TimeProvider.System), // no dataset, so nothing asks it
        services.GetRequiredService<ISourceConnections>(),
        services.GetRequiredService<Connector>());

    static async Task<JsonElement> AskAsync(SourcesApi api)
    {
        var answer = Assert.IsType<ContentResult>(await api.ListAsync(new DefaultHttpContext().Request, Stop));
        return JsonDocument.Parse(answer.Content!).RootElement.GetProperty("sources")[0];
    }

    static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddConnect().AddSystem<QuietSystem>();
        return services.BuildServiceProvider();
    }

    sealed class QuietSystem : ISourceSystem
    {
        public string Name => "quiet";

        public IReadOnlyList<SourceKind> Kinds => [SourceKind.Database];

        public IReadOnlyList<string> Schemes => ["quiet"];

        public IReadOnlyList<string> Authentication => [];

        public Type ConnectionOptions => typeof(NoOptions);

        public Type ReadOptions => typeof(NoOptions);

        public Task<ISourceConnection> OpenAsync(SourceSite site, CancellationToken cancellationToken) => Task.FromResult<ISourceConnection>(new Open());

        sealed class Open : ISourceConnection
        {
            public ValueTask DisposeAsync() => ValueTask.CompletedTask;

            public Task<string> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult("well");

            public IAsyncEnumerable<SourceObject> DiscoverAsync(string? pattern, CancellationToken cancellationToken) => throw new NotSupportedException();

            public Task<ISourceReader> ReadAsync(SourceRead read, CancellationToken cancellationToken) => throw new NotSupportedException();
        }
    }
}
