using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Storage.Usage;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Orchestrators.Activities;

/// <summary>Names a cursor.</summary>
/// <param name="Source">Source id.</param>
/// <param name="Dataset">Dataset id.</param>
/// <param name="Run">The run that asks; null in histories of versions that did not say.</param>
public sealed record CursorName(string Source, string Dataset, string? Run = null);

/// <summary>Activity: where a source's next run continues.</summary>
public sealed class ReadCursor(CursorStore cursors)
{
    /// <summary>Reads it.</summary>
    /// <returns>Its value; null before the first run.</returns>
    [Function(nameof(ReadCursor))]
    public async Task<string?> RunAsync([ActivityTrigger] CursorName name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        UsageScope.Attribute(new() { Source = name.Source, Dataset = name.Dataset, Run = name.Run, Step = "collect" }, ActivityUsage.Actions);
        return (await cursors.FindAsync(name.Source, name.Dataset, cancellationToken))?.Value;
    }
}
