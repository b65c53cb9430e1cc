using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.Observe;
using DataIngestion.Storage.Access;

namespace DataIngestion.Agents.Health;

/// <summary>May this process send lifecycle events, and read them for the audit trail?</summary>
internal sealed class EventHubsProbe(EventHubsAccess hubs) : AccessProbe
{
    public override string Name => "event-hubs";

    protected override AzureResource? Resource => hubs.Address is null ? null : hubs.Resource(EventStreams.Lifecycle);

    protected override async Task<HealthAnswer> AskAsync(CancellationToken cancellationToken)
    {
        var faults = await hubs.CheckAsync(EventStreams.Lifecycle, "audit", cancellationToken);
        return faults.Count == 0 ? new(HealthStatus.Pass) : new(HealthStatus.Fail, string.Join(' ', faults.Select(f => f.Message)));
    }
}
