using DataIngestion.Storage;
using static DataIngestion.Observe.Settings.SettingChecks;

namespace DataIngestion.Observe.Settings;

/// <summary>Every application setting that the apps, or the Functions host for them, read. <c>docs/settings.md</c> shows it.</summary>
public static class SettingCatalogue
{
    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. StorageOf(StorageConnection.Host, "required", "The account of the Functions host: its queues start functions"),
        .. StorageOf(StorageConnection.Data, "`AzureWebJobsStorage`", "The account of the data: containers and the platform's tables"),
        new("AZURE_CLIENT_ID", Apps.Both, "whichever identity there is", "Client id of the identity for everything in Azure whose connection names none") { Check = ClientId },

        new("Ingestion__Environment", Apps.Both, "none", "Name of the environment, said in telemetry: dev, staging, preprod, prod"),
        new("Ingestion__Stamp", Apps.Both, "`local`", "Name of the deployed version, `blue` or `green`; runs belong to it") { Check = Id },
        new("Ingestion__ScheduleShare", Apps.Both, "`0-100`", "Part of the sources whose schedules this stamp follows, from-to in percent; `0-0` for none") { Check = Share },
        new("Ingestion__BackupTo", Apps.Agents, "none", "Container of an account elsewhere that gets a backup of everything every ten minutes: `https://{account}.blob.core.windows.net/{container}`") { Check = Https },
        new("SchedulerInterval", Apps.Agents, "required", "How often schedules are looked at: six-field NCRONTAB or an interval; use 10 s") { Check = Schedule },
        new("Ingestion__ConfigsPath", Apps.Both, "`configs`", "Folder with sources and datasets, looked for in the app's folder and then in its parents"),
        new("Ingestion__WorkflowsPath", Apps.Both, "`workflows`", "Folder with workflows, found in the same way"),
        new("Ingestion__LocalFolders", Apps.Agents, "none", "Folders that sources of the kinds `local` and `sqlite` may read, separated by `;`"),
        new("Ingestion__ProviderFolder", Apps.Agents, "none", "Folder with drivers of databases that the platform does not bring along"),
        new("Ingestion__Connections", Apps.Agents, "defaults", "Section: how connections to systems are kept, `__MaxPools`, `__MaxPerPool`, `__MinIdle`, `__IdleTimeout`, `__Lifetime`, `__ProbeAfter` and others"),
        new("AzureWebJobs.FileDropped.Disabled", Apps.Agents, "`false`", "`true` where Event Grid tells of dropped files by the queue `dropped-files`, so that nothing polls the container `drop`") { Check = Truth },

        new("KeyVault__uri", Apps.Agents, "none", "The vault with the vendors' secrets, which sources name as `${keyvault:name}`") { Check = Https },
        new("KeyVault__clientId", Apps.Agents, "`AZURE_CLIENT_ID`", "Client id of the identity for Key Vault") { Check = ClientId },
        new("KeyVault__credential", Apps.Agents, "whichever identity there is", "`managedidentity` or `workloadidentity`") { Check = Credential },
        new("Ingestion__EncryptionKey", Apps.Agents, "none", "RSA key in Key Vault that wraps the keys which seal tokens: `https://{vault}/keys/{name}`") { Check = VaultKey },
        new("Ingestion__TokenKey", Apps.Agents, "a file on one machine", "Without `Ingestion__EncryptionKey`: the key that seals tokens, 32 bytes in base64, or a reference to it; several, separated by spaces, change it. Beside it: opens what was sealed before") { IsSecret = true },
        new("Ingestion__TokenKeyFile", Apps.Agents, "in the user's folder", "Where the file with that key is, on one machine"),
        new("Ingestion__TokenLease", Apps.Agents, "`00:00:30`", "How long a worker may take to get a token before another one tries") { Check = Duration },
        new("Ingestion__SecretFolders", Apps.Agents, "`/run/secrets;/mnt/secrets`", "Folders with one secret a file, separated by `;`"),
        new("Ingestion__SecretLifetime", Apps.Agents, "`00:01:00`", "How long a secret is kept before it is read again") { Check = Duration },

        new("EventHubs", Apps.Agents, "none", "Connection string of the event hubs' namespace; use an identity in Azure") { IsSecret = true },
        new("EventHubs__fullyQualifiedNamespace", Apps.Agents, "none", "Host of the event hubs' namespace, with an identity") { Check = HostName },
        new("EventHubs__clientId", Apps.Agents, "whichever identity there is", "Client id of that identity") { Check = ClientId },
        new("EventHubs__credential", Apps.Agents, "whichever identity there is", "`managedidentity` or `workloadidentity`") { Check = Credential },

        new("AzureFunctionsJobHost__extensions__durableTask__hubName", Apps.Both, "`DataIngestion`", "Task hub; each stamp has its own, both apps of a stamp the same") { Check = Hub },
        new("AzureFunctionsJobHost__extensions__durableTask__storageProvider__type", Apps.Both, "`AzureStorage`", "`azureManaged` for the Durable Task Scheduler") { Check = Provider },
        new("AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName", Apps.Both, "none", "With `azureManaged`: name of the setting below"),
        new("DURABLE_TASK_SCHEDULER_CONNECTION_STRING", Apps.Both, "none", "With `azureManaged`: `Endpoint=…;Authentication=ManagedIdentity;ClientID=…`") { Check = Scheduler },

        new("APPLICATIONINSIGHTS_CONNECTION_STRING", Apps.Both, "nothing is sent", "Where traces, metrics and logs go") { Check = Insights, IsSecret = true },
        new("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", Apps.Both, "the instrumentation key", "`Authorization=AAD;ClientId=…`: the identity that sends") { Check = InsightsIdentity },
        new("OTEL_EXPORTER_OTLP_ENDPOINT", Apps.Both, "nothing is sent", "A collector that gets the same by OTLP; OpenTelemetry's other `OTEL_EXPORTER_OTLP_…` settings hold too") { Check = Web },
        new("Ingestion__TraceRatio", Apps.Both, "five traces a second", "Part of the traces that is sent, 0 to 1; logs of a trace go with it") { Check = Ratio },

        new("WEBSITE_SITE_NAME", Apps.Both, "`agents`, `orchestrators`", "Set by Azure: the app's name in telemetry"),
        new("WEBSITE_INSTANCE_ID", Apps.Both, "machine and process", "Set by Azure: the instance's name in telemetry"),
        new("CONTAINER_NAME", Apps.Both, "machine and process", "Set by Azure on Flex Consumption: the same"),
        new("REGION_NAME", Apps.Both, "none", "Set by Azure: the region, said in telemetry"),
    ];

    static IEnumerable<Setting> StorageOf(string name, string missing, string what) =>
    [
        new(name, Apps.Both, missing, $"{what}: a connection string, for development; use an identity in Azure") { IsSecret = true },
        new($"{name}__accountName", Apps.Both, "none", "The account's name, with an identity") { Check = Account },
        new($"{name}__endpointSuffix", Apps.Both, "`core.windows.net`", "End of the account's host names in other clouds"),
        new($"{name}__blobServiceUri", Apps.Both, "from the account's name", "Address of the blobs, where the name does not give it") { Check = Https },
        new($"{name}__queueServiceUri", Apps.Both, "from the account's name", "Address of the queues") { Check = Https },
        new($"{name}__tableServiceUri", Apps.Both, "from the account's name", "Address of the tables") { Check = Https },
        new($"{name}__credential", Apps.Both, "whichever identity there is", "`managedidentity` or `workloadidentity`") { Check = Credential },
        new($"{name}__clientId", Apps.Both, "whichever identity there is", "Client id of the identity") { Check = ClientId },
        new($"{name}__managedIdentityResourceId", Apps.Both, "none", "Resource id of the identity, instead of its client id"),
        new($"{name}__tenantId", Apps.Both, "the identity's", "Tenant of a federated identity"),
    ];
}
