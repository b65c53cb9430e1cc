using System.Collections.Concurrent;
using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>Opens a vault.</summary>
internal delegate SecretClient OpenVault(Uri vault);

/// <summary>Secrets in the Azure Key Vault of the setting <c>KeyVault__uri</c>, read with the identity that the process has.</summary>
internal sealed class KeyVaultSecrets(IConfiguration settings, OpenVault open) : ISecretStore
{
    readonly ConcurrentDictionary<Uri, SecretClient> _vaults = [];

    public string Prefix => SecretReference.KeyVault;

    /// <summary>The vault with the identity of the process (<c>AZURE_CLIENT_ID</c>), or of <c>KeyVault__clientId</c>: a managed or workload identity in Azure, the signed-in developer elsewhere.</summary>
    public static OpenVault With(IConfiguration settings) => vault => new(vault, AzureIdentities.Of(settings.GetSection("KeyVault"), settings[AzureIdentities.ProcessClientId]));

    public async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(settings["KeyVault:uri"], UriKind.Absolute, out var vault) || vault.Scheme != "https")
            throw Fail("setting-missing", $"The secret '{name}' is in Key Vault, but the setting 'KeyVault__uri' is not its address: expected one such as https://name.vault.azure.net.");
        var (secret, version) = name.Split('/') is [var first, var second] ? (first, second) : (name, null);
        try
        {
            return (await _vaults.GetOrAdd(vault, address => open(address)).GetSecretAsync(secret, version, cancellationToken: cancellationToken)).Value.Value;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException fault) when (fault.Status is 0 or 408 or 429 or >= 500)
        {
            throw Fail("secret-unavailable", $"Key Vault at '{vault.Host}' does not give the secret '{name}' now ({Said(fault)}).", isTransient: true, fault);
        }
        catch (RequestFailedException fault)
        {
            throw Fail("secret-refused", $"Key Vault at '{vault.Host}' refuses the secret '{name}' ({Said(fault)}): the identity of this process needs the role 'Key Vault Secrets User', and the secret must be enabled.", cause: fault);
        }
        catch (AuthenticationFailedException fault)
        {
            throw Fail("secret-refused", $"The secret '{name}' is in Key Vault at '{vault.Host}', but this process has no identity that Azure accepts: give it a managed identity, or sign in with 'az login'.", cause: fault);
        }
    }

    static string Said(RequestFailedException fault) => fault.Status == 0 ? "no answer" : $"{fault.Status} {fault.ErrorCode}".TrimEnd();

    static StepFailedException Fail(string code, string message, bool isTransient = false, Exception? cause = null) =>
        new(new() { Code = code, Message = message, IsTransient = isTransient, ErrorType = cause?.GetType().Name });
}
