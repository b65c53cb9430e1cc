using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Tables;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Nothing in prod and preprod answers on a public address.</summary>
internal sealed class NoPublicAccess : IRule
{
    public IEnumerable<string> Check(Deployment deployment)
    {
        foreach (var account in deployment.OfType("Microsoft.Storage/storageAccounts").Where(a => a.Text("properties.allowBlobPublicAccess") != "false"))
            yield return $"{account}: properties.allowBlobPublicAccess must be false; nobody reads a blob without signing in.";

        if (!deployment.IsProduction)
            yield break;

        foreach (var resource in deployment.Resources)
        {
            foreach (var path in ResourceKinds.Find(resource.Type)?.PublicAccess ?? [])
            {
                if (!"Disabled".Equals(resource.Text(path), StringComparison.OrdinalIgnoreCase))
                    yield return $"{resource}: {path} is '{resource.Text(path) ?? "not set"}' in {deployment.Environment}; set 'Disabled' and reach it through a private endpoint.";
            }
        }

        // Queues belong to the stamps' accounts.
        var hosts = Accounts.HostsOf(deployment);
        foreach (var type in PrivateEndpoints.Groups)
        {
            foreach (var resource in deployment.OfType(type.Key))
            {
                var reached = deployment.OfType("Microsoft.Network/privateEndpoints")
                    .SelectMany(e => e.List("properties.privateLinkServiceConnections"))
                    .Where(c => resource.Id.Equals(c["properties"]?["privateLinkServiceId"]?.ToString(), StringComparison.OrdinalIgnoreCase))
                    .SelectMany(c => c["properties"]?["groupIds"]?.AsArray() ?? [])
                    .Select(g => g!.ToString())
                    .ToHashSet(StringComparer.OrdinalIgnoreCase);
                var wanted = hosts.Contains(resource) ? type.Value.Append("queue") : type.Value;
                foreach (var group in wanted.Where(g => !reached.Contains(g)))
                    yield return $"{resource} has no private endpoint for '{group}', so nobody could reach it in {deployment.Environment}.";
            }
        }
    }
}
