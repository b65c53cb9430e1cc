using System.Reflection;
using System.Text.Json.Nodes;
using DataIngestion.TestKit;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Tests;

public sealed class HubClientTests
{
    // An orchestrator, activity or entity in this app would take work from the managers' app, which shares its task hub.
    [Fact]
    public void The_agents_app_and_everything_it_references_has_nothing_that_a_task_hub_would_run()
    {
        var workers = AppFunctions.Agents.Where(RunsInAHub);

        Assert.True(AppFunctions.Agents.Count > 15, "The functions of the app were not found, so this test would prove nothing.");
        Assert.Empty(workers.Select(m => $"{m.DeclaringType}.{m.Name}"));
    }

    [Fact]
    public void The_orchestrators_app_has_all_that_the_hub_runs()
    {
        var kinds = AppFunctions.Orchestrators.Where(RunsInAHub).Select(m => AppFunctions.Triggers(m).Single().Attribute.GetType()).Distinct();

        Assert.Equal([nameof(ActivityTriggerAttribute), nameof(OrchestrationTriggerAttribute)], kinds.Select(k => k.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Both_apps_name_one_hub_one_store_and_one_connection()
    {
        var agents = DurableTask("Functions.Agents");
        var orchestrators = DurableTask("Functions.Orchestrators");

        Assert.NotNull(agents["hubName"]);
        Assert.Equal(orchestrators["hubName"]!.ToString(), agents["hubName"]!.ToString());
        foreach (var setting in (string[])["type", "connectionName", "connectionStringName", "partitionCount"])
            Assert.Equal(orchestrators["storageProvider"]?[setting]?.ToString(), agents["storageProvider"]?[setting]?.ToString());
    }

    // A hub or connection of its own on one parameter would talk past the app's settings.
    [Fact]
    public void No_client_names_a_hub_or_a_connection_of_its_own()
    {
        var clients = AppFunctions.All.SelectMany(m => m.GetParameters()).Select(p => (Parameter: p, Client: p.GetCustomAttribute<DurableClientAttribute>())).Where(p => p.Client is not null).ToList();

        Assert.NotEmpty(clients);
        Assert.Empty(clients.Where(p => p.Client!.TaskHub is not null || p.Client.ConnectionName is not null).Select(p => $"{p.Parameter.Member.DeclaringType}.{p.Parameter.Member.Name}"));
    }

    static bool RunsInAHub(MethodInfo function) => function.GetParameters().Any(p => p.GetCustomAttributes().Any(a =>
        a is OrchestrationTriggerAttribute or ActivityTriggerAttribute || a.GetType().Name == "EntityTriggerAttribute"));

    static JsonNode DurableTask(string app) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", app, "host.json")))!["extensions"]!["durableTask"]!;
}
