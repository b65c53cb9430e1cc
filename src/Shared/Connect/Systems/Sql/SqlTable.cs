namespace DataIngestion.Connect;

/// <summary>What is read: its columns, and how it stands in a FROM.</summary>
/// <param name="From">Quoted name, or a query in brackets with an alias.</param>
/// <param name="Columns">All its columns, in order.</param>
internal sealed record SqlTable(string From, IReadOnlyList<SqlColumn> Columns)
{
    /// <summary>Texts for <c>{from}</c> and <c>{to}</c> that <see cref="From"/> has parameters for, in their order.</summary>
    public IReadOnlyList<SqlBinding> Bindings { get; init; } = [];

    /// <summary>A column by name; null when there is none.</summary>
    public SqlColumn? Find(string name) => Columns.FirstOrDefault(c => c.Name == name);
}

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The database's own type.</param>
/// <param name="Nullable">Whether a row may lack a value; true where nobody knows.</param>
/// <param name="Key">Whether it belongs to the primary key.</param>
internal sealed record SqlColumn(string Name, string Type, bool Nullable, bool Key)
{
    /// <summary>The driver's type, where it was asked for.</summary>
    public Type? ClrType { get; init; }

    /// <summary>How its text stands in JSON, where it is selected as text.</summary>
    public SqlJsonKind JsonKind { get; init; }

    /// <summary>As discovery shows it.</summary>
    public SourceColumn ToSourceColumn() => new(Name, Type, Nullable, Key);
}

/// <summary>A value on its way into a statement.</summary>
/// <param name="Value">The value; null for NULL.</param>
/// <param name="Column">The column that it is compared with; null for a parameter of a query.</param>
internal sealed record SqlBinding(SqlValue? Value, SqlColumn? Column);
