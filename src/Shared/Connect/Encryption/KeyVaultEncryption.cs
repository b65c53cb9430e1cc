using Azure.Core;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>The setting <c>Ingestion:EncryptionKey</c>: a key in Key Vault, <c>https://{vault}/keys/{name}</c>, that wraps the keys which seal.</summary>
internal sealed class KeyVaultEncryption
{
    /// <summary>The setting's name.</summary>
    public const string Setting = "Ingestion:EncryptionKey";

    readonly Lazy<DataKeys?> _keys;

    public KeyVaultEncryption(IConfiguration settings, OpenKeyVault open, TimeProvider time, ILogger<DataKeys> logger, StorageClients? storage)
    {
        _keys = new(() =>
        {
            if (settings[Setting] is not { Length: > 0 } text)
                return null;
            var key = VaultKeyClient.ParseKey(text) ?? throw Fail("setting-invalid", $"The setting 'Ingestion__EncryptionKey' is '{text}': expected the address of a key such as https://name.vault.azure.net/keys/client-encryption, without a version.");
            return storage is null
                ? throw Fail("setting-missing", "'Ingestion__EncryptionKey' is set, but there is no storage account to keep the wrapped keys in.")
                : new DataKeys(new(key, open, settings["KeyVault:clientId"] ?? settings[AzureIdentities.ProcessClientId]), storage.Tables, time, logger);
        });
    }

    /// <summary>The keys; null when the setting is not there.</summary>
    /// <exception cref="StepFailedException">The setting is no key's address.</exception>
    public DataKeys? Keys => _keys.Value;

    static StepFailedException Fail(string code, string message) => new(new() { Code = code, Message = message });
}

/// <summary>Registers encryption by Key Vault.</summary>
internal static class EncryptionRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="KeyVaultEncryption"/>, which is there without the setting and then has no keys.</summary>
        public IServiceCollection AddEncryption()
        {
            services.TryAddSingleton<OpenKeyVault>(provider =>
            {
                var settings = provider.GetRequiredService<IConfiguration>();
                return _ => (AzureIdentities.Of(settings.GetSection("KeyVault"), settings[AzureIdentities.ProcessClientId]), new VaultOptions());
            });
            services.AddSingleton(provider => new KeyVaultEncryption(
                provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<OpenKeyVault>(), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<DataKeys>>(), provider.GetService<StorageClients>()));
            return services.AddSingleton<VaultAccess>();
        }
    }

    sealed class VaultOptions : ClientOptions;
}
