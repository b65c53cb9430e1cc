using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>An instance as the management API shows it.</summary>
internal sealed record InstanceStatus(
    string Name,
    string InstanceId,
    string RuntimeStatus,
    JsonNode? Input,
    JsonNode? CustomStatus,
    JsonNode? Output,
    string CreatedTime,
    string LastUpdatedTime,
    IReadOnlyList<JsonObject>? HistoryEvents)
{
    public static InstanceStatus From(OrchestrationMetadata instance, bool showInput, IReadOnlyList<JsonObject>? history) => new(
        instance.Name,
        instance.InstanceId,
        instance.RuntimeStatus.ToString(),
        showInput ? Node(instance.SerializedInput) : null,
        Node(instance.SerializedCustomStatus),
        Node(instance.SerializedOutput),
        instance.CreatedAt.ToString("s") + "Z",
        instance.LastUpdatedAt.ToString("s") + "Z",
        history);

    /// <summary>The history as the host shows it: calls together with their results, turns left out.</summary>
    public static IReadOnlyList<JsonObject> Describe(IReadOnlyList<HistoryEvent> history, bool showOutput)
    {
        var scheduled = history.Where(e => e.Kind is HistoryKind.TaskScheduled or HistoryKind.SubOrchestrationCreated or HistoryKind.TimerCreated).ToDictionary(e => e.TaskId);
        return [.. history.Where(e => e.Kind is not (HistoryKind.TurnStarted or HistoryKind.TaskScheduled or HistoryKind.SubOrchestrationCreated)).Select(e => Describe(e, scheduled, showOutput))];
    }

    static JsonObject Describe(HistoryEvent e, Dictionary<int, HistoryEvent> scheduled, bool showOutput)
    {
        var shown = new JsonObject { ["EventType"] = e.Kind.ToString(), ["Timestamp"] = e.At.ToString("o") };
        var answers = e.Kind is HistoryKind.TaskCompleted or HistoryKind.TaskFailed or HistoryKind.SubOrchestrationCompleted or HistoryKind.SubOrchestrationFailed or HistoryKind.TimerFired;
        if (answers && scheduled.TryGetValue(e.TaskId, out var call))
        {
            shown["ScheduledTime"] = call.At.ToString("o");
            if (call.Name is not null)
                shown["FunctionName"] = call.Name;
        }

        if (e.Kind == HistoryKind.ExecutionStarted)
            shown["FunctionName"] = e.Name;
        else if (e.Kind == HistoryKind.ExecutionCompleted)
            shown["OrchestrationStatus"] = e.Name;
        else if (e.Kind is HistoryKind.EventRaised or HistoryKind.EventSent)
            shown[nameof(Name)] = e.Name;
        else if (e.Kind == HistoryKind.TimerCreated)
            shown["FireAt"] = e.Data;

        if (showOutput && e.Kind is HistoryKind.TaskCompleted or HistoryKind.SubOrchestrationCompleted or HistoryKind.ExecutionCompleted)
            shown["Result"] = Node(e.Data);
        else if (e.Kind is HistoryKind.TaskFailed or HistoryKind.SubOrchestrationFailed)
            shown["Reason"] = Failures.Deserialize(e.Data).ToString();
        return shown;
    }

    /// <summary>What is stored as JSON; the output of a failed instance is plain text.</summary>
    static JsonNode? Node(string? data)
    {
        if (data is null)
            return null;
        try
        {
            return JsonNode.Parse(data);
        }
        catch (JsonException)
        {
            return JsonValue.Create(data);
        }
    }
}
