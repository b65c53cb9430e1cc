using DataIngestion.Contracts;

namespace DataIngestion.Storage;

/// <summary>Where a source's next run continues: <c>control/cursors/{source}/{dataset}.json</c>.</summary>
public sealed record CursorState
{
    /// <summary>The cursor's value, in the form that the source's <see cref="CursorDefinition"/> says.</summary>
    public required string Value { get; init; }

    /// <summary>The run that published everything up to it.</summary>
    public required string Run { get; init; }

    /// <summary>When it was committed.</summary>
    public DateTimeOffset CommittedAt { get; init; }

    /// <summary>That run's landing manifest, where the boundary hashes are.</summary>
    public LakePath? Landing { get; init; }
}

/// <summary>Reads and moves cursors. A cursor moves only after what it covers is published.</summary>
public sealed class CursorStore(BlobStore blobs, TimeProvider time)
{
    /// <summary>The cursor of a source's dataset; null before its first run.</summary>
    public async Task<CursorState?> FindAsync(string source, string dataset, CancellationToken cancellationToken = default) =>
        (await blobs.ReadJsonAsync<CursorState>(LakePath.CursorOf(source, dataset), cancellationToken))?.Value;

    /// <summary>Moves the cursor to where a run got.</summary>
    /// <param name="source">Source id.</param>
    /// <param name="dataset">Dataset id.</param>
    /// <param name="run">The run that published.</param>
    /// <param name="from">The value that the run started from; null for none.</param>
    /// <param name="to">The value that it got to.</param>
    /// <param name="landing">Its landing manifest.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False when the cursor is not where the run started from: another run moved it, and this one leaves it alone.</returns>
    public async Task<bool> CommitAsync(
        string source, string dataset, string run, string? from, string to, LakePath landing, CancellationToken cancellationToken = default)
    {
        var path = LakePath.CursorOf(source, dataset);
        while (true)
        {
            var current = await blobs.ReadJsonAsync<CursorState>(path, cancellationToken);
            if (current?.Value.Run == run)
                return true; // this commit, done before a crash
            if (current?.Value.Value != from)
                return false;
            var next = new CursorState { Value = to, Run = run, CommittedAt = time.GetUtcNow(), Landing = landing };
            if (await blobs.TryReplaceJsonAsync(path, next, current?.ETag, cancellationToken))
                return true;
        }
    }
}
