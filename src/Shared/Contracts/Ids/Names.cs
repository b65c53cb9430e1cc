namespace DataIngestion.Contracts;

/// <summary>Storage queues. Each has a twin named <c>{queue}-poison</c>.</summary>
public static class Queues
{
    /// <summary>Where every ingestion begins: an <see cref="IngestionRequest"/>.</summary>
    public const string IngestionRequests = "ingestion-requests";

    /// <summary>Commands for the connector agent.</summary>
    public const string DataConnector = "data-connector";

    /// <summary>Commands for the collector agent.</summary>
    public const string DataCollector = "data-collector";

    /// <summary>Commands for the converter agent.</summary>
    public const string DataConverter = "data-converter";

    /// <summary>Commands for the merger agent.</summary>
    public const string DataMerger = "data-merger";

    /// <summary>Commands for the fetch-retry agent.</summary>
    public const string DataFetchRetry = "data-fetch-retry";

    /// <summary>Lifecycle events on their way to the event stream: the outbox.</summary>
    public const string LifecycleEvents = "lifecycle-events";

    /// <summary>Event Grid's notices of files in the drop container.</summary>
    public const string DroppedFiles = "dropped-files";

    /// <summary>What is put behind a queue's name where its undeliverable messages go.</summary>
    public const string PoisonSuffix = "-poison";

    /// <summary>All queues, without the poison twins.</summary>
    public static IReadOnlyList<string> All { get; } =
        [IngestionRequests, DataConnector, DataCollector, DataConverter, DataMerger, DataFetchRetry, LifecycleEvents, DroppedFiles];
}

/// <summary>Blob containers.</summary>
public static class Containers
{
    /// <summary>Raw bytes as a source sent them; write-once.</summary>
    public const string Landing = "landing";

    /// <summary>Typed Parquet per source and run.</summary>
    public const string Curated = "curated";

    /// <summary>Merged snapshots and the pointers to the current ones.</summary>
    public const string Datasets = "datasets";

    /// <summary>Rejected rows with their reasons.</summary>
    public const string Quarantine = "quarantine";

    /// <summary>Trained models.</summary>
    public const string Models = "models";

    /// <summary>Lifecycle events as they were published; write-once.</summary>
    public const string Audit = "audit";

    /// <summary>Files that people or other systems put there to be ingested: <c>drop/{source}/{file}</c>.</summary>
    public const string Drop = "drop";

    /// <summary>State of the platform itself: cursors, large command arguments and results, dead letters' bodies.</summary>
    public const string Control = "control";

    /// <summary>Copies of the platform's tables, which the account itself keeps no versions of.</summary>
    public const string Backups = "backups";

    /// <summary>All containers.</summary>
    public static IReadOnlyList<string> All { get; } = [Landing, Curated, Datasets, Quarantine, Models, Audit, Drop, Control, Backups];
}

/// <summary>The twelve services, as they appear in health and metrics routes.</summary>
public static class Services
{
    /// <summary>Scheduler agent.</summary>
    public const string DataScheduler = "data-scheduler";

    /// <summary>Connector agent.</summary>
    public const string DataConnector = "data-connector";

    /// <summary>Collector agent.</summary>
    public const string DataCollector = "data-collector";

    /// <summary>Converter agent.</summary>
    public const string DataConverter = "data-converter";

    /// <summary>Merger agent.</summary>
    public const string DataMerger = "data-merger";

    /// <summary>Fetch-retry agent.</summary>
    public const string DataFetchRetry = "data-fetch-retry";

    /// <summary>Model predictions.</summary>
    public const string MlModels = "ml-models";

    /// <summary>Ingestion manager.</summary>
    public const string IngestionManager = "ingestion-manager";

    /// <summary>API manager.</summary>
    public const string ApiManager = "api-manager";

    /// <summary>File manager.</summary>
    public const string FileManager = "file-manager";

    /// <summary>Batch manager.</summary>
    public const string BatchManager = "batch-manager";

    /// <summary>Stream manager.</summary>
    public const string StreamManager = "stream-manager";

    /// <summary>The services that the agents' app answers for.</summary>
    public static IReadOnlyList<string> OfAgents { get; } =
        [DataScheduler, DataConnector, DataCollector, DataConverter, DataMerger, DataFetchRetry, MlModels];

    /// <summary>The services that the orchestrators' app answers for.</summary>
    public static IReadOnlyList<string> OfOrchestrators { get; } = [IngestionManager, ApiManager, FileManager, BatchManager, StreamManager];
}

/// <summary>Event streams (Event Hubs).</summary>
public static class EventStreams
{
    /// <summary>The hub that carries <see cref="LifecycleEvent"/>s.</summary>
    public const string Lifecycle = "ingestion-events";
}
