using System.Reflection;
using DataIngestion.LocalRuntime.Hosting;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>What starts a function, with settings resolved.</summary>
/// <param name="Kind">The binding type of function.json, such as <c>queueTrigger</c>.</param>
/// <param name="Source">Route, schedule, queue, pattern, hub or durable name.</param>
internal abstract record TriggerBinding(string Kind, string Source)
{
    /// <summary>Names of the binding data that plain parameters may take.</summary>
    public virtual IReadOnlySet<string> DataNames => NoNames;

    /// <summary>How the trigger's parameter gets its value; null, after a fault, if its type does not fit.</summary>
    public abstract ParameterBinder? BindTrigger(TriggerSite site);

    /// <summary>How a parameter without an attribute gets its value; by default from the binding data of its name.</summary>
    public virtual ParameterBinder? BindPlain(ParameterInfo parameter, TriggerSite site, Action<string> fault)
    {
        if (DataNames.FirstOrDefault(n => n.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase)) is not { } name)
        {
            var known = DataNames.Count == 0 ? "" : $", {string.Join(", ", DataNames.Select(n => $"'{n}'"))}";
            fault($"nothing binds to it ({parameter.ParameterType.Name}); FunctionContext, CancellationToken, a binding attribute{known} were expected.");
            return null;
        }

        return BindingDataConverter.TryCreate(name, parameter, fault);
    }

    static readonly HashSet<string> NoNames = [];
}

/// <summary>A trigger attribute on a parameter of a function, with the means to describe it.</summary>
/// <param name="Fault">Reports a fault at this function and parameter.</param>
internal sealed record TriggerSite(HostedApp App, string Function, MethodInfo Method, ParameterInfo Parameter, Action<string> Fault)
{
    public string Resolve(string text) => App.Settings.Resolve(text, Fault);

    /// <summary>Reports that the trigger's parameter has the wrong type.</summary>
    public ParameterBinder? WrongType(string expected)
    {
        Fault($"its type is {Parameter.ParameterType.Name}; {expected} was expected.");
        return null;
    }
}

/// <summary>Makes the value of one parameter for one invocation.</summary>
internal delegate ValueTask<object?> ParameterBinder(LocalFunctionContext context);
