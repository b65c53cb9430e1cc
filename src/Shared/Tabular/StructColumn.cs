using System.Text;

namespace DataIngestion.Tabular;

/// <summary>A column of structs: one column a field, each with a row for every row of this one (null where this one is null).</summary>
public sealed class StructColumn : ColumnVector
{
    readonly ColumnVector[] _fields;

    internal StructColumn(DataType type, ColumnVector[] fields, int count, byte[]? validity, int nullCount)
        : base(type, count, validity, nullCount) => _fields = fields;

    /// <summary>The columns of the fields, in the order of <see cref="DataType.Fields"/>.</summary>
    public IReadOnlyList<ColumnVector> Fields => _fields;

    /// <summary>The column of the field of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ColumnVector this[string name] => Type.Fields!.IndexOf(name) is >= 0 and var index
        ? _fields[index]
        : throw new KeyNotFoundException($"There is no field '{name}'; there are {string.Join(", ", Type.Fields.Select(f => f.Name))}.");

    /// <inheritdoc/>
    public override object? GetValue(int row) => IsNull(row) ? null : Array.ConvertAll(_fields, f => f.GetValue(row));

    /// <inheritdoc/>
    public override string? GetText(int row) => IsNull(row) ? null : NestedText.Of(this, row);

    internal void AppendText(int row, StringBuilder text)
    {
        for (var i = 0; i < _fields.Length; i++)
        {
            text.Append(i == 0 ? '{' : ',');
            NestedText.AppendString(Type.Fields![i].Name, text);
            text.Append(':');
            NestedText.Append(_fields[i], row, text);
        }

        text.Append('}');
    }

    /// <summary>Structs compare field by field, by place; both must have as many.</summary>
    public override int Compare(int row, ColumnVector other, int otherRow)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsNull(row) || other.IsNull(otherRow))
            return other.IsNull(otherRow).CompareTo(IsNull(row));
        if (other is not StructColumn fields || fields._fields.Length != _fields.Length)
            throw Incomparable(other);
        for (var i = 0; i < _fields.Length; i++)
        {
            if (_fields[i].Compare(row, fields._fields[i], otherRow) is not 0 and var order)
                return order;
        }

        return 0;
    }

    /// <inheritdoc/>
    public override ulong Hash(int row)
    {
        if (IsNull(row))
            return CellHash.Null;
        var hash = 1UL;
        foreach (var field in _fields)
            hash = CellHash.Combine(hash, field.Hash(row));
        return hash;
    }

    private protected override void Release()
    {
        foreach (var field in _fields)
            field.Dispose();
    }
}
