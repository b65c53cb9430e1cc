namespace DataIngestion.Observe.Cost;

/// <summary>The parts of a cost that follow from use.</summary>
public enum CostPart
{
    /// <summary>Time in which instances are at work.</summary>
    Compute,

    /// <summary>Executions of functions.</summary>
    Executions,

    /// <summary>Requests to storage accounts.</summary>
    Storage,

    /// <summary>Lifecycle events in the event stream.</summary>
    Events,

    /// <summary>Messages of the task scheduler, where it is not paid for as a whole.</summary>
    Orchestration,

    /// <summary>Data to and from storage accounts through private endpoints, and to and from sources through a NAT gateway.</summary>
    Network,

    /// <summary>Data to sources.</summary>
    Egress,
}
