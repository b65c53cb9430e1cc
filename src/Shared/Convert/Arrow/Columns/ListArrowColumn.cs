using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>Lists of every kind: by offsets, by offsets and sizes in any order (views), or of one size. Maps are lists of entries.</summary>
internal sealed class ListArrowColumn(DataType type, ArrowField field, ArrowColumn elements, bool isBigEndian) : ArrowColumn(type)
{
    readonly Places _offsetsOf = new(IsLarge(field) ? 8 : 4, isSigned: true, isBigEndian);
    readonly Places _sizesOf = new(IsLarge(field) ? 8 : 4, isSigned: true, isBigEndian);
    readonly bool _isFixed = field.Kind == ArrowKind.FixedSizeList;
    readonly bool _isView = field.Kind is ArrowKind.ListView or ArrowKind.LargeListView;
    ArrowBytes _offsets = ArrowBytes.Empty;
    ArrowBytes _sizes = ArrowBytes.Empty;
    int[] _lengths = [];

    static bool IsLarge(ArrowField field) => field.Kind is ArrowKind.LargeList or ArrowKind.LargeListView;

    public override void Bind(ArrowBody body)
    {
        BindNode(body);
        if (!_isFixed)
            _offsets = body.NextBuffer();
        if (_isView)
            _sizes = body.NextBuffer();
        elements.Bind(body);
        if (_isFixed)
            CheckRows(elements, (Int128)Rows * field.Width);
    }

    public override long Measure(long start, long count, long most)
    {
        var sum = 4 * count;
        for (var at = start; at < start + count && sum <= most;)
        {
            var take = (int)Math.Min(4096, start + count - at);
            Runs(at, take, Nulls(at, take, default), (first, length) =>
            {
                if (sum <= most)
                    sum += length + elements.Measure(first, length, most - sum);
            });
            at += take;
        }

        return sum;
    }

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        var builder = (ListBuilder)to;
        var nulls = Nulls(start, count, mask);
        if (_lengths.Length < count)
            _lengths = new int[count];
        Runs(start, count, nulls, (first, length) =>
        {
            if (!Type.ElementNullable && elements.HasNulls(first, (int)length, default))
                throw MissingValue();
            elements.Append(builder.Elements, first, (int)length, default);
        });
        builder.EndLists(_lengths.AsSpan(0, count), nulls);
    }

    /// <summary>Tells of the elements of rows, those that lie one after the other together.</summary>
    void Runs(long start, int count, ReadOnlySpan<byte> nulls, Action<long, long> found)
    {
        if (_lengths.Length < count)
            _lengths = new int[count];
        var offsets = _isFixed || count == 0 ? default : _offsetsOf.Read(_offsets, start, _isView ? count : count + 1);
        var sizes = _isView ? _sizesOf.Read(_sizes, start, count) : default;
        var (first, end) = (0L, 0L);
        for (var i = 0; i < count; i++)
        {
            _lengths[i] = 0;
            if (IsSet(nulls, i))
                continue;
            var at = _isFixed ? (start + i) * field.Width : offsets[i];
            var length = _isFixed ? field.Width : _isView ? sizes[i] : offsets[i + 1] - at;
            if (length < 0 || at < 0 || at > elements.Rows - length || length > int.MaxValue)
                throw new InvalidDataException($"A list of an Arrow batch has {length} elements from {at}; there are {elements.Rows}.");
            _lengths[i] = (int)length;
            if (length == 0)
                continue;
            if (at != end || end - first + length > int.MaxValue)
            {
                if (end > first)
                    found(first, end - first);
                first = at;
                end = at;
            }

            end += length;
        }

        if (end > first)
            found(first, end - first);
    }
}
