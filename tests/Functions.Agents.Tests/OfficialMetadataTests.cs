using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.Agents.Tests;

/// <summary>
/// Compares what the official build indexed with what our declarations say. <c>OFFICIAL_METADATA</c> names the output folders of both apps'
/// Azure build, separated like a search path; each holds a <c>functions.metadata</c>.
/// </summary>
public sealed class OfficialMetadataTests
{
    static readonly string? Folders = Environment.GetEnvironmentVariable("OFFICIAL_METADATA");

    public static bool HasMetadata => !string.IsNullOrEmpty(Folders);

    [Fact(Skip = "OFFICIAL_METADATA names no output of the Azure build, so the functions were compared with nothing. docs/azure-local.md says how to make one.",
        SkipUnless = nameof(HasMetadata))]
    public void The_official_build_indexes_the_same_functions_with_the_same_bindings()
    {
        var official = Folders!.Split(Path.PathSeparator).SelectMany(folder => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "functions.metadata")))!.AsArray())
            .Select(f => Describe(f!["name"]!.ToString(), f["entryPoint"]!.ToString(), f["bindings"]!.AsArray().Select(b => Binding(b!))));
        var ours = AppFunctions.All.Select(m => Describe(AppFunctions.Name(m), $"{m.DeclaringType!.FullName}.{m.Name}", Bindings(m)));

        Assert.Equal(ours.Order(StringComparer.Ordinal), official.Order(StringComparer.Ordinal));
    }

    static string Describe(string name, string entryPoint, IEnumerable<string> bindings) => $"{name} {entryPoint} {string.Join(' ', bindings.Order(StringComparer.Ordinal))}";

    static string Binding(JsonNode binding) => $"{binding["type"]}:{binding["name"]}:{binding["direction"]}:{Source(binding)}";

    // Where it comes from or goes to, in whatever property the extension keeps that.
    static string Source(JsonNode binding) => string.Join(',', new[] { "queueName", "path", "eventHubName", "consumerGroup", "connection", "schedule", "authLevel", "route", "methods" }
        .Select(p => binding[p]).OfType<JsonNode>().Select(v => v is JsonArray many ? string.Join('+', many.Select(m => m!.ToString())) : v.ToString()));

    static IEnumerable<string> Bindings(MethodInfo method)
    {
        foreach (var (parameter, attribute) in AppFunctions.Triggers(method))
            yield return $"{Kind(attribute)}:{parameter.Name}:In:{Source(attribute)}";
        foreach (var client in method.GetParameters().Where(p => p.IsDefined(typeof(DurableClientAttribute))))
            yield return $"durableClient:{client.Name}:In:";
        foreach (var output in AppFunctions.Outputs(method))
            yield return $"{Kind(output).Replace("Output", "", StringComparison.Ordinal)}:$return:Out:{Source(output)}";
        if (AppFunctions.Triggers(method).Any(t => t.Attribute is HttpTriggerAttribute))
            yield return "http:$return:Out:";
    }

    static string Kind(Attribute attribute) => char.ToLowerInvariant(attribute.GetType().Name[0]) + attribute.GetType().Name[1..^"Attribute".Length];

    static string Source(Attribute attribute) => string.Join(',', new[]
    {
        attribute switch
        {
            QueueTriggerAttribute queue => queue.QueueName,
            QueueOutputAttribute queue => queue.QueueName,
            BlobTriggerAttribute blob => blob.BlobPath,
            EventHubTriggerAttribute hub => hub.EventHubName,
            EventHubOutputAttribute hub => hub.EventHubName,
            _ => null,
        },
        (attribute as EventHubTriggerAttribute)?.ConsumerGroup,
        (string?)attribute.GetType().GetProperty("Connection")?.GetValue(attribute),
        (attribute as TimerTriggerAttribute)?.Schedule,
        (attribute as HttpTriggerAttribute)?.AuthLevel.ToString(),
        (attribute as HttpTriggerAttribute)?.Route,
        attribute is HttpTriggerAttribute { Methods: { } methods } ? string.Join('+', methods) : null,
    }.OfType<string>());
}
