using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Values of 4, 8 or 16 bytes. Floating numbers are handled as the bits they are; those of 32 bits have no bounds.</summary>
internal sealed class FixedChunkWriter<T>(PhysicalColumn column, ParquetWriteOptions options) : ChunkWriter(column, options)
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    static readonly int Width = Marshal.SizeOf<T>();
    readonly ValueDictionary<T> _dictionary = new();
    T[] _page = [];
    int[] _indices = [];
    int _count;
    T _min = T.MaxValue;
    T _max = T.MinValue;
    bool _hasBounds;

    protected override long OpenPageBytes => (long)_count * Width;

    protected override void AddValues(ColumnVector values, int start, int length)
    {
        if (_page.Length < _count + length)
            Pool.Grow(ref _page, _count, _count + length);
        var added = Gather(values, start, length, _page.AsSpan(_count));
        var fresh = _page.AsSpan(_count, added);
        if (UsesDictionary)
        {
            Pool.Grow(ref _indices, _count, _count + added);
            for (var i = 0; i < fresh.Length; i++)
                _indices[_count + i] = _dictionary.Add(fresh[i]);
        }

        Bound(fresh);
        _count += added;
    }

    void Bound(ReadOnlySpan<T> values)
    {
        if (values.IsEmpty || Column.Physical == PhysicalType.Float)
            return;
        if (Column.Physical == PhysicalType.Double)
        {
            BoundDoubles(MemoryMarshal.Cast<T, double>(values));
            return;
        }

        var (min, max) = (_min, _max);
        foreach (var value in values)
        {
            min = value < min ? value : min;
            max = value > max ? value : max;
        }

        (_min, _max, _hasBounds) = (min, max, true);
    }

    double _minDouble = double.PositiveInfinity;
    double _maxDouble = double.NegativeInfinity;

    void BoundDoubles(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (double.IsNaN(value))
                continue;
            _minDouble = Math.Min(_minDouble, value);
            _maxDouble = Math.Max(_maxDouble, value);
            _hasBounds = true;
        }
    }

    /// <summary>Copies the values of the rows that have one, in the width they have in the file.</summary>
    static int Gather(ColumnVector values, int start, int length, Span<T> output) => values switch
    {
        FixedColumn<T> same when same.NullCount == 0 => Copy(same.Values.Slice(start, length), output),
        FixedColumn<T> same => Compact(same, same.Values, start, length, output),
        FixedColumn<double> doubles => Compact(doubles, MemoryMarshal.Cast<double, T>(doubles.Values), start, length, output),
        FixedColumn<float> floats => Compact(floats, MemoryMarshal.Cast<float, T>(floats.Values), start, length, output),
        FixedColumn<long> longs => Narrow(longs, longs.Values, start, length, output),
        FixedColumn<short> shorts => Narrow(shorts, shorts.Values, start, length, output),
        FixedColumn<sbyte> bytes => Narrow(bytes, bytes.Values, start, length, output),
        _ => throw new ArgumentException($"A column of {values.Type} is not stored in {Width} bytes.", nameof(values)),
    };

    static int Copy(ReadOnlySpan<T> values, Span<T> output)
    {
        values.CopyTo(output);
        return values.Length;
    }

    static int Compact(ColumnVector column, ReadOnlySpan<T> values, int start, int length, Span<T> output)
    {
        var count = 0;
        for (var row = start; row < start + length; row++)
        {
            if (!column.IsNull(row))
                output[count++] = values[row];
        }

        return count;
    }

    static int Narrow<TSource>(ColumnVector column, ReadOnlySpan<TSource> values, int start, int length, Span<T> output)
        where TSource : unmanaged, INumber<TSource>
    {
        var count = 0;
        for (var row = start; row < start + length; row++)
        {
            if (!column.IsNull(row))
                output[count++] = T.CreateTruncating(values[row]);
        }

        return count;
    }

    /// <summary>A dictionary pays while values repeat; the first page of a row group decides.</summary>
    protected override void ReviewDictionary()
    {
        if (!HasDictionaryPages && _dictionary.Count > _count / 2)
            UsesDictionary = false;
    }

    protected override void AfterPage()
    {
        if (UsesDictionary && (long)_dictionary.Count * Width > Options.DictionaryBytes)
            UsesDictionary = false;
    }

    protected override void WritePlain(ByteSink output) => WriteValues(_page.AsSpan(0, _count), output);

    protected override void WriteIndices(ByteSink output)
    {
        var width = HybridRuns.WidthFor(_dictionary.Count);
        output.Write([(byte)width]);
        HybridRuns.Encode(_indices.AsSpan(0, _count), width, output);
    }

    protected override int WriteDictionary(ByteSink output)
    {
        WriteValues(_dictionary.Values, output);
        return _dictionary.Count;
    }

    static void WriteValues(ReadOnlySpan<T> values, ByteSink output)
    {
        if (typeof(T) != typeof(Int128))
        {
            output.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt128BigEndian(output.Room(16), Int128.CreateTruncating(value));
            output.Advance(16);
        }
    }

    protected override void ClearPage() => _count = 0;

    protected override void ClearChunk()
    {
        _dictionary.Clear();
        (_min, _max, _hasBounds) = (T.MaxValue, T.MinValue, false);
        (_minDouble, _maxDouble) = (double.PositiveInfinity, double.NegativeInfinity);
    }

    protected override (byte[]? Min, byte[]? Max) Bounds()
    {
        if (!_hasBounds)
            return default;
        if (Column.Physical == PhysicalType.Double)
        {
            // Zeros are written so that either sign lies between the bounds.
            return (BitConverter.GetBytes(_minDouble == 0 ? -0.0 : _minDouble), BitConverter.GetBytes(_maxDouble == 0 ? 0.0 : _maxDouble));
        }

        using var sink = new ByteSink();
        WriteValues([_min, _max], sink);
        return (sink.Span[..Width].ToArray(), sink.Span[Width..].ToArray());
    }

    private protected override void Release()
    {
        T[]? page = _page;
        int[]? indices = _indices;
        Pool.Return(ref page);
        Pool.Return(ref indices);
        (_page, _indices, _count) = ([], [], 0);
    }
}
