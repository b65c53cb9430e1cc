using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Observe.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Http;

/// <summary><c>/api/sources/{source}/objects</c>: what can be read of a source.</summary>
public sealed class DiscoveryApi(PlatformConfiguration configuration, Connector connector)
{
    const int DefaultLimit = 1_000;
    const int MaxLimit = 10_000;

    /// <summary>Tables, topics, queues, files: <c>?pattern=&amp;limit=</c>.</summary>
    [Function("DiscoverSource")]
    public async Task<IActionResult> DiscoverAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "sources/{source}/objects")] HttpRequest request, string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!configuration.Sources.TryGetValue(source, out var definition))
            return HttpAnswers.Problem(StatusCodes.Status404NotFound, "There is no such source", $"'{source}' is not configured.");
        var pattern = request.Query["pattern"].ToString();
        var limit = int.TryParse(request.Query["limit"], out var most) ? Math.Clamp(most, 1, MaxLimit) : DefaultLimit;
        try
        {
            return HttpAnswers.Json(await connector.DiscoverAsync(definition, pattern.Length > 0 ? pattern : null, limit, cancellationToken));
        }
        catch (StepFailedException failed)
        {
            return failed.Failure.Code == "not-listable"
                ? HttpAnswers.Problem(StatusCodes.Status400BadRequest, "There is nothing to list", failed.Failure.Message)
                : HttpAnswers.Problem(StatusCodes.Status502BadGateway, $"The source cannot be used ({failed.Failure.Code})", failed.Failure.Message);
        }
    }
}
