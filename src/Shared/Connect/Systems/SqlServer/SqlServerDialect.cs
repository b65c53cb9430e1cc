using System.Data;
using System.Data.Common;
using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>How SQL Server writes it (Transact-SQL reference). Values are bound as text and cast to their column's type, which keeps every digit.</summary>
internal sealed class SqlServerDialect : SqlDialect
{
    public override string VersionSql => "SELECT @@VERSION";

    public override string NowSql => "SYSUTCDATETIME()";

    public override string CountSql => "COUNT_BIG(*)";

    public override bool HasZone(SqlColumn column) => BaseType(column.Type) == "datetimeoffset";

    public override string? Now(SqlColumn column) => HasZone(column) ? "SYSDATETIMEOFFSET()" : null;

    public override string? TypeOf(CursorType type) => type switch
    {
        CursorType.Date => "date",
        CursorType.Timestamp => "datetimeoffset(7)",
        CursorType.Integer => "bigint",
        _ => null,
    };

    public override string Parameter(int index, SqlBinding binding, string? type) => BaseType(type ?? "") switch
    {
        "" or "char" or "varchar" or "nchar" or "nvarchar" or "text" or "ntext" or "xml" => $"@p{index}",
        "datetime" or "smalldatetime" => $"CAST(CAST(@p{index} AS datetime2(7)) AS {type})", // which has fewer digits than the driver shows
        "binary" or "varbinary" or "timestamp" or "rowversion" => $"CAST(N'' AS xml).value('xs:base64Binary(sql:variable(\"@p{index}\"))', 'varbinary(8000)')",
        _ => $"CAST(@p{index} AS {type})",
    };

    // What a driver's types cannot hold: decimals of more than 28 digits, and types of the server's own.
    public override string Selected(SqlColumn column) => BaseType(column.Type) switch
    {
        "decimal" or "numeric" => $"CONVERT(varchar(41), {Column(column)}) AS {Quote(column.Name)}",
        "hierarchyid" or "sql_variant" => $"CAST({Column(column)} AS nvarchar(4000)) AS {Quote(column.Name)}",
        "geometry" or "geography" => $"{Column(column)}.STAsText() AS {Quote(column.Name)}",
        "date" => $"CONVERT(char(10), {Column(column)}, 23) AS {Quote(column.Name)}",
        _ => Column(column),
    };

    public override SqlColumn Prepare(SqlColumn column) => BaseType(column.Type) is "decimal" or "numeric" ? column with { JsonKind = SqlJsonKind.Number } : column;

    public override string CatalogueSql(IReadOnlyList<string>? name) => $"""
        SELECT s.name, o.name, CASE o.type WHEN 'V' THEN 'view' ELSE 'table' END,
               (SELECT SUM(p.rows) FROM sys.partitions p WHERE p.object_id = o.object_id AND p.index_id IN (0, 1)),
               c.name,
               CASE WHEN t.name IN ('decimal', 'numeric') THEN CONCAT(t.name, '(', c.precision, ',', c.scale, ')')
                    WHEN t.name IN ('datetime2', 'datetimeoffset', 'time') THEN CONCAT(t.name, '(', c.scale, ')')
                    WHEN t.name IN ('char', 'varchar', 'binary', 'varbinary') THEN CONCAT(t.name, '(', CASE c.max_length WHEN -1 THEN 'max' ELSE CAST(c.max_length AS varchar(5)) END, ')')
                    WHEN t.name IN ('nchar', 'nvarchar') THEN CONCAT(t.name, '(', CASE c.max_length WHEN -1 THEN 'max' ELSE CAST(c.max_length / 2 AS varchar(5)) END, ')')
                    ELSE t.name END,
               CAST(c.is_nullable AS int),
               CASE WHEN EXISTS (SELECT 1 FROM sys.indexes i JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id
                                 WHERE i.object_id = o.object_id AND i.is_primary_key = 1 AND k.column_id = c.column_id) THEN 1 ELSE 0 END
        FROM sys.objects o
        JOIN sys.schemas s ON s.schema_id = o.schema_id
        JOIN sys.columns c ON c.object_id = o.object_id
        JOIN sys.types t ON t.user_type_id = c.system_type_id
        WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0{(name is null ? "" : " AND s.name = COALESCE(@p0, SCHEMA_NAME()) AND o.name = @p1")}
        ORDER BY s.name, o.name, c.column_id
        """;

    public override void Bind(DbCommand command, int index, SqlBinding binding)
    {
        base.Bind(command, index, binding);
        command.Parameters[^1].DbType = DbType.String;
    }

    protected override string QuoteCore(string identifier) => Within('[', identifier, ']');

    protected override object? ToParameter(SqlBinding binding) => binding.Value?.Text;

    /// <summary>What the server's error numbers mean (Database Engine events and errors).</summary>
    public static (string Code, bool IsTransient)? Meaning(int number) => number switch
    {
        18456 or 18452 or 18487 or 18488 => ("unauthorized", false),
        229 or 230 or 262 or 297 or 300 or 916 => ("forbidden", false),
        208 or 207 or 4060 or 911 => ("not-found", false),
        1205 or 3960 or 3961 => ("source-unavailable", true), // chosen as deadlock victim; snapshot conflicts
        1222 => ("source-unavailable", true), // lock time-out
        -2 => ("timeout", true),
        10928 or 10929 or 40501 or 49918 or 49919 or 49920 => ("rate-limited", true),
        64 or 233 or 4221 or 10053 or 10054 or 10060 or 40197 or 40613 or 6005 or 17142 or 17197 or 596 or 0 => ("source-unavailable", true),
        102 or 156 or 245 or 241 or 8114 => ("configuration-invalid", false),
        _ => null,
    };

    static string BaseType(string type)
    {
        var end = type.IndexOf('(', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).ToLower(CultureInfo.InvariantCulture);
    }
}
