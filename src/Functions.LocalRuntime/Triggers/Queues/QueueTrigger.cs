using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Triggers.Queues;

/// <summary>A function that runs for the messages of a queue.</summary>
internal sealed record QueueTrigger(string Queue, string Connection) : TriggerBinding("queueTrigger", Queue)
{
    static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "QueueTrigger", "Id", "DequeueCount", "InsertionTime", "ExpirationTime", "NextVisibleTime", "PopReceipt",
    };

    public override IReadOnlySet<string> DataNames => Names;

    public static QueueTrigger Create(QueueTriggerAttribute attribute, TriggerSite site) => new(
        QueueNames.Check(site.Resolve(attribute.QueueName), site.Fault),
        site.App.Settings.StorageConnection(attribute.Connection, site.Fault) ?? "");

    public override ParameterBinder? BindTrigger(TriggerSite site)
    {
        if (site.Parameter.ParameterType == typeof(QueueMessage))
            return context => ValueTask.FromResult<object?>(context.Payload);
        if (PayloadConverter.TryCreate(site.Parameter.ParameterType, site.App.Serializer) is not { } convert)
            return site.WrongType($"QueueMessage, {PayloadConverter.Expected}");
        return context => ValueTask.FromResult(convert(((QueueMessage)context.Payload).Body));
    }

    /// <summary>A message, with its body decoded, for an invocation.</summary>
    public static TriggerPayload Payload(QueueMessage message) => new(message, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
    {
        ["QueueTrigger"] = message.Body.ToString(),
        ["Id"] = message.MessageId,
        ["DequeueCount"] = message.DequeueCount,
        ["InsertionTime"] = message.InsertedOn,
        ["ExpirationTime"] = message.ExpiresOn,
        ["NextVisibleTime"] = message.NextVisibleOn,
        ["PopReceipt"] = message.PopReceipt,
    });
}
