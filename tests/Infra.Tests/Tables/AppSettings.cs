namespace DataIngestion.Infra.Tests.Tables;

/// <summary>Every setting that the code, the worker or the Functions host reads in Azure.</summary>
internal static class AppSettings
{
    const string Host = "the Functions host";
    const string Worker = "the worker";
    const string Identity = "Azure.Identity";

    static readonly string[] Both = ["agents", "orchestrators"];
    static readonly string[] Agents = ["agents"];

    public static IReadOnlyList<AppSetting> All { get; } =
    [
        new("AzureWebJobsStorage__accountName", Both, Host) { IsRequired = true },
        new("AzureWebJobsStorage__clientId", Both, Host) { IsRequired = true },
        new("AzureWebJobsStorage__credential", Both, Host) { IsRequired = true, Value = "managedidentity" },
        new("DataStorage__accountName", Both, "src/Shared/Storage") { IsRequired = true },
        new("DataStorage__clientId", Both, "src/Shared/Storage") { IsRequired = true },
        new("DataStorage__credential", Both, "src/Shared/Storage") { IsRequired = true, Value = "managedidentity" },
        new("AZURE_CLIENT_ID", Both, Identity) { IsRequired = true },
        new("APPLICATIONINSIGHTS_CONNECTION_STRING", Both, Host) { IsRequired = true },
        new("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", Both, Host) { IsRequired = true },
        new("AzureFunctionsJobHost__extensions__durableTask__hubName", Both, Host) { IsRequired = true },
        new("AzureFunctionsJobHost__extensions__durableTask__storageProvider__type", Both, Host) { IsRequired = true },
        new("AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName", Both, Host) { IsRequired = true, NeedsScheduler = true, Value = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING" },
        new("DURABLE_TASK_SCHEDULER_CONNECTION_STRING", Both, Host) { IsRequired = true, NeedsScheduler = true },
        new("Ingestion__Environment", Both, "src/Shared") { IsRequired = true },
        new("Ingestion__Stamp", Both, "src/Shared") { IsRequired = true },

        new("EventHubs__fullyQualifiedNamespace", Agents, Host) { IsRequired = true },
        new("EventHubs__clientId", Agents, Host) { IsRequired = true },
        new("EventHubs__credential", Agents, Host) { IsRequired = true, Value = "managedidentity" },
        new("KeyVault__uri", Agents, "src/Shared/Connect") { IsRequired = true },
        new("Ingestion__EncryptionKey", Agents, "src/Shared/Connect") { IsRequired = true },
        new("SchedulerInterval", Agents, "src/Functions.Agents") { IsRequired = true },
        new("Ingestion__ScheduleShare", Both, "src/Shared/Contracts/Stamps") { IsRequired = true },
        new("AzureWebJobs.FileDropped.Disabled", Agents, Host) { IsRequired = true, Value = "true" },

        // With defaults.
        new("Ingestion__BackupTo", Agents, "src/Functions.Agents"),
        new("Ingestion__ConfigsPath", Both, "src/Shared/Contracts"),
        new("Ingestion__WorkflowsPath", Both, "src/Shared/Contracts"),
        new("Ingestion__LocalFolders", Agents, "src/Shared/Connect"),
        new("Ingestion__ProviderFolder", Agents, "src/Shared/Connect"),
        new("Ingestion__SecretFolders", Agents, "src/Shared/Connect"),
        new("Ingestion__SecretLifetime", Agents, "src/Shared/Connect"),
        new("Ingestion__TokenKey", Agents, "src/Shared/Connect"),
        new("Ingestion__TokenKeyFile", Agents, "src/Shared/Connect"),
        new("Ingestion__TokenLease", Agents, "src/Shared/Connect"),
        new("Ingestion__Connections", Agents, "src/Shared/Connect"),
        new("Ingestion__Usage", Both, "src/Shared/Observe/Cost"),
        new("Ingestion__Usage__InstanceMemoryMB", Both, "src/Shared/Observe/Cost"),
        new("KeyVault__clientId", Agents, "src/Shared/Connect"),
        new("Ingestion__TraceRatio", Both, "src/Shared/Observe/Telemetry"),
        new("OTEL_EXPORTER_OTLP_ENDPOINT", Both, "src/Shared/Observe/Telemetry"),
    ];
}
