using Azure.Core;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Observe.Telemetry;

/// <summary>Where telemetry goes and as whom, from the settings of the Functions host and of OpenTelemetry.</summary>
internal sealed class TelemetrySettings(IConfiguration settings)
{
    public const string ConnectionName = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    public const string AuthenticationName = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    public const string OtlpName = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Of Application Insights; null for none.</summary>
    public string? Connection => Said(settings[ConnectionName]);

    /// <summary>Whether an OpenTelemetry collector is named.</summary>
    public bool HasOtlp => Said(settings[OtlpName]) is not null;

    /// <summary>Part of the traces that is kept; null keeps at most five a second, whole ones.</summary>
    public float? Ratio => float.TryParse(settings["Ingestion:TraceRatio"], System.Globalization.CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio : null;

    /// <summary>Where Application Insights takes telemetry.</summary>
    public Uri? Ingestion => Uri.TryCreate(Part(Connection, "IngestionEndpoint"), UriKind.Absolute, out var address) ? address : null;

    /// <summary>Client id of the identity that sends; null where the settings name none.</summary>
    public string? ClientId => Part(settings[AuthenticationName], "ClientId");

    /// <summary>The identity that sends; null where the instrumentation key is enough.</summary>
    public TokenCredential? Identity => Part(settings[AuthenticationName], "Authorization") is "AAD" ? AzureIdentities.Of(AzureIdentities.Managed, ClientId) : null;

    /// <summary>What is said of the process with everything that it sends.</summary>
    public IEnumerable<KeyValuePair<string, object>> Attributes()
    {
        if (Said(settings["Ingestion:Environment"]) is { } environment)
            yield return new("deployment.environment.name", environment);
        if (Said(settings["Ingestion:Stamp"]) is { } stamp)
            yield return new("ingestion.stamp", stamp);
        if (Said(settings["REGION_NAME"]) is { } region)
            yield return new("cloud.region", region);
    }

    /// <summary>The app's name in telemetry: its site's in Azure, where the Functions host calls itself so too.</summary>
    public string ServiceOf(string app) => Said(settings["WEBSITE_SITE_NAME"]) ?? app;

    /// <summary>What tells this process from others of the app.</summary>
    public string Instance => Said(settings["WEBSITE_INSTANCE_ID"]) ?? Said(settings["CONTAINER_NAME"]) ?? $"{Environment.MachineName}/{Environment.ProcessId}";

    static string? Said(string? text) => text is { Length: > 0 } ? text : null;

    static string? Part(string? text, string name) =>
        text?.Split(';', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).FirstOrDefault(p => p.Length == 2 && p[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];
}
