using System.Collections;

namespace DataIngestion.Tabular;

/// <summary>Collects lists: add the elements to <see cref="Elements"/>, then call <see cref="EndList"/>.</summary>
public sealed class ListBuilder : ColumnBuilder
{
    int[] _offsets = [];

    internal ListBuilder(DataType type)
        : base(type) => Elements = For(type.Element!);

    /// <summary>Takes the elements of the open list.</summary>
    public ColumnBuilder Elements { get; }

    /// <inheritdoc/>
    public override long Bytes => Elements.Bytes + 4L * Count;

    /// <summary>The elements added since the last list are a list.</summary>
    public void EndList()
    {
        MarkValid();
        Finish();
    }

    /// <summary>The elements added since the last list are several lists, one after the other.</summary>
    /// <param name="lengths">Elements of each; 0 where it is null.</param>
    /// <param name="nulls">One bit a list, least significant first, set where there is none; may be empty if all are.</param>
    /// <exception cref="ArgumentException">The lengths are not those of the elements.</exception>
    public void EndLists(ReadOnlySpan<int> lengths, ReadOnlySpan<byte> nulls)
    {
        Pool.Grow(ref _offsets, Count + 1, Math.Max(64, checked(Count + lengths.Length + 1)));
        var end = End;
        for (var i = 0; i < lengths.Length; i++)
            _offsets[Count + i + 1] = end = checked(end + lengths[i]);
        if (end != Elements.Count)
            throw new ArgumentException($"The lists have {end} elements together; {Elements.Count} were added.", nameof(lengths));
        MarkRows(lengths.Length, nulls);
        Count += lengths.Length;
    }

    /// <inheritdoc/>
    public override void AppendNull()
    {
        Elements.Truncate(End);
        MarkNull();
        Finish();
    }

    /// <inheritdoc/>
    public override void AppendFrom(ColumnVector source, int row)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.IsNull(row))
        {
            AppendNull();
            return;
        }

        var list = (ListColumn)source;
        for (var i = list.Offsets[row]; i < list.Offsets[row + 1]; i++)
            Elements.AppendFrom(list.Elements, i);
        EndList();
    }

    /// <summary>Adds null, or the elements of any collection.</summary>
    /// <exception cref="ArgumentException">An element does not fit; nothing was added.</exception>
    public override void AppendValue(object? value)
    {
        if (value is null)
        {
            AppendNull();
            return;
        }

        if (value is string or byte[] || value is not IEnumerable values)
            throw Unfit(value);
        try
        {
            foreach (var element in values)
                Elements.AppendValue(element);
        }
        catch (ArgumentException)
        {
            Elements.Truncate(End);
            throw;
        }

        EndList();
    }

    /// <inheritdoc/>
    public override void Truncate(int count)
    {
        if (count < Count)
        {
            TruncateValidity(count);
            Count = count;
        }

        Elements.Truncate(End);
    }

    /// <inheritdoc/>
    public override ColumnVector Detach()
    {
        Elements.Truncate(End);
        if (_offsets.Length == 0)
            _offsets = Pool.Rent<int>(1);
        _offsets[0] = 0;
        var (validity, nulls) = DetachValidity();
        var column = new ListColumn(Type, _offsets, Elements.Detach(), Count, validity, nulls);
        (_offsets, Count) = ([], 0);
        return column;
    }

    int End => Count == 0 ? 0 : _offsets[Count];

    void Finish()
    {
        if (Count + 1 >= _offsets.Length)
            Pool.Grow(ref _offsets, Count + 1, Math.Max(64, Count + 2));
        Count++;
        _offsets[Count] = Elements.Count;
    }
}
