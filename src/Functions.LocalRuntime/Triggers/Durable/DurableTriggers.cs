using System.Reflection;
using System.Text.Json;
using DataIngestion.LocalRuntime.Durable;
using Microsoft.DurableTask;

namespace DataIngestion.LocalRuntime.Triggers.Durable;

/// <summary>An orchestrator: <c>TaskOrchestrationContext</c> and, if it likes, its input as a further parameter.</summary>
internal sealed record OrchestrationTrigger(string Name) : TriggerBinding("orchestrationTrigger", Name)
{
    public override ParameterBinder? BindTrigger(TriggerSite site) => site.Parameter.ParameterType == typeof(TaskOrchestrationContext)
        ? context => ValueTask.FromResult<object?>(context.Payload)
        : site.WrongType("TaskOrchestrationContext");

    public override ParameterBinder? BindPlain(ParameterInfo parameter, TriggerSite site, Action<string> fault)
    {
        var plain = site.Method.GetParameters().Where(p => p != site.Parameter && DurableInput.IsInput(p)).ToList();
        if (plain.Count > 1)
        {
            fault($"an orchestrator has one input; {string.Join(" and ", plain.Select(p => $"'{p.Name}'"))} both ask for it.");
            return null;
        }

        var read = typeof(OrchestrationTrigger).GetMethod(nameof(Read), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(parameter.ParameterType)
            .CreateDelegate<Func<TaskOrchestrationContext, object?>>();
        return context => ValueTask.FromResult(read((TaskOrchestrationContext)context.Payload));
    }

    static object? Read<T>(TaskOrchestrationContext context) => context.GetInput<T>();
}

/// <summary>An activity: its input, read from JSON.</summary>
internal sealed record ActivityTrigger(string Name) : TriggerBinding("activityTrigger", Name)
{
    public override IReadOnlySet<string> DataNames { get; } = new HashSet<string>(StringComparer.Ordinal) { "instanceId" };

    public override ParameterBinder? BindTrigger(TriggerSite site)
    {
        var type = site.Parameter.ParameterType;
        return context => ValueTask.FromResult(Read(((ActivityCall)context.Payload).SerializedInput, type));
    }

    static object? Read(string? json, Type type)
    {
        if (json is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize(json, type, DurableJson.Options);
        }
        catch (JsonException wrong)
        {
            throw new BindingException($"the activity's input does not fit {type.Name}: {wrong.Message}", wrong);
        }
    }
}

internal static class DurableInput
{
    /// <summary>Whether a parameter of an orchestrator asks for its input.</summary>
    public static bool IsInput(ParameterInfo parameter) =>
        parameter.ParameterType != typeof(CancellationToken)
        && parameter.ParameterType != typeof(Microsoft.Azure.Functions.Worker.FunctionContext)
        && !parameter.IsDefined(typeof(Microsoft.Azure.Functions.Worker.Extensions.Abstractions.BindingAttribute), inherit: true);
}
