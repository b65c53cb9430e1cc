using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace DataIngestion.Observe.Cost;

/// <summary>What the services cost that the platform stands on, and what a deployment has of them: <c>configs/prices.yaml</c>.</summary>
public sealed record PriceList : IValidatableObject
{
    /// <summary>The currency of all prices, as ISO 4217 writes it.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public required string Currency { get; init; }

    /// <summary>The region that they hold for, as Azure writes it.</summary>
    [StringLength(60, MinimumLength = 1)]
    public required string Region { get; init; }

    /// <summary>Azure Functions, Flex Consumption plan.</summary>
    public required FunctionsPrices Functions { get; init; }

    /// <summary>Requests to storage accounts.</summary>
    public required StorageOperationPrices StorageOperations { get; init; }

    /// <summary>Data kept in storage accounts, by access tier: <c>hot</c>, <c>cool</c>, <c>cold</c>, <c>archive</c>.</summary>
    public required StorageTierPrices StorageTiers { get; init; }

    /// <summary>Event Hubs, standard tier.</summary>
    public required EventHubsPrices EventHubs { get; init; }

    /// <summary>Durable Task Scheduler.</summary>
    public required SchedulerPrices TaskScheduler { get; init; }

    /// <summary>Key Vault, monitoring.</summary>
    public required OperationsPrices Operations { get; init; }

    /// <summary>Network.</summary>
    public required NetworkPrices Network { get; init; }

    /// <summary>What each environment has whether it works or not, by name.</summary>
    [MinLength(1)]
    public required IReadOnlyDictionary<string, DeploymentDefinition> Environments { get; init; }

    /// <summary>What work uses, as measured; only estimates are made from it.</summary>
    public required WorkloadDefinition Workload { get; init; }

    /// <summary>Every price by its name, such as <c>functions.executionTime</c>.</summary>
    public IEnumerable<(string Name, Price Price)> All() =>
        from place in Places()
        select ($"{Camel(place.Group.Name)}.{Camel(place.Member.Name)}", place.Price);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from place in Places()
        let expected = place.Member.GetCustomAttribute<PricedInAttribute>()!.Unit
        where place.Price.Unit != expected
        select new ValidationResult($"'unit' is '{Word(place.Price.Unit)}': expected '{Word(expected)}', in which this is counted.", [$"{place.Group.Name}.{place.Member.Name}.{nameof(Price.Unit)}"]);

    IEnumerable<(PropertyInfo Group, PropertyInfo Member, Price Price)> Places() =>
        from property in typeof(PriceList).GetProperties()
        let value = property.GetValue(this)
        where value is not null
        from member in property.PropertyType.GetProperties()
        where member.IsDefined(typeof(PricedInAttribute))
        let price = (Price?)member.GetValue(value)
        where price is not null
        select (property, member, price);

    static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    static string Word(PriceUnit unit) => JsonNamingPolicy.KebabCaseLower.ConvertName(unit.ToString());
}

/// <summary>Azure Functions, Flex Consumption plan.</summary>
public sealed record FunctionsPrices
{
    /// <summary>Time in which an instance is at work on demand.</summary>
    [PricedIn(PriceUnit.GbSecond)]
    public required Price ExecutionTime { get; init; }

    /// <summary>Executions on demand.</summary>
    [PricedIn(PriceUnit.Execution)]
    public required Price Executions { get; init; }

    /// <summary>Time in which an instance is kept ready.</summary>
    [PricedIn(PriceUnit.GbSecond)]
    public required Price AlwaysReady { get; init; }

    /// <summary>Time in which an instance that is kept ready is at work.</summary>
    [PricedIn(PriceUnit.GbSecond)]
    public required Price AlwaysReadyExecutionTime { get; init; }
}

/// <summary>Requests to storage accounts, in the classes that the price list has.</summary>
public sealed record StorageOperationPrices
{
    /// <summary>Puts a blob, a block, a list of blocks, or a copy, in the hot tier.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price BlobWrite { get; init; }

    /// <summary>Gets a blob of the hot tier.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price BlobRead { get; init; }

    /// <summary>Lists blobs or containers, or creates a container.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price BlobList { get; init; }

    /// <summary>Everything else but deleting, which is free.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price BlobOther { get; init; }

    /// <summary>Class 1 of queues: put, update and delete.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price QueueWrite { get; init; }

    /// <summary>Class 2 of queues: get and peek.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price QueueRead { get; init; }

    /// <summary>Writing to tables.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price TableWrite { get; init; }

    /// <summary>Reading tables.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price TableRead { get; init; }
}

/// <summary>Data kept and read, by access tier.</summary>
public sealed record StorageTierPrices
{
    /// <summary>Kept in the hot tier.</summary>
    [PricedIn(PriceUnit.GbMonth)]
    public required Price Hot { get; init; }

    /// <summary>Kept in the cool tier.</summary>
    [PricedIn(PriceUnit.GbMonth)]
    public required Price Cool { get; init; }

    /// <summary>Kept in the cold tier.</summary>
    [PricedIn(PriceUnit.GbMonth)]
    public required Price Cold { get; init; }

    /// <summary>Kept in the archive tier.</summary>
    [PricedIn(PriceUnit.GbMonth)]
    public required Price Archive { get; init; }

    /// <summary>Written to the cool tier; moving a blob there is one such request.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price CoolWrite { get; init; }

    /// <summary>Read from the cool tier, for the request.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price CoolRead { get; init; }

    /// <summary>Read from the cool tier, for the data.</summary>
    [PricedIn(PriceUnit.Gb)]
    public required Price CoolRetrieval { get; init; }

    /// <summary>Read from the cold tier, for the data.</summary>
    [PricedIn(PriceUnit.Gb)]
    public required Price ColdRetrieval { get; init; }

    /// <summary>Brought back from the archive tier, for the data.</summary>
    [PricedIn(PriceUnit.Gb)]
    public required Price ArchiveRetrieval { get; init; }

    /// <summary>Copied to the other region by geo-redundant accounts.</summary>
    [PricedIn(PriceUnit.Gb)]
    public required Price GeoReplication { get; init; }
}

/// <summary>Event Hubs, standard tier.</summary>
public sealed record EventHubsPrices
{
    /// <summary>A throughput unit.</summary>
    [PricedIn(PriceUnit.Hour)]
    public required Price ThroughputUnit { get; init; }

    /// <summary>Events taken in.</summary>
    [PricedIn(PriceUnit.Event)]
    public required Price Ingress { get; init; }
}

/// <summary>Durable Task Scheduler.</summary>
public sealed record SchedulerPrices
{
    /// <summary>An action, on the consumption plan.</summary>
    [PricedIn(PriceUnit.Action)]
    public required Price Action { get; init; }

    /// <summary>A capacity unit, on the dedicated plan; actions are included.</summary>
    [PricedIn(PriceUnit.Hour)]
    public required Price CapacityUnit { get; init; }
}

/// <summary>Key Vault and monitoring.</summary>
public sealed record OperationsPrices
{
    /// <summary>A request to Key Vault.</summary>
    [PricedIn(PriceUnit.Operation)]
    public required Price KeyVault { get; init; }

    /// <summary>Logs taken in by Log Analytics.</summary>
    [PricedIn(PriceUnit.Gb)]
    public required Price Logs { get; init; }

    /// <summary>An availability test, from one place, once.</summary>
    [PricedIn(PriceUnit.Test)]
    public required Price AvailabilityTest { get; init; }

    /// <summary>An alert rule on metrics, for each time series that it watches.</summary>
    [PricedIn(PriceUnit.Month)]
    public required Price AlertRule { get; init; }
}

/// <summary>Network.</summary>
public sealed record NetworkPrices
{
    /// <summary>A private endpoint.</summary>
    [PricedIn(PriceUnit.Hour)]
    public required Price PrivateEndpoint { get; init; }

    /// <summary>Data through private endpoints, in either direction.</summary>
    [PricedIn(PriceUnit.Gb)]
    public required Price PrivateEndpointData { get; init; }

    /// <summary>Data to the internet.</summary>
    [PricedIn(PriceUnit.Gb)]
    public required Price Egress { get; init; }

    /// <summary>A NAT gateway.</summary>
    [PricedIn(PriceUnit.Hour)]
    public required Price NatGateway { get; init; }

    /// <summary>Data through a NAT gateway, in either direction.</summary>
    [PricedIn(PriceUnit.Gb)]
    public required Price NatGatewayData { get; init; }

    /// <summary>A fixed public address.</summary>
    [PricedIn(PriceUnit.Hour)]
    public required Price PublicAddress { get; init; }

    /// <summary>A private DNS zone.</summary>
    [PricedIn(PriceUnit.Month)]
    public required Price PrivateZone { get; init; }
}
