using System.Collections.Immutable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>A function as the host knows it.</summary>
public abstract class FunctionDefinition
{
    /// <summary>Its parameters in order.</summary>
    public abstract ImmutableArray<FunctionParameter> Parameters { get; }

    /// <summary>File of the assembly that holds it.</summary>
    public abstract string PathToAssembly { get; }

    /// <summary>Full name of its method.</summary>
    public abstract string EntryPoint { get; }

    /// <summary>Unique to the function.</summary>
    public abstract string Id { get; }

    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>The trigger and inputs by parameter name.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    /// <summary>The outputs by property name, <c>$return</c> for the return value.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }
}

/// <summary>A parameter of a function.</summary>
public class FunctionParameter(string name, Type type)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>Its type.</summary>
    public Type Type { get; } = type ?? throw new ArgumentNullException(nameof(type));
}

/// <summary>Which way a binding carries data.</summary>
public enum BindingDirection
{
    /// <summary>Into the function.</summary>
    In,

    /// <summary>Out of the function.</summary>
    Out,
}

/// <summary>A binding of a function.</summary>
public abstract class BindingMetadata
{
    /// <summary>The parameter's or property's name.</summary>
    public abstract string Name { get; }

    /// <summary><c>queueTrigger</c>, <c>httpTrigger</c>, <c>queue</c> …</summary>
    public abstract string Type { get; }

    /// <summary>Which way it carries data.</summary>
    public abstract BindingDirection Direction { get; }
}
