using DataIngestion.LocalRuntime.Hosting;
using Xunit;

namespace DataIngestion.TestKit;

/// <summary>One storage emulator for a test assembly: <c>[assembly: AssemblyFixture(typeof(AzuriteFixture))]</c>, then take it in the constructor.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    readonly TemporaryFolder _data = new("azurite");
    AzuriteProcess? _azurite;

    /// <summary>A connection string for blobs, queues and tables. Tests keep apart by naming their own containers and queues.</summary>
    public string ConnectionString => _azurite?.ConnectionString ?? throw new InvalidOperationException("Azurite has not been started.");

    public async ValueTask InitializeAsync() => _azurite = await AzuriteProcess.StartAsync(new(_data.Path));

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        _data.Dispose();
    }
}
