using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Where a function's return value, or a property of it, goes.</summary>
/// <param name="Name">The property, or <c>$return</c>.</param>
/// <param name="Kind"><c>queue</c>, <c>eventHub</c> or <c>http</c>.</param>
/// <param name="Target">Queue or hub, with settings resolved; empty for HTTP.</param>
/// <param name="Connection">Storage connection string of a queue.</param>
/// <param name="Property">The property that holds the value; null for the return value itself.</param>
internal sealed record OutputBinding(string Name, string Kind, string Target, string? Connection, PropertyInfo? Property)
{
    public object? ValueOf(object? result) => Property is null || result is null ? result : Property.GetValue(result);

    /// <summary>The outputs of a method that returns <paramref name="returned"/> (its task unwrapped).</summary>
    public static IReadOnlyList<OutputBinding> Describe(TriggerSite site, Type? returned)
    {
        var outputs = new List<OutputBinding>();
        var own = site.Method.GetCustomAttributes<OutputBindingAttribute>(inherit: true).ToList();
        if (own.Count > 1)
            site.Fault($"it has {own.Count} output attributes; one was expected. Return a type with an output attribute on each property instead.");
        if (own.Count > 0 && returned is null)
            site.Fault("it has an output attribute but returns nothing.");
        foreach (var attribute in own)
            outputs.Add(Create(site, attribute, null));
        if (own.Count > 0 || returned is null)
            return outputs;

        foreach (var property in returned.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<OutputBindingAttribute>(inherit: true) is { } attribute)
                outputs.Add(Create(site, attribute, property));
        }

        return outputs;
    }

    static OutputBinding Create(TriggerSite site, OutputBindingAttribute attribute, PropertyInfo? property)
    {
        var name = property?.Name ?? "$return";
        return attribute switch
        {
            QueueOutputAttribute queue => new(
                name, "queue", Queues.QueueNames.Check(site.Resolve(queue.QueueName), site.Fault), site.App.Settings.StorageConnection(queue.Connection, site.Fault), property),
            EventHubOutputAttribute hub => new(name, "eventHub", site.Resolve(hub.EventHubName), null, property),
            HttpResultAttribute => Http(site, name, property),
            _ => Unknown(site, attribute, name, property),
        };
    }

    static OutputBinding Http(TriggerSite site, string name, PropertyInfo? property)
    {
        if (site.Parameter.GetCustomAttribute<HttpTriggerAttribute>() is null)
            site.Fault($"'{name}' is an HttpResult, but the function has no HTTP trigger.");
        return new(name, "http", "", null, property);
    }

    static OutputBinding Unknown(TriggerSite site, OutputBindingAttribute attribute, string name, PropertyInfo? property)
    {
        site.Fault($"the output {attribute.GetType().Name} is not known here; QueueOutput, EventHubOutput or HttpResult was expected.");
        return new(name, attribute.GetType().Name, "", null, property);
    }
}
