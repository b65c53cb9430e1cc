using System.Globalization;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests.Quotas;

/// <summary>
/// A worker process: this assembly, started again for this class with the setting <see cref="Setting"/>. It asks a server as fast as its quota lets it,
/// until its standard input ends.
/// </summary>
public sealed class QuotaWorker
{
    internal const string Setting = "QUOTA_WORKER";

    /// <summary>What a worker is told.</summary>
    internal sealed record Orders(string Storage, Uri Server, int Permits, double Seconds, int Concurrency, string Name)
    {
        public override string ToString() => string.Join('|', Storage, Server, Permits, Seconds.ToString(CultureInfo.InvariantCulture), Concurrency, Name);

        public static Orders Parse(string text) => text.Split('|') is [var storage, var server, var permits, var seconds, var concurrency, var name]
            ? new(storage, new(server), int.Parse(permits, CultureInfo.InvariantCulture), double.Parse(seconds, CultureInfo.InvariantCulture), int.Parse(concurrency, CultureInfo.InvariantCulture), name)
            : throw new FormatException(text);
    }

    /// <summary>Not a test: what the other process runs.</summary>
    [Fact(Explicit = true)]
    public async Task Asks_until_its_input_ends()
    {
        var orders = Orders.Parse(Environment.GetEnvironmentVariable(Setting) ?? throw new InvalidOperationException($"It is started by {nameof(QuotaProcessTests)}."));
        using var stop = new CancellationTokenSource();
        _ = Task.Run(
            async () =>
            {
                await Console.In.ReadToEndAsync(TestContext.Current.CancellationToken);
                await stop.CancelAsync();
            },
            TestContext.Current.CancellationToken);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(StorageClients.Connect(orders.Storage));
        services.AddConnect();
        await using var provider = services.BuildServiceProvider();
        var http = provider.GetRequiredService<ISourceHttp>();
        var source = new SourceDefinition
        {
            Source = "vendor",
            Kind = SourceKind.Api,
            Connection = new()
            {
                BaseUrl = orders.Server.ToString(),
                AllowPrivateNetwork = true,
                Limits = new()
                {
                    RequestsPerSecond = 100_000,
                    Burst = 10_000,
                    MaxConcurrent = 1000,
                    Quota = new() { Key = "the-key", Permits = orders.Permits, Per = TimeSpan.FromSeconds(orders.Seconds) },
                },
            },
        };
        await Task.WhenAll(Enumerable.Range(0, orders.Concurrency).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await http.SendAsync(source, new() { Path = $"/{orders.Name}" }, (_, _) => Task.FromResult(true), stop.Token);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                }
            }
        }));
    }
}
