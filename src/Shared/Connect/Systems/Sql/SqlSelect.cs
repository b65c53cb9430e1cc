using System.Text;

namespace DataIngestion.Connect;

/// <summary>A statement and the values of its parameters, in their order.</summary>
internal sealed record SqlStatement(string Text, IReadOnlyList<SqlBinding> Bindings);

/// <summary>Writes the statements that read a table: nothing but SELECT.</summary>
/// <param name="dialect">How the database writes it.</param>
/// <param name="table">What is read.</param>
/// <param name="selected">Columns that are read.</param>
/// <param name="cursor">Column of the cursor; null for none.</param>
/// <param name="key">Columns of the key without the cursor.</param>
/// <param name="where">Condition of the configuration.</param>
internal sealed class SqlSelect(SqlDialect dialect, SqlTable table, IReadOnlyList<SqlColumn> selected, SqlColumn? cursor, IReadOnlyList<SqlColumn> key, string? where)
{
    /// <summary>What is read.</summary>
    public SqlTable Table => table;

    /// <summary>Columns that are read, in order.</summary>
    public IReadOnlyList<SqlColumn> Selected => selected;

    /// <summary>Column of the cursor.</summary>
    public SqlColumn? Cursor => cursor;

    /// <summary>Columns that order the rows: the cursor, then the key.</summary>
    public IReadOnlyList<SqlColumn> Order { get; } = cursor is null ? key : [cursor, .. key];

    /// <summary>The rows of a range, in order.</summary>
    public SqlStatement Rows(SqlRange range)
    {
        var text = Begin(string.Join(", ", selected.Select(dialect.Selected)), out var bindings);
        Where(text, bindings, range);
        if (Order.Count > 0)
            text.Append("\nORDER BY ").AppendJoin(", ", Order.Select(dialect.Column));
        return new(text.ToString(), bindings);
    }

    /// <summary>The greatest value of the cursor in a range; of instants, the greatest that is not in the future by the database's clock.</summary>
    public SqlStatement Upper(SqlRange range)
    {
        var text = Begin(dialect.AsText($"max({dialect.Column(cursor!)})"), out var bindings);
        string?[] more = [dialect.Finite(cursor!), dialect.Now(cursor!) is { } now ? $"{dialect.Column(cursor!)} <= {now}" : null];
        Where(text, bindings, range, [.. more.OfType<string>()]);
        return new(text.ToString(), bindings);
    }

    /// <summary>How many rows have no value in their cursor, or one that nothing comes after; null where there can be none.</summary>
    public SqlStatement? WithoutCursor()
    {
        var finite = dialect.Finite(cursor!);
        if (!cursor!.Nullable && finite is null)
            return null;
        var text = Begin(dialect.CountSql, out var bindings);
        Where(text, bindings, new(), $"({dialect.Column(cursor)} IS NULL{(finite is null ? "" : $" OR NOT ({finite})")})");
        return new(text.ToString(), bindings);
    }

    /// <summary>How many rows have no value in a column of the key; null where there can be none.</summary>
    public SqlStatement? WithoutKey()
    {
        var nullable = key.Where(k => k.Nullable).ToList();
        if (nullable.Count == 0)
            return null;
        var text = Begin(dialect.CountSql, out var bindings);
        Where(text, bindings, new(), $"({string.Join(" OR ", nullable.Select(k => $"{dialect.Column(k)} IS NULL"))})");
        return new(text.ToString(), bindings);
    }

    StringBuilder Begin(string what, out List<SqlBinding> bindings)
    {
        bindings = [.. table.Bindings];
        return new StringBuilder("SELECT ").Append(what).Append("\nFROM ").Append(table.From).Append(' ').Append(SqlDialect.Alias);
    }

    void Where(StringBuilder text, List<SqlBinding> bindings, SqlRange range, params IEnumerable<string> more)
    {
        var conditions = new List<string>();
        if (!string.IsNullOrWhiteSpace(where))
            conditions.Add($"({where}\n)"); // on a line of its own, should it end in a remark
        if (range.From is { } from)
            conditions.Add($"{dialect.Column(cursor!)} >= {Bound(bindings, cursor!, from)}");
        if (range.After is { } after)
            conditions.Add(Behind(bindings, after.Cursor is { } value ? [value, .. after.Key] : after.Key));
        if (range.To is { } to)
            conditions.Add($"{dialect.Column(cursor!)} < {Bound(bindings, cursor!, to)}");
        if (range.Upper is { } upper)
            conditions.Add($"{dialect.Column(cursor!)} <= {Bound(bindings, cursor!, upper)}");
        conditions.AddRange(more);
        if (conditions.Count > 0)
            text.Append("\nWHERE ").AppendJoin(" AND ", conditions);
    }

    // Rows behind a row: (a, b) > (x, y), or what means the same where the database does not know that: a >= x AND (a > x OR b > y),
    // whose first half an index can begin with.
    string Behind(List<SqlBinding> bindings, IReadOnlyList<SqlValue> values)
    {
        if (Order.Count == 1)
            return $"{dialect.Column(Order[0])} > {Bound(bindings, Order[0], values[0])}";
        if (dialect.ComparesRows)
            return $"({string.Join(", ", Order.Select(dialect.Column))}) > ({string.Join(", ", Order.Select((c, i) => Bound(bindings, c, values[i])))})";
        return Behind(0);

        string Behind(int at)
        {
            var name = dialect.Column(Order[at]);
            return at == Order.Count - 1
                ? $"{name} > {Bound(bindings, Order[at], values[at])}"
                : $"({name} >= {Bound(bindings, Order[at], values[at])} AND ({name} > {Bound(bindings, Order[at], values[at])} OR {Behind(at + 1)}))";
        }
    }

    string Bound(List<SqlBinding> bindings, SqlColumn column, SqlValue value)
    {
        var binding = new SqlBinding(value, column);
        bindings.Add(binding);
        return dialect.Parameter(bindings.Count - 1, binding, column.Type);
    }
}
