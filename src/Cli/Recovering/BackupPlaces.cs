using Azure.Identity;
using DataIngestion.Cli.Reading;
using DataIngestion.Contracts;
using DataIngestion.Recover;
using DataIngestion.Storage;

namespace DataIngestion.Cli.Recovering;

/// <summary>Finds what is backed up, and where backups lie.</summary>
internal static class BackupPlaces
{
    /// <summary>How a place of backups is written.</summary>
    public const string Rule = "a folder, https://ACCOUNT.blob.core.windows.net/CONTAINER[/FOLDER] (with your identity), or setting:NAME[/CONTAINER] (a connection string in a setting)";

    const string FromSetting = "setting:";

    /// <summary>The place that a person named.</summary>
    public static IBackupTarget Open(CommandEnvironment environment, string place)
    {
        if (place.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return ContainerTarget.At(place, new DefaultAzureCredential());
        if (!place.StartsWith(FromSetting, StringComparison.Ordinal))
            return new FolderTarget(environment.Resolve(place));

        var (name, container) = Split(place[FromSetting.Length..]);
        var connection = environment.Setting(name) is { Length: > 0 } value ? value : throw new CommandFailedException(ExitCodes.Configuration, $"The setting '{name}' has no value: set it to the connection string of the account with the backups.");
        return new ContainerTarget(StorageClients.Connect(connection).Blobs.GetBlobContainerClient(container.Length == 0 ? Containers.Backups : container));
    }

    /// <summary>The account that is backed up or restored: one that is named, with your identity, or the one that reading commands look into.</summary>
    public static async Task<Account> OpenAccountAsync(CommandEnvironment environment, string? account, string? data, CancellationToken cancellationToken)
    {
        if (account is null)
        {
            var lake = await Lake.OpenAsync(environment, data, cancellationToken);
            return new(lake.Clients, lake);
        }

        var identity = new DefaultAzureCredential();
        return new(new(new(AddressOf("blob"), identity), new(AddressOf("queue"), identity), new(AddressOf("table"), identity)), lake: null);

        Uri AddressOf(string service) => Uri.TryCreate($"https://{account}.{service}.core.windows.net", UriKind.Absolute, out var address) && account.All(char.IsAsciiLetterOrDigit)
            ? address
            : throw new CommandFailedException(ExitCodes.Usage, $"'{account}' is not the name of a storage account: expected lower-case letters and digits.");
    }

    static (string Before, string After) Split(string text) =>
        text.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? (text[..slash], text[(slash + 1)..]) : (text, "");

    /// <summary>Clients of an account, with the emulator that serves them if there is one.</summary>
    internal sealed class Account(StorageClients clients, Lake? lake) : IAsyncDisposable
    {
        /// <summary>Its clients.</summary>
        public StorageClients Clients { get; } = clients;

        public async ValueTask DisposeAsync()
        {
            if (lake is not null)
                await lake.DisposeAsync();
        }
    }
}
