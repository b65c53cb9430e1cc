using DataIngestion.Infra.Tests.Bicep;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>TLS 1.2 or later everywhere, and nothing over plain HTTP or FTP.</summary>
internal sealed class EncryptedTransport : IRule
{
    static readonly Requirement[] Requirements =
    [
        new("Microsoft.Storage/storageAccounts", "properties.minimumTlsVersion", ["TLS1_2", "TLS1_3"], "older versions of TLS are broken."),
        new("Microsoft.Storage/storageAccounts", "properties.supportsHttpsTrafficOnly", ["true"], "nothing is read in the clear."),
        new("Microsoft.EventHub/namespaces", "properties.minimumTlsVersion", ["1.2", "1.3"], "older versions of TLS are broken."),
        new("Microsoft.Web/sites", "properties.httpsOnly", ["true"], "nothing is read in the clear."),
        new("Microsoft.Web/sites", "properties.siteConfig.minTlsVersion", ["1.2", "1.3"], "older versions of TLS are broken."),
        new("Microsoft.Web/sites", "properties.siteConfig.scmMinTlsVersion", ["1.2", "1.3"], "the deployment site is an entrance as well."),
        new("Microsoft.Web/sites", "properties.siteConfig.ftpsState", ["Disabled"], "nobody deploys over FTP."),
        new("Microsoft.Web/sites", "properties.siteConfig.remoteDebuggingEnabled", ["absent", "false"], "a debugger is an entrance."),
        new("Microsoft.EventGrid/systemTopics", "properties.minimumTlsVersionAllowed", ["absent", "1.2"], "older versions of TLS are broken."),
    ];

    public IEnumerable<string> Check(Deployment deployment) => Requirements.SelectMany(r => r.Check(deployment));
}
