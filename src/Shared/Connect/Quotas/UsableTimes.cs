namespace DataIngestion.Connect;

/// <summary>
/// The moments from which permits may be used, in order. Taken from the front and added at the end, or nearly: a permit comes back later
/// than those before it, except when it was held up less. So neither moves the others, however many there are.
/// </summary>
internal sealed class UsableTimes
{
    TimeSpan[] _ring = new TimeSpan[16];
    int _first;

    public int Count { get; private set; }

    public TimeSpan this[int index] => _ring[(_first + index) & (_ring.Length - 1)];

    /// <summary>How many are not after a moment.</summary>
    public int CountUpTo(TimeSpan moment)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle] <= moment)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    public void Add(TimeSpan moment, int count)
    {
        while (Count + count > _ring.Length)
            Grow();
        var last = Count - 1;
        for (; last >= 0 && this[last] > moment; last--)
            Set(last + count, this[last]);
        for (var i = 1; i <= count; i++)
            Set(last + i, moment);
        Count += count;
    }

    public void RemoveFirst(int count)
    {
        _first = (_first + count) & (_ring.Length - 1);
        Count -= count;
    }

    public void RemoveLast() => Count--;

    public void Clear() => (_first, Count) = (0, 0);

    void Set(int index, TimeSpan moment) => _ring[(_first + index) & (_ring.Length - 1)] = moment;

    void Grow()
    {
        var ring = new TimeSpan[_ring.Length * 2]; // a power of two, so that places are found by a mask
        for (var i = 0; i < Count; i++)
            ring[i] = this[i];
        (_ring, _first) = (ring, 0);
    }
}
