using System.Reflection;
using DataIngestion.Agents;
using DataIngestion.Orchestrators;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Infra.Tests.Tables;

/// <summary>What the apps' code says of itself.</summary>
internal static class Code
{
    static readonly Dictionary<string, Assembly> Apps = new() { ["agents"] = typeof(AgentsRegistration).Assembly, ["orchestrators"] = typeof(OrchestratorsRegistration).Assembly };

    /// <summary>The services of azure.yaml, by the name that their apps are tagged with.</summary>
    public static IReadOnlyCollection<string> Services => Apps.Keys;

    /// <summary>Hubs that functions listen to, and the consumer group that each uses.</summary>
    public static IReadOnlyList<(string Hub, string Group)> EventHubTriggers { get; } =
        [.. Apps.Values.SelectMany(Methods).SelectMany(m => m.GetParameters()).Select(p => p.GetCustomAttribute<EventHubTriggerAttribute>()).OfType<EventHubTriggerAttribute>().Select(t => (t.EventHubName, t.ConsumerGroup ?? "$Default"))];

    /// <summary>Queues that functions listen to.</summary>
    public static IReadOnlySet<string> Queues { get; } =
        Apps.Values.SelectMany(Methods).SelectMany(m => m.GetParameters()).Select(p => p.GetCustomAttribute<QueueTriggerAttribute>()).OfType<QueueTriggerAttribute>().Select(t => t.QueueName).ToHashSet();

    /// <summary>The functions of an app.</summary>
    public static IEnumerable<string> FunctionsOf(string service) =>
        Apps.TryGetValue(service, out var app) ? Methods(app).Select(m => m.GetCustomAttribute<FunctionAttribute>()).OfType<FunctionAttribute>().Select(f => f.Name) : [];

    static IEnumerable<MethodInfo> Methods(Assembly assembly) =>
        assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly));
}
