using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Tests;

public sealed class HubClientTests
{
    // An orchestrator, activity or entity in this app would take work from the managers' app, which shares its task hub.
    [Fact]
    public void The_agents_app_and_everything_it_references_has_nothing_that_a_task_hub_would_run()
    {
        var loaded = new Dictionary<string, Assembly>(StringComparer.Ordinal);
        Load(typeof(AgentsRegistration).Assembly, loaded);

        var functions = loaded.Values.SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => m.GetCustomAttribute<FunctionAttribute>() is not null)
            .ToList();
        var workers = functions.Where(m => m.GetParameters().Any(p => p.GetCustomAttributes().Any(a =>
            a is OrchestrationTriggerAttribute or ActivityTriggerAttribute || a.GetType().Name == "EntityTriggerAttribute")));

        Assert.True(functions.Count > 15, "The functions of the app were not found, so this test would prove nothing.");
        Assert.Empty(workers.Select(m => $"{m.DeclaringType}.{m.Name}"));
    }

    static void Load(Assembly assembly, Dictionary<string, Assembly> loaded)
    {
        if (!loaded.TryAdd(assembly.GetName().Name!, assembly))
            return;
        foreach (var reference in assembly.GetReferencedAssemblies().Where(r => r.Name!.StartsWith("DataIngestion", StringComparison.Ordinal)))
            Load(Assembly.Load(reference), loaded);
    }
}
