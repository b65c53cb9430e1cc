using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Extensions.Time.Testing;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace DataIngestion.Storage.Tests;

/// <summary>Everything on one emulator, under a clock of its own.</summary>
internal sealed class Emulator
{
    Emulator(AzuriteFixture azurite)
    {
        Clients = StorageClients.Connect(azurite.ConnectionString);
        Blobs = new(Clients);
        Queues = new(Clients);
        Ledger = new(Clients, Blobs, Time);
        Cursors = new(Blobs, Time);
        Outbox = new(Queues, Blobs);
    }

    public FakeTimeProvider Time { get; } = new(new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));

    public StorageClients Clients { get; }

    public BlobStore Blobs { get; }

    public MessageQueues Queues { get; }

    public CommandLedger Ledger { get; }

    public CursorStore Cursors { get; }

    public EventOutbox Outbox { get; }

    /// <summary>A folder that no other test uses.</summary>
    public LakePath Folder { get; } = new(Containers.Control, $"tests/{Guid.NewGuid():n}");

    public static async Task<Emulator> CreateAsync(AzuriteFixture azurite)
    {
        var emulator = new Emulator(azurite);
        await emulator.Blobs.CreateContainersAsync(TestContext.Current.CancellationToken);
        return emulator;
    }
}
