using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

internal static partial class ConnectLog
{
    [LoggerMessage(2001, LogLevel.Warning, "{Source}: failed too often; it is left alone for {Duration}")]
    public static partial void CircuitOpened(this ILogger logger, string source, TimeSpan duration);

    [LoggerMessage(2002, LogLevel.Warning, "The quota {Key} cannot be shared: storage does not answer. Requests go on as far as they were promised.")]
    public static partial void QuotaCutOff(this ILogger logger, Exception reason, string key);
}
