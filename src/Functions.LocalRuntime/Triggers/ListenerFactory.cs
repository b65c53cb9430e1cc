using DataIngestion.LocalRuntime.Hosting;
using DataIngestion.LocalRuntime.Triggers.Blobs;
using DataIngestion.LocalRuntime.Triggers.EventHubs;
using DataIngestion.LocalRuntime.Triggers.Queues;
using DataIngestion.LocalRuntime.Triggers.Timers;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>Makes what listens for each function that is not started over HTTP or by the durable engine.</summary>
internal static class ListenerFactory
{
    public static List<ITriggerListener> Create(IReadOnlyList<FunctionInvoker> functions, RuntimeServices runtime, AdminEndpoints admin)
    {
        var listeners = new List<ITriggerListener>();
        functions = [.. functions.Where(f => !f.Function.App.Settings.IsDisabled(f.Function.Name))];
        foreach (var invoker in functions)
        {
            switch (invoker.Function.Trigger)
            {
                case QueueTrigger queue:
                    listeners.Add(Queue(invoker, queue, runtime));
                    break;
                case TimerTrigger timer:
                    var listener = new TimerListener(invoker, timer, runtime);
                    admin.AddTimer(invoker.Function.Name, listener);
                    listeners.Add(listener);
                    break;
                case EventHubTrigger hub:
                    listeners.Add(new EventHubListener(invoker, hub, runtime));
                    break;
            }
        }

        var blobs = functions.Where(f => f.Function.Trigger is BlobTrigger).Select(f => (Invoker: f, Trigger: (BlobTrigger)f.Function.Trigger));
        foreach (var group in blobs.GroupBy(b => (b.Invoker.Function.App, b.Trigger.Connection)))
            listeners.Add(new BlobWorker(group.Key.App, group.Key.Connection, [.. group], runtime));
        return listeners;
    }

    static QueueConsumer Queue(FunctionInvoker invoker, QueueTrigger trigger, RuntimeServices runtime)
    {
        const string suffix = "-poison";
        var settings = invoker.Function.App.HostJson.Queues;
        var queue = runtime.Storage.Queue(trigger.Connection, trigger.Queue);
        var poison = trigger.Queue.EndsWith(suffix, StringComparison.Ordinal) ? null : runtime.Storage.Queue(trigger.Connection, trigger.Queue + suffix);
        var runner = new QueueMessageRunner(
            queue, poison, settings, (message, cancellationToken) => invoker.InvokeAsync(QueueTrigger.Payload(message), cancellationToken: cancellationToken), runtime);
        return new(queue, settings, runner, runtime);
    }
}
