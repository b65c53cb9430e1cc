using System.Collections.Immutable;
using System.Reflection;
using DataIngestion.LocalRuntime.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>A function that has been found, checked and prepared to run.</summary>
internal sealed record FunctionDescriptor(
    HostedApp App,
    string Name,
    MethodInfo Method,
    TriggerBinding Trigger,
    IReadOnlyList<ParameterBinder> Parameters,
    IReadOnlyList<OutputBinding> Outputs)
{
    public string EntryPoint { get; } = $"{Method.DeclaringType!.FullName}.{Method.Name}";

    /// <summary>Unique in the host.</summary>
    public string Id => $"{App.Name}/{Name}";

    public FunctionMetadata Metadata => new(App.Name, Name, Trigger.Kind, EntryPoint, Trigger.Source);

    public LocalFunctionDefinition Definition => field ??= new(this);
}

/// <summary>A descriptor as functions see it.</summary>
internal sealed class LocalFunctionDefinition(FunctionDescriptor function) : FunctionDefinition
{
    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. function.Method.GetParameters().Select(p => new FunctionParameter(p.Name!, p.ParameterType))];

    public override string PathToAssembly { get; } = function.Method.DeclaringType!.Assembly.Location;

    public override string EntryPoint => function.EntryPoint;

    public override string Id => function.Id;

    public override string Name => function.Name;

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } = function.Method.GetParameters()
        .Select(p => (p.Name, Attribute: FunctionDiscovery.TriggerOf(p)))
        .Where(p => p.Attribute is not null)
        .ToImmutableDictionary(p => p.Name!, p => (BindingMetadata)new LocalBindingMetadata(p.Name!, function.Trigger.Kind, BindingDirection.In));

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } = function.Outputs
        .ToImmutableDictionary(o => o.Name, o => (BindingMetadata)new LocalBindingMetadata(o.Name, o.Kind, BindingDirection.Out));
}

internal sealed class LocalBindingMetadata(string name, string type, BindingDirection direction) : BindingMetadata
{
    public override string Name => name;

    public override string Type => type;

    public override BindingDirection Direction => direction;
}
