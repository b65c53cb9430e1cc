using DataIngestion.Observe.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataIngestion.Orchestrators.Http;

/// <summary>Health and metrics of the services that this app answers for.</summary>
public sealed class OrchestratorsHealth(ServiceEndpoints endpoints)
{
    // The routes name the services, so that both apps can stand behind one address.
    const string Services = "{service:regex(^(ingestion-manager|api-manager|file-manager|batch-manager|stream-manager)$)}";

    /// <summary><c>/api/{service}/health/{live|ready|startup}</c>.</summary>
    [Function("OrchestratorsHealth")]
    public Task<IActionResult> HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Services + "/health/{question}")] HttpRequest request,
        string service, string question, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        endpoints.HealthAsync(service, question, stop => client.GetInstanceAsync("health", cancellation: stop), cancellationToken);

    /// <summary><c>/api/{service}/metrics</c>, in Prometheus' text format.</summary>
    [Function("OrchestratorsMetrics")]
    public Task<IActionResult> MetricsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Services + "/metrics")] HttpRequest request,
        string service, CancellationToken cancellationToken) => endpoints.MetricsAsync(service, cancellationToken);
}
