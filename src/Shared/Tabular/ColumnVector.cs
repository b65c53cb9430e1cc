namespace DataIngestion.Tabular;

/// <summary>
/// The values of one column for the rows of a batch. Immutable; memory is pooled and given back by <see cref="Dispose"/>
/// (usually through the batch), after which nothing of the column may be touched.
/// </summary>
public abstract class ColumnVector : IDisposable
{
    byte[]? _validity;

    private protected ColumnVector(DataType type, int count, byte[]? validity, int nullCount)
    {
        Type = type;
        Count = count;
        NullCount = nullCount;
        _validity = validity;
    }

    /// <summary>What the values are.</summary>
    public DataType Type { get; }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Rows without a value.</summary>
    public int NullCount { get; }

    /// <summary>One bit a row, least significant first, set where there is a value; empty when no row is null.</summary>
    public ReadOnlySpan<byte> Validity => NullCount == 0 ? default : _validity.AsSpan(0, (Count + 7) / 8);

    /// <summary>Whether the row has no value.</summary>
    public bool IsNull(int row) => NullCount != 0 && (_validity![row >> 3] & (1 << (row & 7))) == 0;

    /// <summary>
    /// The value for people and tests, null where there is none: <see cref="bool"/>, <see cref="long"/> for every integer
    /// (<see cref="ulong"/> for unsigned), <see cref="decimal"/> up to 28 digits and <see cref="ExactDecimal"/> beyond, <see cref="double"/>,
    /// <see cref="float"/>, <see cref="string"/>, a byte array, <see cref="DateOnly"/> (<see cref="long"/> days outside years 1–9999),
    /// <see cref="TimeValue"/>, <see cref="TimestampValue"/>, <see cref="DurationValue"/>; for lists an array of elements, for structs one of fields.
    /// </summary>
    public abstract object? GetValue(int row);

    /// <summary>The value as exact, invariant text (ISO 8601, every digit of a decimal, hexadecimal bytes, JSON of lists and structs); null where there is none.</summary>
    public abstract string? GetText(int row);

    /// <summary>
    /// Compares two cells. Null is less than every value and equal to null. Integers and decimals compare by number,
    /// floating numbers too, and timestamps by moment, whatever their types; otherwise both columns must be of the same kind.
    /// </summary>
    /// <exception cref="ArgumentException">The kinds cannot be compared.</exception>
    public abstract int Compare(int row, ColumnVector other, int otherRow);

    /// <summary>Whether <see cref="Compare"/> is zero.</summary>
    public bool ValueEquals(int row, ColumnVector other, int otherRow) => Compare(row, other, otherRow) == 0;

    /// <summary>A hash that is equal for cells that <see cref="ValueEquals"/>; stable between processes.</summary>
    public abstract ulong Hash(int row);

    private protected ArgumentException Incomparable(ColumnVector other) =>
        new($"A {other.Type} cannot be compared with a {Type}.", nameof(other));

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Pool.Return(ref _validity);
        Release();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Release();
}
