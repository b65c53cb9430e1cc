using DataIngestion.Contracts;
using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Tables;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Queues, containers, hubs, consumer groups and functions are called as the code calls them.</summary>
internal sealed class NamesAreThoseOfTheCode : IRule
{
    // Event Grid's own, for what it cannot deliver.
    const string UndeliveredEvents = "undelivered-events";

    public IEnumerable<string> Check(Deployment deployment)
    {
        foreach (var host in Accounts.HostsOf(deployment))
        {
            // The apps make their queues themselves; the template only those that something else fills.
            foreach (var stranger in Children(deployment, host, "queueServices/queues").Except(Code.Queues))
                yield return $"{host} has a queue '{stranger}', which no code uses.";
        }

        foreach (var subscription in deployment.OfType("Microsoft.EventGrid/systemTopics/eventSubscriptions").Where(s => s.Text("properties.deliveryWithResourceIdentity.destination.endpointType") == "StorageQueue"))
        {
            var (account, queue) = (subscription.Text("properties.deliveryWithResourceIdentity.destination.properties.resourceId"), subscription.Text("properties.deliveryWithResourceIdentity.destination.properties.queueName"));
            if (queue is null || !Code.Queues.Contains(queue))
                yield return $"{subscription} delivers to the queue '{queue}', which no code reads.";
            if (deployment.Find($"{account}/queueServices/default/queues/{queue}") is null)
                yield return $"{subscription} delivers to the queue '{queue}', which is not on the account {account}.";
        }

        foreach (var data in Accounts.DataOf(deployment))
        {
            foreach (var missing in Containers.All.Except(Children(deployment, data, "blobServices/containers")))
                yield return $"{data} has no container '{missing}', which the code in Contracts/Ids/Names.cs uses.";
            foreach (var stranger in Children(deployment, data, "blobServices/containers").Except([.. Containers.All, UndeliveredEvents]))
                yield return $"{data} has a container '{stranger}', which no code uses.";
        }

        foreach (var (hub, group) in Code.EventHubTriggers)
        {
            if (!deployment.OfType("Microsoft.EventHub/namespaces/eventhubs").Any(h => h.Leaf == hub))
                yield return $"There is no Event Hub '{hub}', which a function listens to.";
            if (!deployment.OfType("Microsoft.EventHub/namespaces/eventhubs/consumergroups").Any(g => g.Name.EndsWith($"/{hub}/{group}", StringComparison.Ordinal)))
                yield return $"The Event Hub '{hub}' has no consumer group '{group}', which a function listens with.";
        }

        foreach (var app in deployment.Apps)
        {
            var known = Code.FunctionsOf(app.Service).Select(f => $"function:{f}").Concat(["http", "durable", "blob"]).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var group in app.Site.List("properties.functionAppConfig.scaleAndConcurrency.alwaysReady").Select(g => g["name"]!.ToString()).Where(g => !known.Contains(g)))
                yield return $"{app.Site}: alwaysReady names '{group}', but the app has no such function or group.";
        }
    }

    static IEnumerable<string> Children(Deployment deployment, AzureResource account, string type) =>
        deployment.OfType($"Microsoft.Storage/storageAccounts/{type}").Where(c => c.Name.StartsWith(account.Name + "/", StringComparison.Ordinal)).Select(c => c.Leaf);
}
