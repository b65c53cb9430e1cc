using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Collect;

/// <summary>
/// What a collection set out from: <c>plan.json</c> in its landing folder, written first and once. A repeated collection follows it,
/// even if meanwhile another run moved the cursor.
/// </summary>
internal sealed record CollectPlan
{
    /// <summary>Cursor it continues from; null from the beginning.</summary>
    public string? FromCursor { get; init; }

    /// <summary>Value that the source is asked from: the cursor moved back by the overlap, the start, or the window's start.</summary>
    public string? From { get; init; }

    /// <summary>Value for <c>{to}</c>.</summary>
    public required string To { get; init; }

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The only window asked for; null continues from the cursor.</summary>
    public TimeWindow? Window { get; init; }

    /// <summary>Landing manifest of the run that committed the cursor.</summary>
    public LakePath? Previous { get; init; }

    /// <summary>Where a landing folder's plan lies.</summary>
    public static LakePath PathIn(LakePath folder) => folder.Child("plan.json");

    /// <summary>Reads the plan, or makes it.</summary>
    public static async Task<CollectPlan> SettleAsync(
        CollectArguments arguments, SourceDatasetDefinition dataset, CursorValues? values, LakePath folder,
        BlobStore blobs, CursorStore cursors, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var path = PathIn(folder);
        if ((await blobs.ReadJsonAsync<CollectPlan>(path, cancellationToken))?.Value is { } settled)
            return settled;

        var type = dataset.Cursor?.Type ?? CursorType.Timestamp;
        var plan = new CollectPlan { To = CursorValues.Text(type, arguments.Window?.To ?? now - (dataset.Cursor?.Delay ?? TimeSpan.Zero)), StartedAt = now };
        if (arguments.Window is { } window)
        {
            plan = plan with { From = CursorValues.Text(type, window.From), Window = window };
        }
        else
        {
            var state = await cursors.FindAsync(arguments.Source.Source, dataset.Dataset, cancellationToken);
            plan = plan with
            {
                FromCursor = arguments.Cursor,
                From = values is null ? null : arguments.Cursor is { } cursor && !SliceStates.IsReference(cursor) ? values.Behind(cursor) : dataset.Cursor!.Start,
                Previous = arguments.Cursor is not null && state?.Value == arguments.Cursor ? state.Landing : null,
            };
        }

        return await blobs.WriteJsonOnceAsync(path, plan, cancellationToken)
            ? plan
            : (await blobs.ReadJsonAsync<CollectPlan>(path, cancellationToken))!.Value;
    }
}
