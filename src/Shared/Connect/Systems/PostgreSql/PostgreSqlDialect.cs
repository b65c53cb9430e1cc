using System.Data.Common;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// How PostgreSQL writes it. COPY takes no parameters, so values are bound to settings of the transaction (<c>set_config</c>) and read
/// from there: they never stand in the statement.
/// </summary>
internal sealed class PostgreSqlDialect(PostgreSqlFormat format) : SqlDialect
{
    static readonly string[] Bounded = ["date", "timestamp", "timestamp without time zone", "timestamp with time zone", "double precision", "real", "numeric"];

    public override string VersionSql => "SELECT version()";

    public override bool ComparesRows => true;

    public override string NowSql => "transaction_timestamp()";

    public override string? Now(SqlColumn column) => HasZone(column) ? NowSql : null;

    public override bool HasZone(SqlColumn column) => TypeWithoutPrecision(column) is "timestamp with time zone";

    public override string AsText(string expression) => $"({expression})::text";

    public override string? TypeOf(CursorType type) => type switch
    {
        CursorType.Date => "date",
        CursorType.Timestamp => "timestamptz",
        CursorType.Integer => "bigint",
        _ => "text",
    };

    /// <summary>Name of the setting that holds a parameter.</summary>
    public static string Setting(int index) => $"ingest.p{index}";

    public override string Parameter(int index, SqlBinding binding, string? type)
    {
        if (binding.Value is null)
            return $"(NULL::{type ?? "text"})";
        var text = $"current_setting('{Setting(index)}')";
        return type switch
        {
            null or "text" => text,
            "bytea" => $"decode({text}, 'base64')",
            _ => $"({text}::{type})",
        };
    }

    // What row_to_json and CSV write otherwise than everybody else: bytes, and money with a currency's sign.
    public override string Selected(SqlColumn column) => column.Type switch
    {
        "bytea" => $"translate(encode({Column(column)}, 'base64'), E'\\n', '') AS {Quote(column.Name)}",
        "money" => $"{Column(column)}::numeric AS {Quote(column.Name)}",
        "json" when format is PostgreSqlFormat.Ndjson => $"translate({Column(column)}::text, E'\\n\\r', '  ')::json AS {Quote(column.Name)}", // one row, one line
        "boolean" when format is PostgreSqlFormat.Csv => $"{Column(column)}::text AS {Quote(column.Name)}",
        _ => Column(column),
    };

    public override string? Finite(SqlColumn column)
    {
        var type = TypeWithoutPrecision(column);
        return Bounded.Contains(type) ? $"{Column(column)} < 'infinity'::{type}" : null; // NaN is greater still
    }

    public override void Bind(DbCommand command, int index, SqlBinding binding) => throw new NotSupportedException("Values are bound to settings.");

    public override string CatalogueSql(IReadOnlyList<string>? name) => $"""
        SELECT n.nspname, c.relname, CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END,
               CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint END,
               a.attname, format_type(a.atttypid, a.atttypmod),
               NOT a.attnotnull, coalesce(a.attnum = ANY (i.indkey), false)
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND {(name is null
            ? "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' AND NOT c.relispartition AND has_table_privilege(c.oid, 'SELECT')"
            : "c.oid = to_regclass($1)")}
        ORDER BY 1, 2, a.attnum
        """;

    protected override string QuoteCore(string identifier) => Within('"', identifier, '"');

    static string TypeWithoutPrecision(SqlColumn column)
    {
        // timestamp(3) with time zone, numeric(18,6)
        var (open, close) = (column.Type.IndexOf('(', StringComparison.Ordinal), column.Type.IndexOf(')', StringComparison.Ordinal));
        return open < 0 ? column.Type : column.Type[..open] + column.Type[(close + 1)..];
    }
}
