using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace DataIngestion.Observe.Http;

/// <summary>Answers for <c>/api/{service}/health/…</c> and <c>/api/{service}/metrics</c>, the same in both apps.</summary>
public sealed class ServiceEndpoints(HealthReporter health, MetricsExporter metrics)
{
    /// <summary>One health question about one service.</summary>
    public async Task<IActionResult> HealthAsync(string service, string question, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<HealthQuestion>(question, ignoreCase: true, out var asked) || !Enum.IsDefined(asked) || char.IsDigit(question[0]))
            return HttpAnswers.Problem(StatusCodes.Status404NotFound, "There is no such health question", $"'{question}': expected live, ready or startup.");
        if (await health.ReportAsync(service, asked, cancellationToken) is not { } report)
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
