using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using DataIngestion.Storage.Access;

namespace DataIngestion.Observe.Telemetry;

/// <summary>How telemetry's probe reaches the service, and as whom; for tests.</summary>
internal sealed record TelemetryTransport(HttpPipelineTransport Transport, TokenCredential Identity);

/// <summary>Does Application Insights take what this identity sends? What works without being watched still works, so a refusal is a warning.</summary>
internal sealed class TelemetryProbe(TelemetrySettings settings, TelemetryTransport? transport) : AccessProbe
{
    const string Scope = "https://monitor.azure.com//.default";

    public override string Name => "telemetry";

    protected override AzureResource? Resource => settings.Ingestion is { } address ? AzureResource.Telemetry(address) with { ClientId = settings.ClientId } : null;

    protected override HealthStatus WhenRefused => HealthStatus.Warn;

    protected override async Task<HealthAnswer> AskAsync(CancellationToken cancellationToken)
    {
        if ((transport?.Identity ?? settings.Identity) is not { } identity)
            return new(HealthStatus.Pass, "sends with the instrumentation key.");
        var options = new Options();
        options.Retry.MaxRetries = 0;
        if (transport is not null)
            options.Transport = transport.Transport;
        var pipeline = HttpPipelineBuilder.Build(options, new BearerTokenAuthenticationPolicy(identity, Scope));

        // No items: who may not send is told so before anybody looks at the body.
        using var message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(new Uri(settings.Ingestion!, "v2.1/track"));
        message.Request.Headers.Add("Content-Type", "application/json");
        message.Request.Content = RequestContent.Create("[]"u8.ToArray());
        await pipeline.SendAsync(message, cancellationToken);
        return message.Response.Status is 401 or 403 ? throw new RequestFailedException(message.Response) : new(HealthStatus.Pass);
    }

    sealed class Options : ClientOptions;
}
