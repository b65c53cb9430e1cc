using DataIngestion.Contracts;

namespace DataIngestion.Observe;

/// <summary>
/// Which service shows the metrics of a capability, so that a sum over all services counts nothing twice. A measurement with the tag
/// <c>service</c> belongs to that service; what has neither is about the process, and every service of the process shows it.
/// </summary>
internal static class MeterOwners
{
    public const string Prefix = "DataIngestion.";

    public static string? Of(string meter) => !meter.StartsWith(Prefix, StringComparison.Ordinal) ? null : meter[Prefix.Length..].Split('.')[0] switch
    {
        "Connect" => Services.DataConnector,
        "Collect" => Services.DataCollector,
        "Convert" or "Conversion" or "Govern" => Services.DataConverter,
        "Merge" => Services.DataMerger,
        "Retry" => Services.DataFetchRetry,
        "Schedule" or "Queues" => Services.DataScheduler,
        "Learn" => Services.MlModels,
        "Runs" => Services.IngestionManager,
        _ => null,
    };
}
