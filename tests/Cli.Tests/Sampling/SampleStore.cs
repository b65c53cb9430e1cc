using DataIngestion.Cli.Sampling;
using DataIngestion.Contracts;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Sampling;

/// <summary>One storage emulator for all tests of samples, the repository's definitions, and a host that plays all their providers.</summary>
[CollectionDefinition(Name)]
public sealed class SampleStore : IAsyncLifetime, ICollectionFixture<SampleStore>
{
    public const string Name = "samples";

    readonly AzuriteFixture _azurite = new();
    SampleHost? _host;

    internal static PlatformConfiguration Configuration { get; } = ConfigurationLoader.Load(Path.Combine(Repository.Root, "configs"), Path.Combine(Repository.Root, "workflows"));

    internal string Storage => _azurite.ConnectionString;

    internal SampleHost Host => _host!;

    public async ValueTask InitializeAsync()
    {
        await _azurite.InitializeAsync();
        _host = await SampleHost.StartAsync(_azurite.ConnectionString, Configuration, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        await _azurite.DisposeAsync();
    }
}
