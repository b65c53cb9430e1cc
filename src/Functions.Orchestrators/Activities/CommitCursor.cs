using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Storage.Usage;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Orchestrators.Activities;

/// <summary>Where a published run got to.</summary>
/// <param name="Source">Source id.</param>
/// <param name="Dataset">Dataset id.</param>
/// <param name="Run">The run.</param>
/// <param name="To">The cursor's new value.</param>
/// <param name="Landing">The run's landing manifest, which says where it started from.</param>
/// <param name="Anew">A full refresh: sets the cursor wherever it stands.</param>
public sealed record CursorCommit(string Source, string Dataset, string Run, string To, LakePath Landing, bool Anew);

/// <summary>Activity: moves a cursor, after everything that it covers is published.</summary>
public sealed class CommitCursor(CursorStore cursors, BlobStore blobs)
{
    /// <summary>Moves it.</summary>
    /// <returns>False when another run moved it meanwhile.</returns>
    [Function(nameof(CommitCursor))]
    public async Task<bool> RunAsync([ActivityTrigger] CursorCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        UsageScope.Attribute(UsageSubject.Of(commit.Run, commit.Dataset, "commit"), ActivityUsage.Actions);
        var from = commit.Anew
            ? (await cursors.FindAsync(commit.Source, commit.Dataset, cancellationToken))?.Value
            : (await blobs.ReadJsonAsync<LandingManifest>(commit.Landing, cancellationToken))?.Value.FromCursor;
        return await cursors.CommitAsync(commit.Source, commit.Dataset, commit.Run, from, commit.To, commit.Landing, cancellationToken);
    }
}
