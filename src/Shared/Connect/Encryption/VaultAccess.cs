using Azure.Security.KeyVault.Secrets;
using DataIngestion.Storage;
using DataIngestion.Storage.Access;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Asks whether the vaults in the settings let this process in.</summary>
public sealed class VaultAccess
{
    readonly OpenVault _open;
    readonly KeyVaultEncryption _encryption;
    readonly Uri? _vault;

    /// <summary>From the app's services.</summary>
    public VaultAccess(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _open = services.GetRequiredService<OpenVault>();
        _encryption = services.GetRequiredService<KeyVaultEncryption>();
        var settings = services.GetRequiredService<IConfiguration>();
        var client = settings["KeyVault:clientId"] ?? settings[AzureIdentities.ProcessClientId];
        _vault = Uri.TryCreate(settings["KeyVault:uri"], UriKind.Absolute, out var address) ? address : null;
        Secrets = _vault is null ? null : AzureResource.Secrets(_vault) with { ClientId = client };
    }

    /// <summary>The vault with the vendors' secrets; null when none is configured.</summary>
    public AzureResource? Secrets { get; }

    /// <summary>The key that wraps data keys; null when none is configured.</summary>
    public AzureResource? Key => _encryption.Keys?.Vault.Resource;

    /// <summary>Reads the name of one secret.</summary>
    public async Task CheckSecretsAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in _open(_vault!).GetPropertiesOfSecretsAsync(cancellationToken).AsPages(pageSizeHint: 1))
        {
            _ = page;
            break;
        }
    }

    /// <summary>Makes sure that there is a data key that this process can use.</summary>
    /// <exception cref="Contracts.StepFailedException">There is none; it says why.</exception>
    public async Task CheckKeyAsync(CancellationToken cancellationToken) => await _encryption.Keys!.ForSealingAsync(cancellationToken);
}
