using DataIngestion.Contracts;
using DataIngestion.Govern;
using DataIngestion.Observe.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Http;

/// <summary><c>/api/datasets</c>: what is published, its rows, and why a row says what it says.</summary>
public sealed class DatasetsApi(PlatformConfiguration configuration, SnapshotReader snapshots, Lineage lineage)
{
    const int MaxRows = 10_000;

    static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase) { "limit", "offset", "asOf", "code" };

    /// <summary>All datasets, with their current snapshot if there is one.</summary>
    [Function("ListDatasets")]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "datasets")] HttpRequest request, CancellationToken cancellationToken)
    {
        var published = new Dictionary<string, PublishedDataset>(StringComparer.Ordinal);
        await foreach (var dataset in snapshots.ListAsync(cancellationToken))
            published[dataset.Dataset] = dataset;
        var datasets = configuration.Datasets.Values.OrderBy(d => d.Dataset, StringComparer.Ordinal)
            .Select(d => new { d.Dataset, d.Title, d.Keys, current = published.GetValueOrDefault(d.Dataset) });
        return HttpAnswers.Json(new { datasets });
    }

    /// <summary>Rows of a dataset: <c>?limit=&amp;offset=&amp;asOf=</c>, every other parameter narrows by a column's value.</summary>
    [Function("ReadDataset")]
    public async Task<IActionResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "datasets/{dataset}/rows")] HttpRequest request, string dataset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!ConfigurationId.IsValid(dataset))
            return Unknown(dataset);
        var asOfText = request.Query["asOf"].ToString();
        DateTimeOffset? asOf = null;
        if (asOfText.Length > 0)
        {
            if (!DateTimeOffset.TryParse(asOfText, out var moment))
                return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "That is not a moment", $"asOf={asOfText}: expected ISO 8601, such as 2026-01-31T16:00:00Z.");
            asOf = moment;
        }

        var query = new SnapshotQuery
        {
            AsOf = asOf,
            Filter = Columns(request),
            Offset = long.TryParse(request.Query["offset"], out var offset) && offset >= 0 ? offset : 0,
            Limit = int.TryParse(request.Query["limit"], out var limit) ? Math.Clamp(limit, 1, MaxRows) : 100,
        };
        return await AnswerAsync(dataset, () => snapshots.ReadAsync(dataset, query, cancellationToken));
    }

    /// <summary>One row with its origin; the key's columns are query parameters.</summary>
    [Function("WhyDataset")]
    public Task<IActionResult> WhyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "datasets/{dataset}/why")] HttpRequest request, string dataset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ConfigurationId.IsValid(dataset)
            ? AnswerAsync(dataset, () => lineage.WhyAsync(dataset, Columns(request), cancellationToken))
            : Task.FromResult<IActionResult>(Unknown(dataset));
    }

    static async Task<IActionResult> AnswerAsync<T>(string dataset, Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return await read() is { } answer ? HttpAnswers.Json(answer) : Unknown(dataset);
        }
        catch (StepFailedException failed)
        {
            return HttpAnswers.Problem(StatusCodes.Status400BadRequest, "The question does not fit the dataset", failed.Failure.Message);
        }
    }

    static Dictionary<string, string> Columns(HttpRequest request) =>
        request.Query.Where(p => !Reserved.Contains(p.Key)).ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal);

    static ContentResult Unknown(string dataset) =>
        HttpAnswers.Problem(StatusCodes.Status404NotFound, "Nothing was found", $"'{dataset}' has no published snapshot, or none with such a row.");
}
