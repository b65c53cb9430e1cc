using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Triggers;

/// <summary>What the runtime says; healthy runs are at Debug.</summary>
internal static partial class TriggerLog
{
    [LoggerMessage(3101, LogLevel.Debug, "{Function} ({InvocationId}) ran in {Milliseconds:0.0} ms")]
    public static partial void FunctionRan(this ILogger logger, string function, string invocationId, double milliseconds);

    [LoggerMessage(3102, LogLevel.Error, "{Function} ({InvocationId}) failed after {Milliseconds:0.0} ms")]
    public static partial void FunctionFailed(this ILogger logger, Exception failure, string function, string invocationId, double milliseconds);

    [LoggerMessage(3110, LogLevel.Warning, "{Source}: storage does not answer; trying again until it does ({Reason})")]
    public static partial void StorageLost(this ILogger logger, string source, string reason);

    [LoggerMessage(3111, LogLevel.Information, "{Source}: storage answers again")]
    public static partial void StorageBack(this ILogger logger, string source);

    [LoggerMessage(3120, LogLevel.Error, "Message {MessageId} of queue {Queue} goes to {Poison}: {Reason}")]
    public static partial void MessagePoisoned(this ILogger logger, string messageId, string queue, string poison, string reason);

    [LoggerMessage(3121, LogLevel.Warning, "The lease of message {MessageId} of queue {Queue} was lost while its function ran; it may run again")]
    public static partial void LeaseLost(this ILogger logger, string messageId, string queue);

    [LoggerMessage(3122, LogLevel.Warning, "Message {MessageId} of queue {Queue} could not be settled and comes back when its lease runs out: {Reason}")]
    public static partial void MessageNotSettled(this ILogger logger, string messageId, string queue, string reason);

    [LoggerMessage(3123, LogLevel.Error, "Message {MessageId} of queue {Queue} failed {Count} times; it stays hidden for {Delay} and comes back, because poison queues have no poison queue")]
    public static partial void PoisonFunctionFailed(this ILogger logger, string messageId, string queue, long count, TimeSpan delay);

    [LoggerMessage(3130, LogLevel.Error, "Blob {Blob} failed {Count} times for {Function}; a message about it goes to {Poison}")]
    public static partial void BlobPoisoned(this ILogger logger, string blob, long count, string function, string poison);

    [LoggerMessage(3140, LogLevel.Warning, "{Function}: {Events} events of {Hub}/{Partition} failed and are passed over, as Event Hubs does")]
    public static partial void EventsPassedOver(this ILogger logger, string function, int events, string hub, int partition);

    [LoggerMessage(3150, LogLevel.Information, "{Function}: another instance runs this timer; waiting in case it stops")]
    public static partial void TimerElsewhere(this ILogger logger, string function);

    [LoggerMessage(3160, LogLevel.Error, "{Source}: the listener failed and is started again")]
    public static partial void ListenerFailed(this ILogger logger, Exception failure, string source);
}
