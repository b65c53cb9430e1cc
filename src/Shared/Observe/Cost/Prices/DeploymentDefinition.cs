using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Observe.Cost;

/// <summary>What an environment has whether it works or not.</summary>
public sealed record DeploymentDefinition
{
    /// <summary>Instances that are kept ready, in all function groups of both apps.</summary>
    [Range(0, 1000)]
    public int AlwaysReadyInstances { get; init; }

    /// <summary>Memory of each of them, in MB. Default 2048.</summary>
    [Range(128, 1_048_576)]
    public int InstanceMemoryMb { get; init; } = 2048;

    /// <summary>Private endpoints.</summary>
    [Range(0, 1000)]
    public int PrivateEndpoints { get; init; }

    /// <summary>NAT gateways, each with a fixed public address; traffic with sources goes through them.</summary>
    [Range(0, 1000)]
    public int NatGateways { get; init; }

    /// <summary>Private DNS zones.</summary>
    [Range(0, 1000)]
    public int PrivateZones { get; init; }

    /// <summary>Throughput units of Event Hubs.</summary>
    [Range(0, 1000)]
    public int ThroughputUnits { get; init; }

    /// <summary>Capacity units of the task scheduler; 0 is the consumption plan, or the Azure Storage provider.</summary>
    [Range(0, 100)]
    public int CapacityUnits { get; init; }

    /// <summary>Alert rules on metrics.</summary>
    [Range(0, 10_000)]
    public int AlertRules { get; init; }

    /// <summary>Executions of availability tests an hour, all places together.</summary>
    [Range(0, 1_000_000)]
    public int AvailabilityTestsPerHour { get; init; }

    /// <summary>Logs taken in a day, in GB: an assumption until the workspace says how much it is.</summary>
    [Range(0d, 1_000_000d)]
    public decimal LogGbPerDay { get; init; }

    /// <summary>Requests to Key Vault an hour: secrets are kept for their lifetime, not asked for by every run.</summary>
    [Range(0d, 1_000_000_000d)]
    public long KeyVaultOperationsPerHour { get; init; }
}

/// <summary>What work uses, as measured on one machine: see docs/cost.md for how.</summary>
public sealed record WorkloadDefinition
{
    /// <summary>What was measured, and when.</summary>
    public required string Measured { get; init; }

    /// <summary>What a run uses before its first byte.</summary>
    public required WorkDefinition Run { get; init; }

    /// <summary>What a GB that lands uses besides.</summary>
    public required WorkDefinition Gb { get; init; }

    /// <summary>GB kept in the hot tier, of all containers, for each GB that lands.</summary>
    [Range(0d, 100d)]
    public required decimal KeptGb { get; init; }
}

/// <summary>What a piece of work uses.</summary>
public sealed record WorkDefinition
{
    /// <summary>Executions of functions.</summary>
    [Range(0d, 1_000_000_000d)]
    public decimal Executions { get; init; }

    /// <summary>GB-seconds.</summary>
    [Range(0d, 1_000_000_000d)]
    public decimal GbSeconds { get; init; }

    /// <summary>Requests to storage accounts by class, such as <c>blob-write</c>.</summary>
    public IReadOnlyDictionary<string, decimal> StorageOperations { get; init; } = new Dictionary<string, decimal>();

    /// <summary>GB moved to and from storage accounts.</summary>
    [Range(0d, 1_000_000d)]
    public decimal StorageGb { get; init; }

    /// <summary>GB sent to sources.</summary>
    [Range(0d, 1_000_000d)]
    public decimal SentGb { get; init; }

    /// <summary>GB received from sources.</summary>
    [Range(0d, 1_000_000d)]
    public decimal ReceivedGb { get; init; }

    /// <summary>Lifecycle events.</summary>
    [Range(0d, 1_000_000_000d)]
    public decimal Events { get; init; }

    /// <summary>Messages of the task scheduler.</summary>
    [Range(0d, 1_000_000_000d)]
    public decimal Actions { get; init; }
}
