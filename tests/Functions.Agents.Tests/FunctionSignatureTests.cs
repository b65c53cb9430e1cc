using System.Reflection;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DataIngestion.Agents.Tests;

/// <summary>What the official worker, its extensions and the Functions host ask of a function; docs/azure-local.md lists where they say so.</summary>
public sealed partial class FunctionSignatureTests
{
    static readonly string[] QueueMetadata = ["id", "dequeueCount", "expirationTime", "insertionTime", "nextVisibleTime", "popReceipt"];

    public static TheoryData<string> Functions => [.. AppFunctions.All.Select(Key)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_is_one_that_the_worker_can_call(string function)
    {
        var method = Find(function);

        Assert.Matches(FunctionName(), AppFunctions.Name(method));
        Assert.True(method is { IsPublic: true, IsGenericMethodDefinition: false } && method.DeclaringType is { IsVisible: true, ContainsGenericParameters: false }, "a public method of a public class was expected");
        Assert.False(method.ReturnType == typeof(void) && method.IsDefined(typeof(System.Runtime.CompilerServices.AsyncStateMachineAttribute), inherit: false), "async void");
        Assert.Single(AppFunctions.Triggers(method));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_parameter_is_of_a_type_that_is_bound(string function)
    {
        var method = Find(function);
        var (trigger, attribute) = AppFunctions.Triggers(method).Single();

        Assert.True(TriggerTakes(attribute, trigger.ParameterType), $"{attribute.GetType().Name} {trigger.ParameterType.Name} {trigger.Name}");
        foreach (var parameter in method.GetParameters().Where(p => p != trigger))
            Assert.True(IsBound(parameter, attribute), $"nothing gives {parameter.ParameterType.Name} {parameter.Name} a value");
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void What_a_function_returns_goes_somewhere(string function)
    {
        var method = Find(function);
        var returned = AppFunctions.Returned(method);

        switch (AppFunctions.Triggers(method).Single().Attribute)
        {
            case HttpTriggerAttribute:
                Assert.True(typeof(IActionResult).IsAssignableFrom(returned), "an IActionResult was expected");
                break;
            case OrchestrationTriggerAttribute or ActivityTriggerAttribute:
                Assert.Empty(AppFunctions.Outputs(method));
                break;
            default:
                Assert.Equal(returned != typeof(void), AppFunctions.Outputs(method).Any());
                break;
        }
    }

    [Fact]
    public void Names_are_unique_in_each_app_without_regard_to_case()
    {
        foreach (var app in (IReadOnlyList<MethodInfo>[])[AppFunctions.Agents, AppFunctions.Orchestrators])
            Assert.Equal(app.Count, app.Select(AppFunctions.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    // Storage takes 3 to 63 lower-case letters, digits and single hyphens; the host would only say so at the first message.
    [Fact]
    public void Queues_have_names_that_storage_takes_also_when_poisoned()
    {
        var queues = AppFunctions.All.Select(m => AppFunctions.Triggers(m).Single().Attribute).OfType<QueueTriggerAttribute>().Select(q => q.QueueName).ToList();

        Assert.NotEmpty(queues);
        Assert.All(queues, name => Assert.Matches(QueueName(), name));
        Assert.All(queues.Where(name => !name.EndsWith("-poison", StringComparison.Ordinal)), name => Assert.True(name.Length + "-poison".Length <= 63, name));
    }

    static bool TriggerTakes(object attribute, Type type) => attribute switch
    {
        HttpTriggerAttribute => type == typeof(HttpRequest),
        TimerTriggerAttribute => type == typeof(TimerInfo),
        QueueTriggerAttribute => type == typeof(QueueMessage) || IsText(type) || IsPoco(type),
        BlobTriggerAttribute => type == typeof(BlobClient) || type == typeof(Stream) || IsText(type) || IsPoco(type),
        EventHubTriggerAttribute { IsBatched: true } => type.IsArray && (IsText(type.GetElementType()!) || IsPoco(type.GetElementType()!)),
        EventHubTriggerAttribute => IsText(type) || IsPoco(type),
        OrchestrationTriggerAttribute => type == typeof(TaskOrchestrationContext),
        ActivityTriggerAttribute => true, // whatever JSON holds
        _ => false,
    };

    static bool IsBound(ParameterInfo parameter, object trigger)
    {
        if (parameter.ParameterType == typeof(FunctionContext) || parameter.ParameterType == typeof(CancellationToken))
            return true;
        if (parameter.IsDefined(typeof(DurableClientAttribute)))
            return parameter.ParameterType == typeof(DurableTaskClient);
        return trigger switch
        {
            OrchestrationTriggerAttribute => true, // its input
            HttpTriggerAttribute http => Words(http.Route).Contains(parameter.Name, StringComparer.OrdinalIgnoreCase),
            BlobTriggerAttribute blob => Words(blob.BlobPath).Contains(parameter.Name, StringComparer.OrdinalIgnoreCase),
            QueueTriggerAttribute => QueueMetadata.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase),
            _ => false,
        };
    }

    static IEnumerable<string> Words(string? pattern) => Word().Matches(pattern ?? "").Select(m => m.Groups[1].Value);

    static bool IsText(Type type) => type == typeof(string) || type == typeof(byte[]) || type == typeof(BinaryData);

    static bool IsPoco(Type type) => type is { IsClass: true, IsAbstract: false } && type.Namespace!.StartsWith("DataIngestion", StringComparison.Ordinal);

    static string Key(MethodInfo method) => $"{method.DeclaringType!.Assembly.GetName().Name}/{AppFunctions.Name(method)}";

    static MethodInfo Find(string function) => AppFunctions.All.Single(m => Key(m) == function);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,126}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FunctionName();

    [GeneratedRegex("^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QueueName();

    [GeneratedRegex(@"\{\*{0,2}(\w+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
