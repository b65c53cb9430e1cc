using System.Collections;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Triggers.EventHubs;

/// <summary>A function that runs for the events of a hub.</summary>
internal sealed record EventHubTrigger(string Hub, string ConsumerGroup, bool IsBatched) : TriggerBinding("eventHubTrigger", $"{Hub}/{ConsumerGroup}")
{
    public const string DefaultGroup = "$Default";

    static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "PartitionId", "SequenceNumber", "EnqueuedTimeUtc", "PartitionKey",
    };

    public override IReadOnlySet<string> DataNames => IsBatched ? base.DataNames : Names;

    public static EventHubTrigger Create(EventHubTriggerAttribute attribute, TriggerSite site) =>
        new(site.Resolve(attribute.EventHubName), site.Resolve(attribute.ConsumerGroup ?? DefaultGroup), attribute.IsBatched);

    public override ParameterBinder? BindTrigger(TriggerSite site)
    {
        var type = site.Parameter.ParameterType;
        var element = IsBatched ? ElementOf(type) : type;
        if (element is null)
            return site.WrongType($"an array of {PayloadConverter.Expected} (or IsBatched = false)");
        if (PayloadConverter.TryCreate(element, site.App.Serializer) is not { } convert)
            return site.WrongType(PayloadConverter.Expected);
        if (!IsBatched)
            return context => ValueTask.FromResult(convert(((LoggedEvent)context.Payload).Data));

        return context =>
        {
            var events = (IReadOnlyList<LoggedEvent>)context.Payload;
            var values = Array.CreateInstance(element, events.Count);
            for (var i = 0; i < events.Count; i++)
                values.SetValue(convert(events[i].Data), i);
            return ValueTask.FromResult<object?>(type.IsArray || type.IsInterface ? values : Activator.CreateInstance(type, values));
        };
    }

    public static TriggerPayload One(LoggedEvent single) => new(single, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
    {
        ["PartitionId"] = single.Partition,
        ["SequenceNumber"] = single.Sequence,
        ["EnqueuedTimeUtc"] = single.EnqueuedAt.UtcDateTime,
        ["PartitionKey"] = single.PartitionKey,
    });

    /// <summary>The element of an array, a list or one of their interfaces; null for anything else.</summary>
    static Type? ElementOf(Type type)
    {
        if (type == typeof(byte[]) || type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type))
            return null;
        if (type.IsArray)
            return type.GetElementType();
        return type is { IsGenericType: true } && (type.IsInterface || type.GetGenericTypeDefinition() == typeof(List<>))
            && type.IsAssignableFrom(typeof(List<>).MakeGenericType(type.GetGenericArguments()[0]))
            ? type.GetGenericArguments()[0]
            : null;
    }
}
