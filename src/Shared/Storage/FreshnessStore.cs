using DataIngestion.Contracts;

namespace DataIngestion.Storage;

/// <summary>How up to date a source's dataset is: <c>control/freshness/{source}/{dataset}.json</c>.</summary>
/// <param name="AwaitedSince">The slot, or the request, of the newest run that succeeded. Whatever was awaited up to then has come.</param>
/// <param name="Run">That run.</param>
/// <param name="DeliveredAt">When it ended, with news or with none to be had.</param>
public sealed record Freshness(DateTimeOffset AwaitedSince, string Run, DateTimeOffset DeliveredAt);

/// <summary>Remembers when datasets were last brought up to date.</summary>
public sealed class FreshnessStore(BlobStore blobs)
{
    /// <summary>How up to date a source's dataset is; null before its first run that succeeded.</summary>
    public async Task<Freshness?> FindAsync(string source, string dataset, CancellationToken cancellationToken = default) =>
        (await blobs.ReadJsonAsync<Freshness>(PathOf(source, dataset), cancellationToken))?.Value;

    /// <summary>Notes a run that succeeded; one that was awaited earlier than what is known changes nothing.</summary>
    public async Task DeliveredAsync(string source, string dataset, Freshness delivered, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        while (true)
        {
            var known = await blobs.ReadJsonAsync<Freshness>(PathOf(source, dataset), cancellationToken);
            if (known?.Value.AwaitedSince >= delivered.AwaitedSince || await blobs.TryReplaceJsonAsync(PathOf(source, dataset), delivered, known?.ETag, cancellationToken))
                return;
        }
    }

    static LakePath PathOf(string source, string dataset) => new(Containers.Control, $"freshness/{source}/{dataset}.json");
}
