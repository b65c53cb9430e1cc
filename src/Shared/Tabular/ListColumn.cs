using System.Text;

namespace DataIngestion.Tabular;

/// <summary>A column of lists: the elements of all rows in one column, and where each row starts in it.</summary>
public sealed class ListColumn : ColumnVector
{
    int[]? _offsets;

    internal ListColumn(DataType type, int[] offsets, ColumnVector elements, int count, byte[]? validity, int nullCount)
        : base(type, count, validity, nullCount) => (_offsets, Elements) = (offsets, elements);

    /// <summary><see cref="ColumnVector.Count"/> + 1 places in <see cref="Elements"/>; row i is <c>[Offsets[i], Offsets[i + 1])</c>, empty where it is null.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Count + 1);

    /// <summary>The elements of all rows.</summary>
    public ColumnVector Elements { get; }

    /// <summary>Elements of one row; 0 where it is null.</summary>
    public int Length(int row) => _offsets![row + 1] - _offsets[row];

    /// <inheritdoc/>
    public override object? GetValue(int row)
    {
        if (IsNull(row))
            return null;
        var values = new object?[Length(row)];
        for (var i = 0; i < values.Length; i++)
            values[i] = Elements.GetValue(_offsets![row] + i);
        return values;
    }

    /// <inheritdoc/>
    public override string? GetText(int row) => IsNull(row) ? null : NestedText.Of(this, row);

    internal void AppendText(int row, StringBuilder text)
    {
        text.Append('[');
        for (var i = _offsets![row]; i < _offsets[row + 1]; i++)
        {
            if (i > _offsets[row])
                text.Append(',');
            NestedText.Append(Elements, i, text);
        }

        text.Append(']');
    }

    /// <summary>Lists compare element by element; one that begins another is less.</summary>
    public override int Compare(int row, ColumnVector other, int otherRow)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsNull(row) || other.IsNull(otherRow))
            return other.IsNull(otherRow).CompareTo(IsNull(row));
        if (other is not ListColumn list)
            throw Incomparable(other);
        var (mine, theirs) = (Length(row), list.Length(otherRow));
        for (var i = 0; i < Math.Min(mine, theirs); i++)
        {
            if (Elements.Compare(_offsets![row] + i, list.Elements, list._offsets![otherRow] + i) is not 0 and var order)
                return order;
        }

        return mine.CompareTo(theirs);
    }

    /// <inheritdoc/>
    public override ulong Hash(int row)
    {
        if (IsNull(row))
            return CellHash.Null;
        var hash = CellHash.Of((ulong)Length(row));
        for (var i = _offsets![row]; i < _offsets[row + 1]; i++)
            hash = CellHash.Combine(hash, Elements.Hash(i));
        return hash;
    }

    private protected override void Release()
    {
        Pool.Return(ref _offsets);
        Elements.Dispose();
    }
}
