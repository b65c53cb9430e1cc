using DataIngestion.Connect;
using DataIngestion.Observe;
using DataIngestion.Storage.Access;

namespace DataIngestion.Agents.Health;

/// <summary>Does Key Vault give the vendors' secrets?</summary>
internal sealed class VaultSecretsProbe(VaultAccess vault) : AccessProbe
{
    public override string Name => "key-vault:secrets";

    protected override AzureResource? Resource => vault.Secrets;

    protected override async Task<HealthAnswer> AskAsync(CancellationToken cancellationToken)
    {
        await vault.CheckSecretsAsync(cancellationToken);
        return new(HealthStatus.Pass);
    }
}

/// <summary>Does Key Vault wrap and unwrap the keys that tokens are sealed with?</summary>
internal sealed class VaultKeyProbe(VaultAccess vault) : AccessProbe
{
    public override string Name => "key-vault:key";

    protected override AzureResource? Resource => vault.Key;

    protected override async Task<HealthAnswer> AskAsync(CancellationToken cancellationToken)
    {
        await vault.CheckKeyAsync(cancellationToken);
        return new(HealthStatus.Pass);
    }
}
