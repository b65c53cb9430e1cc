using Microsoft.Extensions.Logging;

namespace DataIngestion.LocalRuntime.Durable;

internal static partial class DurableLog
{
    [LoggerMessage(1201, LogLevel.Error, "The history store {Path} does not take commits; work is kept and tried again")]
    public static partial void StoreFailed(this ILogger logger, string path, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "The history store {Path} takes commits again")]
    public static partial void StoreRecovered(this ILogger logger, string path);

    [LoggerMessage(1203, LogLevel.Error, "The history store {Path} cannot be read; the work is tried again")]
    public static partial void StoreUnreadable(this ILogger logger, string path, Exception exception);

    [LoggerMessage(1204, LogLevel.Error, "Follow-up of a commit failed")]
    public static partial void AfterCommitFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1205, LogLevel.Debug, "Orchestration {Name} {InstanceId} is {Status}")]
    public static partial void OrchestrationEnded(this ILogger logger, string name, string instanceId, string status);

    [LoggerMessage(1206, LogLevel.Warning, "Orchestration {Name} {InstanceId} failed: {Failure}")]
    public static partial void OrchestrationFailed(this ILogger logger, string name, string instanceId, string failure);

    [LoggerMessage(1207, LogLevel.Warning, "Activity {Name} of {InstanceId} failed")]
    public static partial void ActivityFailed(this ILogger logger, string name, string instanceId, Exception exception);

    [LoggerMessage(1208, LogLevel.Error, "A turn of orchestration {InstanceKey} broke off")]
    public static partial void TurnBroke(this ILogger logger, long instanceKey, Exception exception);

    [LoggerMessage(1209, LogLevel.Warning, "{Running} activities did not end within {Drain}; they are cancelled and run again at the next start")]
    public static partial void DrainTimedOut(this ILogger logger, int running, TimeSpan drain);

    [LoggerMessage(1210, LogLevel.Information, "Durable engine started in {Milliseconds} ms with {Path}: {Ready} instances have messages")]
    public static partial void EngineStarted(this ILogger logger, double milliseconds, string path, int ready);
}
