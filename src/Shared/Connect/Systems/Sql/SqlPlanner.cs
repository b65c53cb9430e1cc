using System.Globalization;
using DataIngestion.Contracts;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>What a planner needs of a session: to describe and to ask for single values.</summary>
internal interface ISqlSession
{
    /// <summary>How the database writes things.</summary>
    SqlDialect Dialect { get; }

    /// <summary>The columns of a table; empty when there is no such table.</summary>
    Task<IReadOnlyList<SqlColumn>> ColumnsOfTableAsync(string name, CancellationToken cancellationToken);

    /// <summary>The columns that a statement gives.</summary>
    Task<IReadOnlyList<SqlColumn>> ColumnsOfAsync(SqlStatement statement, CancellationToken cancellationToken);

    /// <summary>A statement's only value; null for NULL.</summary>
    Task<SqlValue?> ValueAsync(SqlStatement statement, CancellationToken cancellationToken);
}

/// <summary>Settles what a reading reads: columns, order, where it begins and ends.</summary>
internal sealed class SqlPlanner(ISqlSession session, SourceSite site, ILogger logger)
{
    /// <summary>Makes the scan of a dataset.</summary>
    public async Task<SqlScan> PlanAsync(SourceRead read, SqlReadOptions options, CancellationToken cancellationToken)
    {
        var dialect = session.Dialect;
        var definition = read.Dataset.Cursor;
        var table = await TableAsync(read, options, cancellationToken);
        var cursor = definition is null ? null : Column(table, definition.Field, "cursor");
        var key = Key(table, options).Where(k => k != cursor).ToList();
        var selected = options.Columns.Count == 0 ? table.Columns : [.. options.Columns.Select(c => Column(table, c, "columns"))];
        foreach (var column in cursor is null ? key : [cursor, .. key])
        {
            if (!selected.Contains(column))
                throw site.Fail("configuration-invalid", $"'{column.Name}' orders the rows and is not among 'columns': add it.", isTransient: false);
        }

        var select = new SqlSelect(dialect, table, selected, cursor, key, options.Where);
        var name = read.Read.Object ?? read.Dataset.Dataset;
        var range = SqlRange.Of(read, key.Count, cursor is not null && dialect.HasZone(cursor));
        if (select.Order.Count == 0 && read.Landed.Count > 0)
            return new SqlScan(name, new("", []), selected, [], false, range) { IsEmpty = true }; // its only part is there

        if (select.WithoutKey() is { } withoutKey && await CountAsync(withoutKey, cancellationToken) is > 0 and var nulls)
            throw site.Fail("configuration-invalid", $"{nulls:N0} rows of '{name}' lack a value in {string.Join(", ", key.Select(k => $"'{k.Name}'"))}, which can be no key then: name other columns in 'key'.", isTransient: false);
        if (cursor is null)
            return new(name, select.Rows(range), selected, select.Order, false, range);

        var missing = select.WithoutCursor() is { } withoutCursor ? await CountAsync(withoutCursor, cancellationToken) : 0;
        if (missing > 0)
            logger.RowsWithoutCursor(site.Source.Source, missing, name, cursor.Name);
        if (range.Upper is null)
            range = range with { Upper = await session.ValueAsync(select.Upper(range), cancellationToken) };
        return new(name, select.Rows(range), selected, select.Order, true, range) { IsEmpty = range.Upper is null, RowsWithoutCursor = missing };
    }

    async Task<SqlTable> TableAsync(SourceRead read, SqlReadOptions options, CancellationToken cancellationToken)
    {
        var dialect = session.Dialect;
        if (options.Query is { } query)
        {
            // A query sees the bounds in its parameters; where it is read in order, the range around it bounds it again.
            var cursor = read.Dataset.Cursor;
            var range = SqlRange.Of(read with { Landed = [], Position = read.RunPosition }, 0, withZone: true);
            var text = SqlParameters.Replace(query, dialect, range.From ?? range.After?.Cursor, range.To, cursor?.Type, out var bindings);
            var columns = await session.ColumnsOfAsync(new(text, bindings), cancellationToken);
            if (columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw site.Fail("configuration-invalid", $"The query gives the column '{twice.Key}' twice: give one of them another name with AS.", isTransient: false);
            return new(dialect.Derived(text), [.. columns.Select(dialect.Prepare)]) { Bindings = bindings };
        }

        var table = read.Read.Object!;
        var found = await session.ColumnsOfTableAsync(table, cancellationToken);
        return found.Count > 0
            ? new(dialect.QuoteName(table), [.. found.Select(dialect.Prepare)])
            : throw site.Fail("not-found", $"There is no table or view '{table}' that this user may see: 'ingest sources discover {site.Source.Source}' lists what there is.", isTransient: false);
    }

    IEnumerable<SqlColumn> Key(SqlTable table, SqlReadOptions options) =>
        options.Key.Count > 0 ? options.Key.Select(k => Column(table, k, "key")) : table.Columns.Where(c => c.Key);

    SqlColumn Column(SqlTable table, string name, string option) => table.Find(name) ?? throw site.Fail(
        "not-found", $"There is no column '{name}', which '{option}' names: {Suggestion.Phrase(name, [.. table.Columns.Select(c => c.Name)])}", isTransient: false);

    async Task<long> CountAsync(SqlStatement statement, CancellationToken cancellationToken) =>
        await session.ValueAsync(statement, cancellationToken) is { } count ? long.Parse(count.Text, CultureInfo.InvariantCulture) : 0;
}
