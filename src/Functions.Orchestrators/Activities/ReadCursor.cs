using DataIngestion.Storage;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Orchestrators.Activities;

/// <summary>Names a cursor.</summary>
/// <param name="Source">Source id.</param>
/// <param name="Dataset">Dataset id.</param>
public sealed record CursorName(string Source, string Dataset);

/// <summary>Activity: where a source's next run continues.</summary>
public sealed class ReadCursor(CursorStore cursors)
{
    /// <summary>Reads it.</summary>
    /// <returns>Its value; null before the first run.</returns>
    [Function(nameof(ReadCursor))]
    public async Task<string?> RunAsync([ActivityTrigger] CursorName name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (await cursors.FindAsync(name.Source, name.Dataset, cancellationToken))?.Value;
    }
}
