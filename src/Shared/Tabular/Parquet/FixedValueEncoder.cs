using System.Numerics;
using System.Runtime.CompilerServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Values of one width: a dictionary where the first page of the chunk shows that it pays, and what the derived class knows otherwise.</summary>
internal abstract class FixedValueEncoder<T>(ParquetWriteOptions options) : ValueEncoder
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <summary>Values by which a column shows early that it does not repeat.</summary>
    const int Sample = 4096;
    readonly ValueDictionary<T> _dictionary = new();
    readonly ByteSink _trial = new();
    T[] _page = [];
    int[] _indices = [];
    int _count;
    bool _mayIndex = options.Dictionary;
    bool _hasIndexed;
    T _min;
    T _max;
    bool _hasBounds;
    T _lastMin;
    T _lastMax;
    bool _ascends = true;
    bool _descends = true;

    protected bool IsClassic => options.Classic;

    public override int DictionaryCount => _hasIndexed ? _dictionary.Count : 0;

    public override PageOrder Order => _ascends ? PageOrder.Ascending : _descends ? PageOrder.Descending : PageOrder.Unordered;

    public override void Add(ColumnVector values, int start, int length)
    {
        // One more than needed: compaction writes before it knows.
        Pool.Grow(ref _page, _count, _count + length + 1);
        _count += FixedValues.Gather(values, start, length, _page.AsSpan(_count));
    }

    public override PageEncoding EndPage(ByteSink output, out Bounds bounds)
    {
        var page = _page.AsSpan(0, _count);
        _count = 0;
        bounds = default;
        if (page.IsEmpty)
            return PageEncoding.Plain;
        if (TryBound(page, out var min, out var max))
        {
            bounds = ToBounds(min, max);
            Follow(min, max);
        }

        if (_mayIndex && (_hasIndexed ? WriteIndices(page, page.Length, output) : BeginDictionary(page, output)))
            return PageEncoding.RleDictionary;
        return WriteDirect(page, output);
    }

    void Follow(T min, T max)
    {
        var (least, greatest) = (min, max);
        if (_hasBounds)
        {
            TryBound([_lastMin, min], out var lowest, out _);
            TryBound([_lastMax, max], out _, out var highest);
            _ascends &= lowest == _lastMin && highest == max;
            _descends &= lowest == min && highest == _lastMax;
            TryBound([min, max, _min, _max], out least, out greatest);
        }

        (_min, _max, _lastMin, _lastMax, _hasBounds) = (least, greatest, min, max, true);
    }

    /// <summary>Decides at the first page of a chunk, by the bytes of either form.</summary>
    bool BeginDictionary(ReadOnlySpan<T> page, ByteSink output)
    {
        _mayIndex = false;
        var sample = page[..Math.Min(page.Length, Sample)];
        if (!Index(sample, sample.Length - sample.Length / 4))
            return Forget();
        var start = output.Length;
        if (!WriteIndices(page, page.Length / 2, output))
            return Forget();
        // Half of the entries are charged to this page, the rest to those that follow.
        var cost = output.Length - start + (long)_dictionary.Count * Unsafe.SizeOf<T>() / 2;
        _trial.Clear();
        var direct = WriteDirect(page, _trial);
        var saved = _trial.Length - cost;
        if (direct == PageEncoding.DeltaBinaryPacked ? saved >= _trial.Length / 8 : saved > 0)
            return _mayIndex = _hasIndexed = true;
        output.Truncate(start);
        return Forget();
    }

    bool Forget()
    {
        _dictionary.Clear();
        return false;
    }

    /// <returns>False, with nothing written, when the dictionary would grow beyond <paramref name="most"/>.</returns>
    bool WriteIndices(ReadOnlySpan<T> page, int most, ByteSink output)
    {
        if (!Index(page, _hasIndexed ? int.MaxValue : most))
            return false;
        var width = HybridRuns.WidthFor(_dictionary.Count);
        output.Write([(byte)width]);
        HybridRuns.Encode(_indices.AsSpan(0, page.Length), width, output);
        if ((long)_dictionary.Count * Unsafe.SizeOf<T>() > options.DictionaryBytes)
            _mayIndex = false;
        return true;
    }

    bool Index(ReadOnlySpan<T> values, int most)
    {
        Pool.Grow(ref _indices, 0, values.Length);
        var indices = _indices;
        for (var i = 0; i < values.Length; i++)
        {
            indices[i] = _dictionary.Add(values[i]);
            if (_dictionary.Count > most)
                return false;
        }

        return true;
    }

    /// <summary>The least and the greatest value in the order of the column's type; false where there are none that compare.</summary>
    protected abstract bool TryBound(ReadOnlySpan<T> values, out T min, out T max);

    protected virtual Bounds ToBounds(T min, T max) => new(ToBytes(min), ToBytes(max));

    byte[] ToBytes(T value)
    {
        using var sink = new ByteSink();
        WritePlain([value], sink);
        return sink.Span.ToArray();
    }

    protected abstract void WritePlain(ReadOnlySpan<T> values, ByteSink output);

    /// <summary>Writes a page without a dictionary.</summary>
    protected abstract PageEncoding WriteDirect(ReadOnlySpan<T> values, ByteSink output);

    public override void WriteDictionary(ByteSink output) => WritePlain(_dictionary.Values, output);

    public override Bounds ChunkBounds() => _hasBounds ? ToBounds(_min, _max) : default;

    public override void Clear()
    {
        _dictionary.Clear();
        (_mayIndex, _hasIndexed, _hasBounds) = (options.Dictionary, false, false);
        (_ascends, _descends) = (true, true);
    }

    public override void Dispose()
    {
        T[]? page = _page;
        int[]? indices = _indices;
        Pool.Return(ref page);
        Pool.Return(ref indices);
        (_page, _indices, _count) = ([], [], 0);
        _trial.Dispose();
    }
}
