using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

internal static partial class ConnectLog
{
    [LoggerMessage(2001, LogLevel.Warning, "{Source}: failed too often; it is left alone for {Duration}")]
    public static partial void CircuitOpened(this ILogger logger, string source, TimeSpan duration);
}
