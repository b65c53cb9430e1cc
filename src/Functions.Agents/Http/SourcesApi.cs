using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Observe.Http;
using DataIngestion.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Http;

/// <summary><c>/api/sources</c>: what is configured, where each source's cursor stands, and how its connections are.</summary>
public sealed class SourcesApi(PlatformConfiguration configuration, CursorStore cursors, ISourceConnections connections, Connector connector)
{
    /// <summary>All sources.</summary>
    [Function("ListSources")]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "sources")] HttpRequest request, CancellationToken cancellationToken)
    {
        var sources = new List<SourceSummary>();
        foreach (var source in configuration.Sources.Values.OrderBy(s => s.Source, StringComparer.Ordinal))
            sources.Add(await SummarizeAsync(source, cancellationToken));
        return HttpAnswers.Json(new { sources });
    }

    /// <summary>One source.</summary>
    [Function("GetSource")]
    public async Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "sources/{source}")] HttpRequest request, string source, CancellationToken cancellationToken) =>
        configuration.Sources.TryGetValue(source, out var definition)
            ? HttpAnswers.Json(await SummarizeAsync(definition, cancellationToken))
            : Unknown(source);

    /// <summary>Asks a source now whether it is there and lets us in.</summary>
    [Function("CheckSource")]
    public async Task<IActionResult> CheckAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "sources/{source}/check")] HttpRequest request, string source, CancellationToken cancellationToken)
    {
        if (!configuration.Sources.TryGetValue(source, out var definition))
            return Unknown(source);
        if (definition.Connection is null)
            return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "There is nothing to connect to", $"'{source}' is a {definition.Kind.ToString().ToLowerInvariant()} source without a connection.");
        try
        {
            return HttpAnswers.Json(await connector.CheckAsync(new(definition), cancellationToken));
        }
        catch (StepFailedException failed)
        {
            return HttpAnswers.Problem(StatusCodes.Status502BadGateway, $"The source cannot be used ({failed.Failure.Code})", failed.Failure.Message);
        }
    }

    static ContentResult Unknown(string source) => HttpAnswers.Problem(StatusCodes.Status404NotFound, "There is no such source", $"'{source}' is not configured.");

    async Task<SourceSummary> SummarizeAsync(SourceDefinition source, CancellationToken cancellationToken)
    {
        var datasets = new List<SourceDatasetSummary>();
        foreach (var dataset in source.Datasets)
            datasets.Add(new(dataset.Dataset, dataset.Files, await cursors.FindAsync(source.Source, dataset.Dataset, cancellationToken)));
        return new(
            source.Source, source.Title, source.Kind, source.Schedule, source.Members, datasets,
            connections.States.FirstOrDefault(s => s.Source == source.Source));
    }
}

/// <summary>One source as <c>/api/sources</c> tells it. Secrets are not part of it.</summary>
/// <param name="Source">Source id.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Schedule">When it runs by itself.</param>
/// <param name="Members">The sources of a batch.</param>
/// <param name="Datasets">What it offers.</param>
/// <param name="Connection">Its connections from this process; null while it has not been used.</param>
public sealed record SourceSummary(
    string Source, string? Title, SourceKind Kind, ScheduleDefinition? Schedule, IReadOnlyList<string> Members,
    IReadOnlyList<SourceDatasetSummary> Datasets, SourceConnectionState? Connection);

/// <summary>One dataset of a source.</summary>
/// <param name="Dataset">Dataset id.</param>
/// <param name="Files">Pattern of its files.</param>
/// <param name="Cursor">Where the next run continues; null before the first.</param>
public sealed record SourceDatasetSummary(string Dataset, string? Files, CursorState? Cursor);
