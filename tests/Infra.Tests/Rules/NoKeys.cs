using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Identities everywhere: no shared keys, no local users, no publishing passwords.</summary>
internal sealed class NoKeys : IRule
{
    static readonly string[] Publishing = ["ftp", "scm"];

    static readonly Requirement[] Requirements =
    [
        new("Microsoft.Storage/storageAccounts", "properties.allowSharedKeyAccess", ["false"], "a key opens everything, to anybody, for ever."),
        new("Microsoft.Storage/storageAccounts", "properties.defaultToOAuthAuthentication", ["true"], "the portal has no key to fall back to."),
        new("Microsoft.Storage/storageAccounts", "properties.isLocalUserEnabled", ["false", "absent"], "local users have passwords."),
        new("Microsoft.Storage/storageAccounts", "properties.isSftpEnabled", ["false", "absent"], "local users have passwords."),
        new("Microsoft.EventHub/namespaces", "properties.disableLocalAuth", ["true"], "shared access signatures are keys."),
        new("Microsoft.EventHub/namespaces/authorizationRules", "name", ["absent"], "shared access signatures are keys."),
        new("Microsoft.EventHub/namespaces/eventhubs/authorizationRules", "name", ["absent"], "shared access signatures are keys."),
        new("Microsoft.KeyVault/vaults", "properties.enableRbacAuthorization", ["true"], "access policies cannot be scoped to one secret."),
        new("Microsoft.KeyVault/vaults", "properties.accessPolicies", ["absent", "[]"], "access policies cannot be scoped to one secret."),
        new("Microsoft.KeyVault/vaults/secrets", "name", ["absent"], "a secret in a template is read by everybody who reads deployments."),
        new("Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth", ["true"], "workspace keys are keys."),
        new("Microsoft.Insights/components", "properties.DisableLocalAuth", ["true"], "an instrumentation key lets anybody write telemetry."),
        new("Microsoft.EventGrid/topics", "properties.disableLocalAuth", ["true"], "topic keys are keys."),
        new("Microsoft.Web/sites", "properties.functionAppConfig.deployment.storage.authentication.type", ["UserAssignedIdentity", "SystemAssignedIdentity"], "the package is read without a key."),
    ];

    public IEnumerable<string> Check(Deployment deployment)
    {
        foreach (var broken in Requirements.SelectMany(r => r.Check(deployment)))
            yield return broken;

        foreach (var site in deployment.OfType("Microsoft.Web/sites"))
        {
            foreach (var kind in Publishing)
            {
                var policy = deployment.Find($"{site.Id}/basicPublishingCredentialsPolicies/{kind}");
                if (policy?.Text("properties.allow") != "false")
                    yield return $"{site}: add basicPublishingCredentialsPolicies '{kind}' with allow: false; publishing passwords are keys.";
            }
        }

        foreach (var app in deployment.Apps)
        {
            foreach (var (name, value) in app.Settings)
            {
                if (value.Contains("AccountKey=", StringComparison.OrdinalIgnoreCase) || value.Contains("SharedAccess", StringComparison.OrdinalIgnoreCase) || value.Contains("listKeys", StringComparison.OrdinalIgnoreCase))
                    yield return $"{app.Site}: the setting {name} holds a key; use the identity (__accountName or __fullyQualifiedNamespace with __credential).";
            }
        }
    }
}
