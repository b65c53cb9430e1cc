using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

internal static partial class SqlLog
{
    [LoggerMessage(2040, LogLevel.Warning, "{Source}: {Rows} rows of {Table} have no value in the cursor {Column}: no run reads them")]
    public static partial void RowsWithoutCursor(this ILogger logger, string source, long rows, string table, string column);
}
