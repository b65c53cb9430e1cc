using System.Runtime.CompilerServices;
using System.Text;

namespace DataIngestion.Tabular;

/// <summary>Collects text or bytes.</summary>
public sealed class BytesBuilder : ColumnBuilder, IDenseBuilder
{
    /// <summary>Whoever reserves room reserves more than is needed.</summary>
    const int Slack = 64 << 10;
    int[] _offsets = [];
    byte[] _data = [];
    int _used;
    (int Rows, int Bytes) _last = (64, 0); // of the batch before: the next one is likely to have as many

    internal BytesBuilder(DataType type)
        : base(type)
    {
    }

    /// <inheritdoc/>
    public override long Bytes => _used + 4L * Count;

    /// <summary>Adds a value. The bytes of text must be valid UTF-8; that is the caller's to check.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ReadOnlySpan<byte> value)
    {
        MarkValid();
        if (_data.Length - _used < value.Length)
            GrowData(value.Length);
        value.CopyTo(_data.AsSpan(_used));
        _used += value.Length;
        Finish();
    }

    /// <summary>Room for more values at once; <see cref="Commit"/> says how many of them were written.</summary>
    /// <param name="rows">Values, at most.</param>
    /// <param name="bytes">All their bytes, at most.</param>
    /// <param name="ends">Takes the end of each value, counted from the start of <paramref name="data"/>.</param>
    /// <param name="data">Takes the bytes of the values, one after the other.</param>
    public void Reserve(int rows, int bytes, out Span<int> ends, out Span<byte> data)
    {
        Pool.Grow(ref _offsets, Count + 1, Math.Max(_last.Rows, checked(Count + rows + 1)));
        if (_data.Length - _used < bytes)
            GrowData(Math.Max(_last.Bytes - _used, bytes));
        ends = _offsets.AsSpan(Count + 1, rows);
        data = _data.AsSpan(_used);
    }

    /// <summary>Takes over values that were written into reserved memory.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="nulls">One bit a row, least significant first, set where there is no value (which must be empty); may be empty if there is none.</param>
    public void Commit(int rows, ReadOnlySpan<byte> nulls)
    {
        if (rows == 0)
            return;
        var ends = _offsets.AsSpan(Count + 1, rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ends[^1], _data.Length - _used, nameof(rows));
        var start = _used;
        foreach (ref var end in ends)
            end += start;
        _used = ends[^1];
        MarkRows(rows, nulls);
        Count += rows;
    }

    /// <summary>Adds text.</summary>
    public void Append(ReadOnlySpan<char> value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_data.Length - _used < most)
            GrowData(most);
        MarkValid();
        _used += Encoding.UTF8.GetBytes(value, _data.AsSpan(_used));
        Finish();
    }

    /// <inheritdoc/>
    public override void AppendNull()
    {
        MarkNull();
        Finish();
    }

    /// <summary>The bytes of all rows.</summary>
    internal ReadOnlySpan<byte> AllBytes => _data.AsSpan(0, _used);

    /// <summary>The bytes of a row.</summary>
    internal ReadOnlySpan<byte> this[int row]
    {
        get
        {
            var start = row == 0 ? 0 : _offsets[row];
            return _data.AsSpan(start, _offsets[row + 1] - start);
        }
    }

    void IDenseBuilder.AppendNulls(int rows)
    {
        Reserve(rows, 0, out var ends, out _);
        ends.Fill(_used);
        MarkNull(rows);
        Count += rows;
    }

    void IDenseBuilder.Spread(int dense, ReadOnlySpan<byte> levels, byte present)
    {
        Reserve(levels.Length - dense, 0, out _, out _);
        Count -= dense;
        MarkLevels(levels, present, levels.Length - dense);
        if (Count == 0)
            _offsets[0] = 0;
        var ends = _offsets.AsSpan(Count, levels.Length + 1);
        for (var (to, from) = (levels.Length, dense); to > from; to--)
        {
            ends[to] = ends[from];
            if (levels[to - 1] == present)
                from--;
        }

        Count += levels.Length;
    }

    /// <inheritdoc/>
    public override void AppendFrom(ColumnVector source, int row)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.IsNull(row))
            AppendNull();
        else
            Append(((BytesColumn)source)[row]);
    }

    /// <inheritdoc/>
    public override void AppendValue(object? value)
    {
        switch (value)
        {
            case null:
                AppendNull();
                break;
            case string text when Type.Kind == DataKind.String:
                Append(text);
                break;
            case byte[] bytes when Type.Kind == DataKind.Binary:
                Append(bytes);
                break;
            default:
                throw Unfit(value);
        }
    }

    /// <inheritdoc/>
    public override void Truncate(int count)
    {
        if (count >= Count)
            return;
        TruncateValidity(count);
        _used = count == 0 ? 0 : _offsets[count];
        Count = count;
    }

    /// <inheritdoc/>
    public override ColumnVector Detach()
    {
        if (_offsets.Length == 0)
            _offsets = Pool.Rent<int>(1);
        _offsets[0] = 0;
        var (validity, nulls) = DetachValidity();
        var column = new BytesColumn(Type, _offsets, _data, Count, validity, nulls);
        _last = (Math.Max(64, Count + 1), checked(_used + Slack));
        (_offsets, _data, _used, Count) = ([], [], 0, 0);
        return column;
    }

    void GrowData(int more) => Pool.Grow(ref _data, _used, Math.Max(256, checked(_used + more)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Finish()
    {
        if (Count + 1 >= _offsets.Length)
            Pool.Grow(ref _offsets, Count + 1, Math.Max(64, Count + 2));
        Count++;
        _offsets[Count] = _used;
    }
}
