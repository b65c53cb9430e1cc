using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>What a trigger hands to an invocation.</summary>
/// <param name="Value">The message, request, blob, batch or orchestration; each trigger's binders know its type.</param>
/// <param name="Data">Binding data by name.</param>
internal sealed record TriggerPayload(object Value, IReadOnlyDictionary<string, object?> Data)
{
    public static TriggerPayload Of(object value) => new(value, NoData);

    static readonly Dictionary<string, object?> NoData = [];
}

/// <summary>One invocation in the local runtime.</summary>
internal sealed class LocalFunctionContext(
    FunctionDescriptor function, TriggerPayload payload, IServiceProvider services, Func<DurableTaskClient> durable, CancellationToken cancellationToken)
    : FunctionContext
{
    public FunctionDescriptor Function => function;

    public object Payload => payload.Value;

    public DurableTaskClient DurableClient => durable();

    /// <summary>What the function returned, with its task unwrapped.</summary>
    public object? Result { get; set; }

    public override string InvocationId { get; } = Guid.CreateVersion7().ToString();

    public override string FunctionId => function.Id;

    public override BindingContext BindingContext { get; } = new Data(payload.Data);

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => function.Definition;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override CancellationToken CancellationToken => cancellationToken;

    sealed class Data(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => data;
    }
}
