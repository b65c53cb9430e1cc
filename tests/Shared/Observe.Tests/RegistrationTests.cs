using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace DataIngestion.Observe.Tests;

public sealed class RegistrationTests(AzuriteFixture azurite)
{
    // Port 9 (discard) of this machine: nobody listens.
    const string Away = "DefaultEndpointsProtocol=http;AccountName=away;AccountKey=YXdheQ==;BlobEndpoint=http://127.0.0.1:9/away;QueueEndpoint=http://127.0.0.1:9/away;TableEndpoint=http://127.0.0.1:9/away;";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_started_host_is_ready_once_its_storage_is_there_and_not_while_it_stops()
    {
        using var folder = new TemporaryFolder("observe");
        foreach (var name in (string[])["configs/sources", "configs/datasets", "workflows", "app"])
            Directory.CreateDirectory(folder.File(name));
        using var host = Build(folder, azurite.ConnectionString);
        var reporter = host.Services.GetRequiredService<HealthReporter>();

        Assert.Equal("is starting.", (await CheckAsync(reporter, HealthQuestion.Startup, "host")).Detail);
        await host.StartAsync(Cancel);
        Assert.Equal(HealthStatus.Pass, (await reporter.ReportAsync(Services.DataCollector, HealthQuestion.Startup, Cancel))!.Status);

        await host.Services.GetRequiredService<BlobStore>().CreateContainersAsync(Cancel);
        await host.Services.GetRequiredService<MessageQueues>().CreateQueuesAsync(Cancel);
        var ready = await reporter.ReportAsync(Services.DataCollector, HealthQuestion.Ready, Cancel);
        Assert.Equal(["configuration", "host", "storage:blobs", "storage:queues", "storage:tables"], ready!.Checks.Select(c => c.Name));
        Assert.All(ready.Checks, c => Assert.Equal((c.Name, HealthStatus.Pass, c.Detail), (c.Name, c.Status, c.Detail)));
        Assert.Equal("0 sources, 0 datasets, 0 workflows.", ready.Checks[0].Detail);

        await host.StopAsync(Cancel);
        Assert.Equal("is stopping.", (await CheckAsync(reporter, HealthQuestion.Ready, "host")).Detail);
        Assert.Equal(HealthStatus.Pass, (await reporter.ReportAsync(Services.DataCollector, HealthQuestion.Live, Cancel))!.Status);
    }

    [Fact]
    public async Task Storage_that_is_away_is_a_failure_of_each_of_its_services()
    {
        using var folder = new TemporaryFolder("observe");
        using var host = Build(folder, Away);
        var reporter = new HealthReporter(host.Services.GetServices<IHealthProbe>().Where(p => p.Name.StartsWith("storage", StringComparison.Ordinal)), TimeProvider.System);

        var report = await reporter.ReportAsync(Services.DataCollector, HealthQuestion.Ready, Cancel);

        Assert.Equal(3, report!.Checks.Count);
        Assert.All(report.Checks, c => Assert.Equal(HealthStatus.Fail, c.Status));
    }

    [Fact]
    public async Task A_configuration_with_faults_does_not_start_and_says_why()
    {
        using var folder = new TemporaryFolder("observe");
        using var host = Build(folder, azurite.ConnectionString);

        await Assert.ThrowsAsync<ConfigurationException>(() => host.StartAsync(Cancel));

        Assert.Contains("expected a folder with", (await CheckAsync(host.Services.GetRequiredService<HealthReporter>(), HealthQuestion.Ready, "configuration")).Detail, StringComparison.Ordinal);
    }

    static async Task<HealthCheck> CheckAsync(HealthReporter reporter, HealthQuestion question, string check) =>
        (await reporter.ReportAsync(Services.DataCollector, question, Cancel))!.Checks.Single(c => c.Name == check);

    static IHost Build(TemporaryFolder folder, string storage)
    {
        Directory.CreateDirectory(folder.File("app"));
        var builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = folder.File("app") });
        builder.Configuration.AddInMemoryCollection([new("AzureWebJobsStorage", storage)]);
        builder.Services.AddStorage().AddPlatformConfiguration().AddObserve();
        return builder.Build();
    }
}
