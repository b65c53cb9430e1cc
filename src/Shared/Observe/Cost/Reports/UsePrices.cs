using DataIngestion.Contracts;

namespace DataIngestion.Observe.Cost;

/// <summary>Says what use costs.</summary>
/// <param name="prices">The price list.</param>
/// <param name="deployment">Where it was used; null for no environment: nothing goes through private endpoints, and the scheduler is paid by action.</param>
public sealed class UsePrices(PriceList prices, DeploymentDefinition? deployment)
{
    const decimal Gigabyte = 1_000_000_000m;

    /// <summary>What was used costs, by part.</summary>
    public IReadOnlyDictionary<CostPart, decimal> Of(UsageAmounts used) => Of(new WorkDefinition
    {
        Executions = used.Executions,
        GbSeconds = Number(used.GbSeconds),
        StorageOperations = ByClass(used.StorageOperations),
        StorageGb = (used.StorageBytesRead + used.StorageBytesWritten) / Gigabyte,
        SentGb = used.SourceBytesSent / Gigabyte,
        ReceivedGb = used.SourceBytesReceived / Gigabyte,
        Events = used.Events,
        Actions = used.Actions,
    });

    /// <summary>What a piece of work costs, by part.</summary>
    public IReadOnlyDictionary<CostPart, decimal> Of(WorkDefinition work) => new SortedDictionary<CostPart, decimal>
    {
        [CostPart.Compute] = work.GbSeconds * (prices.Functions.ExecutionTime.Each ?? 0),
        [CostPart.Executions] = work.Executions * (prices.Functions.Executions.Each ?? 0),
        [CostPart.Storage] = work.StorageOperations.Sum(o => o.Value * (PriceOf(o.Key)?.Each ?? 0)),
        [CostPart.Events] = work.Events * (prices.EventHubs.Ingress.Each ?? 0),
        [CostPart.Orchestration] = deployment is { CapacityUnits: > 0 } ? 0 : work.Actions * (prices.TaskScheduler.Action.Each ?? 0),
        [CostPart.Network] =
            (deployment is { PrivateEndpoints: > 0 } ? work.StorageGb * (prices.Network.PrivateEndpointData.Each ?? 0) : 0)
            + (deployment is { NatGateways: > 0 } ? (work.SentGb + work.ReceivedGb) * (prices.Network.NatGatewayData.Each ?? 0) : 0),
        [CostPart.Egress] = work.SentGb * (prices.Network.Egress.Each ?? 0),
    };

    /// <summary>What the deployment costs whether it works or not, by the name of what it has.</summary>
    /// <param name="days">For how many days.</param>
    public IReadOnlyList<FixedCost> Fixed(int days)
    {
        if (deployment is null)
            return [];
        var hours = days * 24m;
        var months = hours / HoursInMonth;
        return
        [
            .. from cost in (FixedCost[])
               [
                   new("instances kept ready", deployment.AlwaysReadyInstances, Cost(deployment.AlwaysReadyInstances * (deployment.InstanceMemoryMb / 1024m) * hours * 3600, prices.Functions.AlwaysReady)),
                   new("private endpoints", deployment.PrivateEndpoints, Cost(deployment.PrivateEndpoints * hours, prices.Network.PrivateEndpoint)),
                   new("NAT gateways with an address", deployment.NatGateways, Sum(Cost(deployment.NatGateways * hours, prices.Network.NatGateway), Cost(deployment.NatGateways * hours, prices.Network.PublicAddress))),
                   new("private DNS zones", deployment.PrivateZones, Cost(deployment.PrivateZones * months, prices.Network.PrivateZone)),
                   new("Event Hubs throughput units", deployment.ThroughputUnits, Cost(deployment.ThroughputUnits * hours, prices.EventHubs.ThroughputUnit)),
                   new("task scheduler capacity units", deployment.CapacityUnits, Cost(deployment.CapacityUnits * hours, prices.TaskScheduler.CapacityUnit)),
                   new("GB of logs a day", deployment.LogGbPerDay, Cost(deployment.LogGbPerDay * days, prices.Operations.Logs)),
                   new("availability tests an hour", deployment.AvailabilityTestsPerHour, Cost(deployment.AvailabilityTestsPerHour * hours, prices.Operations.AvailabilityTest)),
                   new("alert rules", deployment.AlertRules, Cost(deployment.AlertRules * months, prices.Operations.AlertRule)),
                   new("Key Vault requests an hour", deployment.KeyVaultOperationsPerHour, Cost(deployment.KeyVaultOperationsPerHour * hours, prices.Operations.KeyVault)),
               ]
               where cost.Quantity > 0
               select cost,
        ];

        static decimal? Sum(decimal? one, decimal? other) => one + other;

        static decimal? Cost(decimal quantity, Price price) => price.Each is { } each ? Apportion.Round(quantity * each) : null;
    }

    /// <summary>Hours in a month, as Azure's price pages reckon.</summary>
    public const int HoursInMonth = 730;

    Price? PriceOf(string operation) => operation switch
    {
        "blob-write" => prices.StorageOperations.BlobWrite,
        "blob-read" => prices.StorageOperations.BlobRead,
        "blob-list" => prices.StorageOperations.BlobList,
        "blob-other" => prices.StorageOperations.BlobOther,
        "queue-write" => prices.StorageOperations.QueueWrite,
        "queue-read" => prices.StorageOperations.QueueRead,
        "table-write" => prices.StorageOperations.TableWrite,
        "table-read" => prices.StorageOperations.TableRead,
        _ => null, // deleting blobs is free
    };

    static Dictionary<string, decimal> ByClass(IReadOnlyDictionary<string, long> operations) =>
        operations.GroupBy(o => o.Key[(o.Key.LastIndexOf('/') + 1)..]).ToDictionary(g => g.Key, g => (decimal)g.Sum(o => o.Value));

    static decimal Number(double value) => decimal.Round((decimal)value, 12);
}

/// <summary>Something that costs whether it works or not.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Quantity">How much of it there is.</param>
/// <param name="Amount">What it costs; null where its price is not known.</param>
public sealed record FixedCost(string Name, decimal Quantity, decimal? Amount);
