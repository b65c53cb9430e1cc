using System.Text;

namespace DataIngestion.Tabular;

/// <summary>A column of text (UTF-8) or bytes: one run of bytes and where each row starts in it.</summary>
public sealed class BytesColumn : ColumnVector
{
    int[]? _offsets;
    byte[]? _data;

    internal BytesColumn(DataType type, int[] offsets, byte[] data, int count, byte[]? validity, int nullCount)
        : base(type, count, validity, nullCount) => (_offsets, _data) = (offsets, data);

    /// <summary><see cref="ColumnVector.Count"/> + 1 places in <see cref="Data"/>; row i is <c>[Offsets[i], Offsets[i + 1])</c>, empty where it is null.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Count + 1);

    /// <summary>The bytes of all rows.</summary>
    public ReadOnlySpan<byte> Data => _data.AsSpan(0, _offsets is null ? 0 : _offsets[Count]);

    /// <summary>The bytes of one row; empty where it is null.</summary>
    public ReadOnlySpan<byte> this[int row] => _data.AsSpan(_offsets![row], _offsets[row + 1] - _offsets[row]);

    /// <inheritdoc/>
    public override object? GetValue(int row)
    {
        if (IsNull(row))
            return null;
        return Type.Kind == DataKind.String ? Encoding.UTF8.GetString(this[row]) : this[row].ToArray();
    }

    /// <inheritdoc/>
    public override string? GetText(int row)
    {
        if (IsNull(row))
            return null;
        return Type.Kind == DataKind.String ? Encoding.UTF8.GetString(this[row]) : Convert.ToHexStringLower(this[row]);
    }

    /// <summary>Text compares by UTF-8 bytes, which is the order of code points.</summary>
    public override int Compare(int row, ColumnVector other, int otherRow)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsNull(row) || other.IsNull(otherRow))
            return other.IsNull(otherRow).CompareTo(IsNull(row));
        return other is BytesColumn bytes && bytes.Type == Type ? this[row].SequenceCompareTo(bytes[otherRow]) : throw Incomparable(other);
    }

    /// <inheritdoc/>
    public override ulong Hash(int row) => IsNull(row) ? CellHash.Null : CellHash.Of(this[row]);

    private protected override void Release()
    {
        Pool.Return(ref _offsets);
        Pool.Return(ref _data);
    }
}
