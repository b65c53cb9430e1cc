using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Observe.Http;

/// <summary>Answers for <c>/api/{service}/health/…</c> and <c>/api/{service}/metrics</c>, the same in both apps.</summary>
public sealed class ServiceEndpoints(HealthReporter health, MetricsExporter metrics, IConfiguration settings)
{
    /// <summary>One health question about one service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="question">See <see cref="HealthQuestion"/>.</param>
    /// <param name="askTaskHub">Asks the task hub for anything.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IActionResult> HealthAsync(string service, string question, Func<CancellationToken, Task> askTaskHub, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<HealthQuestion>(question, ignoreCase: true, out var asked) || !Enum.IsDefined(asked) || char.IsDigit(question[0]))
            return HttpAnswers.Problem(StatusCodes.Status404NotFound, "There is no such health question", $"'{question}': expected live, ready or startup.");
        if (await health.ReportAsync(service, asked, [new TaskHubProbe(askTaskHub, settings)], cancellationToken) is not { } report)
            return HttpAnswers.Problem(StatusCodes.Status404NotFound, "There is no such service", $"'{service}' is not one of the services.");
        return new ContentResult { Content = report.ToJson(), ContentType = HealthReport.ContentType, StatusCode = report.StatusCode };
    }

    /// <summary>The metrics of one service.</summary>
    public async Task<IActionResult> MetricsAsync(string service, CancellationToken cancellationToken)
    {
        var text = new MemoryStream();
        await metrics.WriteAsync(service, text, cancellationToken);
        return new FileContentResult(text.ToArray(), MetricsExporter.ContentType);
    }
}
