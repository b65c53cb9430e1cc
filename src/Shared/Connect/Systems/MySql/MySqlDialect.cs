using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>How MySQL and MariaDB write it. What a driver would round or refuse (decimals, zero dates) is selected as text.</summary>
internal sealed class MySqlDialect : SqlDialect
{
    public override string VersionSql => "SELECT concat(@@version_comment, ' ', @@version)";

    public override string NowSql => "utc_timestamp(6)";

    public override string? Now(SqlColumn column) => BaseType(column.Type) == "timestamp" ? "current_timestamp(6)" : null; // the session's zone is UTC

    public override string AsText(string expression) => $"CAST({expression} AS CHAR)";

    public override string? TypeOf(CursorType type) => type switch
    {
        CursorType.Date => "date",
        CursorType.Timestamp => "datetime",
        _ => null,
    };

    public override string Parameter(int index, SqlBinding binding, string? type) => BaseType(type ?? "") switch
    {
        "decimal" when type!.Contains(')', StringComparison.Ordinal) => $"CAST(@p{index} AS {type[..(type.IndexOf(')', StringComparison.Ordinal) + 1)]})",
        "datetime" or "timestamp" => $"CAST(@p{index} AS DATETIME(6))",
        "date" => $"CAST(@p{index} AS DATE)",
        _ => $"@p{index}",
    };

    public override SqlColumn Prepare(SqlColumn column) => column with
    {
        JsonKind = BaseType(column.Type) switch
        {
            "decimal" => SqlJsonKind.Number,
            "datetime" => SqlJsonKind.Time,
            "timestamp" => SqlJsonKind.Instant,
            "float" => SqlJsonKind.Single,
            "json" => SqlJsonKind.Json,
            _ => SqlJsonKind.Value,
        },
    };

    public override string Selected(SqlColumn column) => BaseType(column.Type) switch
    {
        "decimal" or "datetime" or "timestamp" or "date" or "time" => $"CAST({Column(column)} AS CHAR) AS {Quote(column.Name)}",
        "float" => $"({Column(column)} + 0e0) AS {Quote(column.Name)}", // as text a float has six digits
        _ => Column(column),
    };

    public override string CatalogueSql(IReadOnlyList<string>? name) => $"""
        SELECT c.TABLE_SCHEMA, c.TABLE_NAME, CASE WHEN t.TABLE_TYPE LIKE '%VIEW' THEN 'view' ELSE 'table' END, t.TABLE_ROWS,
               c.COLUMN_NAME, c.COLUMN_TYPE, CASE WHEN c.IS_NULLABLE = 'YES' THEN 1 ELSE 0 END, CASE WHEN c.COLUMN_KEY = 'PRI' THEN 1 ELSE 0 END
        FROM information_schema.COLUMNS c
        JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
        WHERE {(name is null
            ? "c.TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')"
            : "c.TABLE_SCHEMA = coalesce(@p0, database()) AND c.TABLE_NAME = @p1")}
        ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION
        """;

    protected override string QuoteCore(string identifier) => Within('`', identifier, '`');

    protected override object? ToParameter(SqlBinding binding)
    {
        var type = BaseType(binding.Column?.Type ?? "");
        if (binding.Value is { } value && type is "datetime" or "timestamp" or "" && !binding.Value!.Value.IsNumber
            && DateTimeOffset.TryParse(binding.Value.Value.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        }

        return type is "decimal" or "date" or "time" ? binding.Value?.Text : base.ToParameter(binding);
    }

    // decimal(18,6) unsigned, DATETIME
    static string BaseType(string type)
    {
        var end = type.AsSpan().IndexOfAny('(', ' ');
        return (end < 0 ? type : type[..end]).ToLowerInvariant();
    }
}
