using System.Globalization;

namespace DataIngestion.Connect;

/// <summary>How SQLite writes it. Its values have types of their own, whatever their column says, and are written as they are stored.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    public override string VersionSql => "SELECT 'SQLite ' || sqlite_version()";

    public override bool ComparesRows => true;

    public override string NowSql => "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

    public override string Parameter(int index, SqlBinding binding, string? type) => $"@p{index}";

    public override string CatalogueSql(IReadOnlyList<string>? name) => $"""
        SELECT NULL, m.name, m.type, NULL, p.name, p.type,
               CASE WHEN p."notnull" = 1 OR (p.pk > 0 AND upper(p.type) = 'INTEGER') THEN 0 ELSE 1 END, CASE WHEN p.pk > 0 THEN 1 ELSE 0 END
        FROM sqlite_schema m, pragma_table_info(m.name) p
        WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'{(name is null ? "" : " AND m.name = @p1 COLLATE NOCASE")}
        ORDER BY m.name, p.cid
        """;

    protected override string QuoteCore(string identifier) => Within('"', identifier, '"');

    // The stored type decides how values compare.
    protected override object? ToParameter(SqlBinding binding) => binding.Value switch
    {
        null => null,
        { IsNumber: true } number => long.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : double.Parse(number.Text, CultureInfo.InvariantCulture),
        var text => text.Value.Text,
    };
}
