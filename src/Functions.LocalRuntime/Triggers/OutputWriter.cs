using System.Collections;
using DataIngestion.LocalRuntime.Triggers.Queues;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Writes what a function returned to its outputs. Returns when everything is durable, so a trigger is acknowledged only then.</summary>
internal sealed class OutputWriter(FunctionDescriptor function, RuntimeServices runtime)
{
    readonly (OutputBinding Output, Func<BinaryData, CancellationToken, Task> Send)[] _outputs =
        [.. function.Outputs.Where(o => o.Kind != "http").Select(o => (o, Sender(o, function, runtime)))];

    public async Task WriteAsync(object? result, CancellationToken cancellationToken)
    {
        if (result is null)
            return;
        foreach (var (output, send) in _outputs)
        {
            foreach (var item in Items(output.ValueOf(result)))
                await send(await BodyAsync(item, cancellationToken), cancellationToken);
        }
    }

    /// <summary>A collection is one message an element; nothing is no message.</summary>
    static IEnumerable<object> Items(object? value) => value switch
    {
        null => [],
        string or byte[] or BinaryData => [value],
        IDictionary => [value],
        IEnumerable many => many.Cast<object?>().OfType<object>(),
        _ => [value],
    };

    async ValueTask<BinaryData> BodyAsync(object item, CancellationToken cancellationToken) => item switch
    {
        string text => BinaryData.FromString(text),
        byte[] bytes => BinaryData.FromBytes(bytes),
        BinaryData data => data,
        _ => await function.App.Serializer.SerializeAsync(item, item.GetType(), cancellationToken),
    };

    static Func<BinaryData, CancellationToken, Task> Sender(OutputBinding output, FunctionDescriptor function, RuntimeServices runtime)
    {
        if (output.Kind == "eventHub")
            return (body, cancellationToken) => runtime.Events.AppendAsync(output.Target, [new(body.ToMemory())], cancellationToken);

        var queue = runtime.Storage.Queue(output.Connection!, output.Target);
        var base64 = function.App.HostJson.Queues.Base64;
        return (body, cancellationToken) => queue.SendCreatingAsync(QueueText.Encode(body, base64), cancellationToken);
    }
}
