using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

internal static partial class WebSocketLog
{
    [LoggerMessage(2070, LogLevel.Warning, "{Source}: messages {From} to {To} of {Dataset} are missing: the vendor did not send them, or nobody listened")]
    public static partial void GapFound(this ILogger logger, string source, string dataset, long from, long to);

    [LoggerMessage(2071, LogLevel.Warning, "{Source}: the connection of {Dataset} broke within its window and is opened again: {Reason}")]
    public static partial void Reconnecting(this ILogger logger, string source, string dataset, string reason);
}
