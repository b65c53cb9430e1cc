using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Tables;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Exactly the roles that code needs, each on the one thing that it is needed for, for principals of ours.</summary>
internal sealed class RolesAreNeeded : IRule
{
    static readonly string[] Never = ["Owner", "Contributor", "User Access Administrator", "Role Based Access Control Administrator"];

    public IEnumerable<string> Check(Deployment deployment)
    {
        var places = Places(deployment);
        var given = new HashSet<(string Principal, string Role, string Place)>();

        foreach (var assignment in deployment.OfType("Microsoft.Authorization/roleAssignments"))
        {
            var id = assignment.Text("properties.roleDefinitionId") ?? "";
            var role = NeededRoles.Names.GetValueOrDefault(id[(id.LastIndexOf('/') + 1)..], id);
            var principal = PrincipalOf(deployment, assignment.Text("properties.principalId"));
            var scope = assignment.Scope ?? "";

            if (Never.Contains(role))
                yield return $"The role '{role}' for {principal ?? "somebody"} on {scope} is more than any code needs; take one of {nameof(NeededRoles)}.";
            else if (deployment.Find(scope) is null)
                yield return $"The role '{role}' for {principal ?? "somebody"} is not scoped to a resource of this deployment but to '{scope}'; set scope: to the one resource it is for.";
            else if (principal is null)
                yield return $"The role '{role}' on {scope} goes to '{assignment.Text("properties.principalId")}', which is no identity of ours.";
            else if (!places.TryGetValue(scope, out var on) || !NeededRoles.All.Any(n => n.Principal == principal && n.Role == role && n.On == on))
                yield return $"The role '{role}' for {principal} on {scope} is in no row of {nameof(NeededRoles)}: remove it, or add the row with the code that needs it.";
            else if (!given.Add((principal, role, scope)))
                yield return $"The role '{role}' for {principal} on {scope} is assigned twice.";

            if (principal != "somebody" && assignment.Text("properties.principalType") is not "ServicePrincipal")
                yield return $"The role '{role}' on {scope}: set principalType: 'ServicePrincipal', or a new identity is not found yet when it is assigned.";
        }

        foreach (var needed in NeededRoles.All.Where(n => !n.IsOptional))
        {
            foreach (var (place, _) in places.Where(p => p.Value == needed.On && Concerns(deployment, needed, p.Key)))
            {
                if (!given.Contains((needed.Principal, needed.Role, place)))
                    yield return $"{needed.Principal} need the role '{needed.Role}' on {place}: {needed.Reason}.";
            }
        }
    }

    // Resources that roles are for, by what they are to the code.
    static Dictionary<string, string> Places(Deployment deployment)
    {
        var places = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var account in Accounts.HostsOf(deployment))
            places[account.Id] = "host";
        foreach (var account in Accounts.DataOf(deployment))
            places[account.Id] = "data";
        var listenedTo = Code.EventHubTriggers.Select(t => t.Hub).ToHashSet();
        foreach (var hub in deployment.OfType("Microsoft.EventHub/namespaces/eventhubs").Where(h => listenedTo.Contains(h.Leaf)))
            places[hub.Id] = "hub";
        foreach (var group in deployment.OfType("Microsoft.EventHub/namespaces/eventhubs/consumergroups"))
            places[group.Id] = "consumergroup";
        foreach (var scheduler in deployment.OfType("Microsoft.DurableTask/schedulers"))
            places[scheduler.Id] = "scheduler";
        foreach (var hub in deployment.OfType("Microsoft.DurableTask/schedulers/taskHubs"))
            places[hub.Id] = "taskhub";
        foreach (var queue in deployment.OfType("Microsoft.Storage/storageAccounts/queueServices/queues"))
            places[queue.Id] = $"queue:{queue.Leaf}";
        foreach (var container in deployment.OfType("Microsoft.Storage/storageAccounts/blobServices/containers"))
            places[container.Id] = $"container:{container.Leaf}";
        foreach (var vault in deployment.OfType("Microsoft.KeyVault/vaults"))
            places[vault.Id] = "vault";
        foreach (var key in deployment.OfType("Microsoft.KeyVault/vaults/keys"))
            places[key.Id] = $"key:{key.Leaf}";
        foreach (var component in deployment.OfType("Microsoft.Insights/components"))
            places[component.Id] = "component";
        return places;
    }

    // Events of dropped files go to the active stamp alone.
    static bool Concerns(Deployment deployment, NeededRole needed, string place) =>
        needed.On != "queue:dropped-files"
        || deployment.OfType("Microsoft.EventGrid/systemTopics/eventSubscriptions").Any(s =>
            s.Text("properties.deliveryWithResourceIdentity.destination.properties.resourceId") is { } account && place.StartsWith(account + "/", StringComparison.OrdinalIgnoreCase));

    static string? PrincipalOf(Deployment deployment, string? expression)
    {
        if (Guid.TryParse(expression, out _))
            return "somebody";
        if (FunctionApp.NameOfIdentity(expression) is not { } identity)
            return expression?.Contains("Microsoft.EventGrid/systemTopics", StringComparison.OrdinalIgnoreCase) is true ? "eventgrid" : null;

        return deployment.Apps.FirstOrDefault(a => a.Identities.Contains(identity))?.Service
            ?? (Accounts.DataOf(deployment).Any(a => a.Json.ToJsonString().Contains($"userAssignedIdentities/{identity}", StringComparison.OrdinalIgnoreCase)) ? "storage" : null);
    }
}
