using DataIngestion.Contracts;
using DataIngestion.Recover;
using DataIngestion.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Agents;

/// <summary>
/// Keeps what is lost in a disaster below 15 minutes. Blobs keep their versions and are in a second region; tables have neither versions nor soft delete,
/// so they are copied into the account's container <c>backups</c>. Where <c>Ingestion__BackupTo</c> names a container of another account, everything
/// new goes there, too: a copy that outlives the account.
/// </summary>
public sealed class BackupTimer(StorageClients clients, IConfiguration settings, TimeProvider time)
{
    /// <summary>Every ten minutes; a backup that takes longer delays the next.</summary>
    [Function("BackUp")]
    public async Task RunAsync([TimerTrigger("0 */10 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var backup = new Backup(clients, time);

        // A folder a day, so that old days can be removed as a whole.
        var own = new ContainerTarget(clients.Blobs.GetBlobContainerClient(Containers.Backups), $"tables/{time.GetUtcNow():yyyyMMdd}/");
        await backup.RunAsync(own, new() { TablesOnly = true }, cancellationToken);

        if (settings["Ingestion:BackupTo"] is { Length: > 0 } elsewhere)
            await backup.RunAsync(ContainerTarget.At(elsewhere, AzureIdentities.OfProcess(settings)), cancellationToken: cancellationToken);
    }
}
