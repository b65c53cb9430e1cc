using System.Text;

namespace DataIngestion.Tabular;

/// <summary>Some rows of a table, column by column. Immutable; the one that consumes it disposes it, which gives its memory back.</summary>
public sealed class RecordBatch : IDisposable
{
    readonly ColumnVector[] _columns;

    /// <exception cref="ArgumentException">The columns do not match the schema, or differ in length.</exception>
    public RecordBatch(DataSchema schema, IReadOnlyList<ColumnVector> columns)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(columns);
        if (schema.Count != columns.Count)
            throw new ArgumentException($"The schema has {schema.Count} columns, the batch {columns.Count}.", nameof(columns));
        _columns = [.. columns];
        Schema = schema;
        Count = _columns.Length == 0 ? 0 : _columns[0].Count;
        for (var i = 0; i < _columns.Length; i++)
        {
            if (_columns[i].Type != schema[i].Type)
                throw new ArgumentException($"Column '{schema[i].Name}' is {schema[i].Type} in the schema and {_columns[i].Type} in the batch.", nameof(columns));
            if (_columns[i].Count != Count)
                throw new ArgumentException($"Column '{schema[i].Name}' has {_columns[i].Count} rows, not {Count}.", nameof(columns));
            if (!schema[i].Nullable && _columns[i].NullCount > 0)
                throw new ArgumentException($"Column '{schema[i].Name}' may not be null and is so in {_columns[i].NullCount} rows.", nameof(columns));
        }
    }

    /// <summary>Names and types of the columns.</summary>
    public DataSchema Schema { get; }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>The columns in the order of the schema.</summary>
    public IReadOnlyList<ColumnVector> Columns => _columns;

    /// <summary>The column of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ColumnVector this[string name] => Schema.IndexOf(name) is >= 0 and var index
        ? _columns[index]
        : throw new KeyNotFoundException($"There is no column '{name}'; there are {string.Join(", ", Schema.Select(c => c.Name))}.");

    /// <summary>One row as values for people and tests, see <see cref="ColumnVector.GetValue"/>.</summary>
    public object?[] GetRow(int row) => Array.ConvertAll(_columns, c => c.GetValue(row));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var column in _columns)
            column.Dispose();
    }

    /// <summary>The schema and the first rows.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Count} rows: {string.Join(", ", Schema.Select(c => $"{c.Name} {c.Type}"))}");
        for (var row = 0; row < Math.Min(5, Count); row++)
            text.Append('\n').AppendJoin(" | ", _columns.Select(c => c.GetText(row) ?? "(null)"));
        return text.ToString();
    }
}
