using DataIngestion.Storage.Access;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Observe;

/// <summary>Does the task hub answer? The host talks to it, so refusals come as words of the host's.</summary>
/// <param name="ask">Asks the hub for anything.</param>
/// <param name="settings">Name the hub and the scheduler.</param>
public sealed class TaskHubProbe(Func<CancellationToken, Task> ask, IConfiguration settings) : IHealthProbe
{
    /// <summary>Setting with the scheduler's connection string.</summary>
    public const string Scheduler = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING";

    static readonly string[] Refusals = ["PermissionDenied", "Unauthenticated", "Forbidden", "Unauthorized", "AuthorizationPermissionMismatch", "AuthorizationFailure", "Status: 403", "Status: 401"];

    /// <inheritdoc/>
    public string Name => "task-hub";

    /// <inheritdoc/>
    public async Task<HealthAnswer> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ask(cancellationToken);
            return new(HealthStatus.Pass);
        }
        catch (Exception refused) when (refused is not OperationCanceledException && Array.Find(Refusals, word => refused.ToString().Contains(word, StringComparison.Ordinal)) is { } word)
        {
            var code = word.StartsWith("Authorization", StringComparison.Ordinal) ? word : null;
            return new(HealthStatus.Fail, AccessFault.Refused(Resource(), 403, code, refused.Message).Message);
        }
    }

    AzureResource Resource()
    {
        var hub = settings["AzureFunctionsJobHost:extensions:durableTask:hubName"] ?? "DataIngestion";
        if (settings[Scheduler] is not { Length: > 0 } text)
        {
            var account = settings[$"{Storage.StorageConnection.Host}:accountName"] ?? "of the host";
            return new(
                $"the task hub '{hub}' in the storage account '{account}'", $"{account}.queue.core.windows.net",
                "Storage Blob Data Owner' with 'Storage Queue Data Contributor' and 'Storage Table Data Contributor", $"\"$(az storage account show --name {account} --query id --output tsv)\"", Storage.StorageConnection.Host)
            {
                ClientId = settings[$"{Storage.StorageConnection.Host}:clientId"],
            };
        }

        var host = Uri.TryCreate(Part(text, "Endpoint"), UriKind.Absolute, out var endpoint) ? endpoint.IdnHost : "scheduler";
        return AzureResource.TaskHub(hub, host) with { ClientId = Part(text, "ClientID") };
    }

    static string? Part(string text, string name) =>
        text.Split(';', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).FirstOrDefault(p => p.Length == 2 && p[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];
}
