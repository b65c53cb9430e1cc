using System.Data.Common;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>How one database writes what all of them can.</summary>
internal abstract class SqlDialect
{
    /// <summary>Statement that gives the product's version as one text.</summary>
    public abstract string VersionSql { get; }

    /// <summary>The name that what is read has in a statement.</summary>
    public const string Alias = "src";

    /// <summary>Whether the database compares rows, <c>(a, b) &gt; (x, y)</c>, and finds the place in an index by it.</summary>
    public virtual bool ComparesRows => false;

    /// <summary>Expression for the database's time now, for columns whose type is an instant; null for others, of whose clock nobody knows.</summary>
    public virtual string? Now(SqlColumn column) => null;

    /// <summary>Expression for the database's time now, for <c>{to}</c>.</summary>
    public abstract string NowSql { get; }

    /// <summary>Whether a column's values are written with their time zone.</summary>
    public virtual bool HasZone(SqlColumn column) => false;

    /// <summary>An expression as the text that goes into a position; the expression itself where its values are written as rows are.</summary>
    public virtual string AsText(string expression) => expression;

    /// <summary>An identifier as it stands in a statement, whatever it holds.</summary>
    /// <exception cref="StepFailedException">No identifier can be that (<c>configuration-invalid</c>).</exception>
    public string Quote(string identifier)
    {
        if (identifier.Length == 0 || identifier.Contains('\0', StringComparison.Ordinal))
            throw new StepFailedException(new() { Code = "configuration-invalid", Message = $"'{identifier.Replace("\0", "\\0", StringComparison.Ordinal)}' is not the name of anything in a database." });
        return QuoteCore(identifier);
    }

    /// <summary>A name such as <c>market.trades</c> as it stands in a statement.</summary>
    /// <exception cref="StepFailedException">It cannot be read (<c>configuration-invalid</c>).</exception>
    public string QuoteName(string name) => string.Join('.', PartsOf(name).Select(Quote));

    /// <summary>The expression for a bound value.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="binding">The value.</param>
    /// <param name="type">Type that it is to be read as; null for its own.</param>
    public abstract string Parameter(int index, SqlBinding binding, string? type);

    /// <summary>The type in SQL that a query's parameter has, by the cursor's type; null for its own.</summary>
    public virtual string? TypeOf(CursorType type) => null;

    /// <summary>A query as it stands in a FROM.</summary>
    public virtual string Derived(string query) => $"(\n{query}\n)";

    /// <summary>A column as it stands in a select list; gives it its name.</summary>
    public virtual string Selected(SqlColumn column) => Column(column);

    /// <summary>A column in conditions and orders, where the names of a select list must not be taken for it.</summary>
    public string Column(SqlColumn column) => $"{Alias}.{Quote(column.Name)}";

    /// <summary>Condition that leaves out values of a cursor that nothing comes after, such as infinity; null for none.</summary>
    public virtual string? Finite(SqlColumn column) => null;

    /// <summary>Binds a value, by the name or place that <see cref="Parameter"/> gave it.</summary>
    public virtual void Bind(DbCommand command, int index, SqlBinding binding)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = $"p{index}";
        parameter.Value = ToParameter(binding) ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    /// <summary>A column with what the database knows of its values: how they have to be selected and written.</summary>
    public virtual SqlColumn Prepare(SqlColumn column) => column;

    /// <summary>Expression that counts rows.</summary>
    public virtual string CountSql => "count(*)";

    /// <summary>A value as the driver wants it.</summary>
    protected virtual object? ToParameter(SqlBinding binding) => binding.Value is { } value ? SqlParameters.Parse(value, binding.Column?.ClrType) : null;

    /// <summary>
    /// Statement that lists columns, ordered by table and position: schema, table, kind (table, view), estimate of rows, column, type,
    /// nullable and key (0 or 1); null where the database has no catalogue that we know.
    /// </summary>
    /// <param name="name">Parts of the only table to list; null for all. They are bound as @p0 (schema or null) and @p1.</param>
    public abstract string? CatalogueSql(IReadOnlyList<string>? name);

    /// <summary>The parts of a name.</summary>
    /// <exception cref="StepFailedException">It cannot be read (<c>configuration-invalid</c>).</exception>
    public static IReadOnlyList<string> PartsOf(string name) => SqlName.TryParse(name) ?? throw new StepFailedException(new()
    {
        Code = "configuration-invalid",
        Message = $"'{name}' is not the name of a table: expected table or schema.table; a part with dots or quotes stands in double quotes.",
    });

    /// <summary>The identifier in quotes.</summary>
    protected abstract string QuoteCore(string identifier);

    /// <summary>An identifier in quotes that are doubled inside.</summary>
    protected static string Within(char open, string identifier, char close) =>
        $"{open}{identifier.Replace($"{close}", $"{close}{close}", StringComparison.Ordinal)}{close}";
}
