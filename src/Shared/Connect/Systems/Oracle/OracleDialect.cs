using System.Data;
using System.Data.Common;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>How Oracle writes it (SQL Language Reference). Values are bound as text, in the order of the statement, and converted by explicit formats, whatever the session's NLS settings are.</summary>
internal sealed class OracleDialect : SqlDialect
{
    const string Day = "'YYYY-MM-DD\"T\"HH24:MI:SS'";
    const string Time = "'YYYY-MM-DD\"T\"HH24:MI:SS.FF'";
    const string Instant = "'YYYY-MM-DD\"T\"HH24:MI:SS.FFTZH:TZM'";
    const string Nls = "'NLS_NUMERIC_CHARACTERS=''.,'''";

    public override string VersionSql => "SELECT product || ' ' || version FROM product_component_version WHERE ROWNUM = 1";

    public override string NowSql => "SYS_EXTRACT_UTC(SYSTIMESTAMP)";

    public override bool HasZone(SqlColumn column) => column.Type.Contains("TIME ZONE", StringComparison.OrdinalIgnoreCase);

    public override string? Now(SqlColumn column) => HasZone(column) ? "SYSTIMESTAMP" : null;

    public override string? TypeOf(CursorType type) => type switch
    {
        CursorType.Date => "DATE",
        CursorType.Timestamp => "TIMESTAMP(9) WITH TIME ZONE",
        CursorType.Integer => "NUMBER",
        _ => null,
    };

    public override string Parameter(int index, SqlBinding binding, string? type) => Kind(type ?? "") switch
    {
        OracleKind.Day => $"TO_DATE(:p{index}, {Day})",
        OracleKind.Time => $"TO_TIMESTAMP(:p{index}, {Time})",
        OracleKind.Instant => $"TO_TIMESTAMP_TZ(:p{index}, {Instant})",
        OracleKind.Number => $"TO_NUMBER(:p{index})", // the session's decimal point is one
        OracleKind.Raw => $"UTL_ENCODE.BASE64_DECODE(UTL_RAW.CAST_TO_RAW(:p{index}))",
        _ => $":p{index}",
    };

    public override string Selected(SqlColumn column) => Kind(column.Type) switch
    {
        OracleKind.Number => $"TO_CHAR({Column(column)}, 'TM9', {Nls}) AS {Quote(column.Name)}",
        OracleKind.Day => $"TO_CHAR({Column(column)}, {Day}) AS {Quote(column.Name)}",
        OracleKind.Time => $"TO_CHAR({Column(column)}, {Time}) AS {Quote(column.Name)}",
        OracleKind.Instant => $"TO_CHAR({Column(column)} AT TIME ZONE 'UTC', {Instant}) AS {Quote(column.Name)}",
        _ => Column(column),
    };

    public override SqlColumn Prepare(SqlColumn column) => Kind(column.Type) is OracleKind.Number ? column with { JsonKind = SqlJsonKind.Number } : column;

    public override string CatalogueSql(IReadOnlyList<string>? name) => $"""
        SELECT c.owner, c.table_name, CASE WHEN v.view_name IS NULL THEN 'table' ELSE 'view' END, t.num_rows, c.column_name,
               CASE WHEN c.data_type = 'NUMBER' AND c.data_precision IS NOT NULL THEN 'NUMBER(' || c.data_precision || ',' || c.data_scale || ')'
                    WHEN c.data_type IN ('CHAR', 'NCHAR', 'VARCHAR2', 'NVARCHAR2') THEN c.data_type || '(' || c.char_length || ')'
                    ELSE c.data_type END,
               CASE c.nullable WHEN 'Y' THEN 1 ELSE 0 END,
               CASE WHEN k.column_name IS NULL THEN 0 ELSE 1 END
        FROM all_tab_columns c
        LEFT JOIN all_tables t ON t.owner = c.owner AND t.table_name = c.table_name
        LEFT JOIN all_views v ON v.owner = c.owner AND v.view_name = c.table_name
        LEFT JOIN (SELECT cc.owner, cc.table_name, cc.column_name FROM all_constraints n
                   JOIN all_cons_columns cc ON cc.owner = n.owner AND cc.constraint_name = n.constraint_name
                   WHERE n.constraint_type = 'P') k ON k.owner = c.owner AND k.table_name = c.table_name AND k.column_name = c.column_name
        WHERE (t.table_name IS NOT NULL OR v.view_name IS NOT NULL)
          AND {(name is null
            ? "c.owner NOT IN (SELECT username FROM all_users WHERE oracle_maintained = 'Y')"
            : "c.owner = COALESCE(:p0, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')) AND c.table_name = :p1")}
        ORDER BY c.owner, c.table_name, c.column_id
        """;

    public override void Bind(DbCommand command, int index, SqlBinding binding)
    {
        base.Bind(command, index, binding);
        command.Parameters[^1].DbType = DbType.String;
    }

    /// <summary>What the server's error numbers mean (Oracle Database Error Messages).</summary>
    public static (string Code, bool IsTransient)? Meaning(int number) => number switch
    {
        1017 or 28000 or 28001 or 1005 => ("unauthorized", false),
        1031 or 1045 or 41900 => ("forbidden", false),
        942 or 904 or 12514 or 12505 => ("not-found", false),
        60 or 8177 or 1555 => ("source-unavailable", true), // deadlock; cannot serialize; snapshot too old
        54 or 30006 => ("source-unavailable", true), // somebody holds a lock
        1013 or 12170 or 12609 => ("timeout", true),
        18 or 20 or 12516 or 12519 or 12520 => ("source-unavailable", true), // no room for another session
        28 or 1033 or 1034 or 1089 or 1090 or 1092 or 3113 or 3114 or 3135 or 12537 or 12541 or 12543 or 12547 or 12571 => ("source-unavailable", true),
        900 or 933 or 936 or 1722 or 1843 or 1858 or 1861 => ("configuration-invalid", false),
        1456 => ("configuration-invalid", false), // not inside a READ ONLY transaction
        _ => null,
    };

    // Names are kept as the catalogue has them: an identifier that was created without quotes is in capitals.
    protected override string QuoteCore(string identifier) => identifier.Contains('"', StringComparison.Ordinal)
        ? throw new StepFailedException(new() { Code = "configuration-invalid", Message = $"'{identifier}' is not a name in Oracle, where no name holds a double quote." })
        : Within('"', identifier, '"');

    protected override object? ToParameter(SqlBinding binding)
    {
        if (binding.Value is not { } value)
            return null;
        return Kind(binding.Column?.Type ?? "") switch
        {
            OracleKind.Day => value.Text.Length == 10 ? $"{value.Text}T00:00:00" : value.Text,
            OracleKind.Time => WithFraction(value.Text, ""),
            OracleKind.Instant => value.Text.EndsWith('Z') ? WithFraction(value.Text[..^1], "+00:00") : WithFraction(value.Text[..^6], value.Text[^6..]),
            _ => value.Text,
        };

        // Formats are exact: a time needs its fraction, and a day its time.
        static string WithFraction(string text, string zone) =>
            (text.Length == 10 ? $"{text}T00:00:00.0" : text.Contains('.', StringComparison.Ordinal) ? text : $"{text}.0") + zone;
    }

    enum OracleKind
    {
        Other,
        Number,
        Day,
        Time,
        Instant,
        Raw,
    }

    static OracleKind Kind(string type) => type.ToUpperInvariant() switch
    {
        "DATE" => OracleKind.Day,
        var text when text.StartsWith("TIMESTAMP", StringComparison.Ordinal) => text.Contains("TIME ZONE", StringComparison.Ordinal) ? OracleKind.Instant : OracleKind.Time,
        var text when text.StartsWith("NUMBER", StringComparison.Ordinal) || text.StartsWith("FLOAT", StringComparison.Ordinal) || text is "DECIMAL" or "INTEGER" => OracleKind.Number,
        "RAW" => OracleKind.Raw,
        _ => OracleKind.Other,
    };
}
