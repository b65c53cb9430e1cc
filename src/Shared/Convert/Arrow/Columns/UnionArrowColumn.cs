using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Columns;

/// <summary>
/// One of several types in each row: a struct whose first field names the alternative, and whose others are the alternatives, all null but that one.
/// Sparse unions have a row for each row in every child; dense ones say which row of the child it is.
/// </summary>
internal sealed class UnionArrowColumn : ArrowColumn
{
    readonly IReadOnlyList<ArrowColumn> _children;
    readonly bool _isDense;
    readonly Places _ids;
    readonly Places _offsets;
    readonly int[] _childOf = new int[256];
    readonly byte[][] _names;
    ArrowBytes _storedIds = ArrowBytes.Empty;
    ArrowBytes _storedOffsets = ArrowBytes.Empty;
    byte[] _others = [];

    public UnionArrowColumn(DataType type, ArrowField field, IReadOnlyList<ArrowColumn> children, bool isBigEndian)
        : base(type)
    {
        (_children, _isDense) = (children, field.Unit == 1);
        (_ids, _offsets) = (new(1, isSigned: true, isBigEndian), new(4, isSigned: true, isBigEndian));
        _names = [.. type.Fields!.Skip(1).Select(f => System.Text.Encoding.UTF8.GetBytes(f.Name))];
        Array.Fill(_childOf, -1);
        for (var i = 0; i < children.Count; i++)
        {
            var id = field.TypeIds.Count > 0 ? field.TypeIds[i] : i;
            if (id is < 0 or > 127 || _childOf[id] >= 0)
                throw new InvalidDataException($"The Arrow union '{field.Name}' marks a child with {id}, which cannot be or is taken.");
            _childOf[id] = i;
        }
    }

    public override void Bind(ArrowBody body)
    {
        BindNode(body, hasValidity: body.IsV4);
        _storedIds = body.NextBuffer();
        if (_isDense)
            _storedOffsets = body.NextBuffer();
        foreach (var child in _children)
        {
            child.Bind(body);
            if (!_isDense)
                CheckRows(child, Rows);
        }
    }

    public override long Measure(long start, long count, long most)
    {
        var sum = count * 16;
        if (!_isDense)
        {
            foreach (var child in _children)
                sum += sum <= most ? child.Measure(start, count, most - sum) : 0;
            return sum;
        }

        for (var at = start; at < start + count && sum <= most;)
        {
            var take = (int)Math.Min(4096, start + count - at);
            var ids = _ids.Read(_storedIds, at, take);
            var offsets = _offsets.Read(_storedOffsets, at, take);
            var nulls = Nulls(at, take, default);
            for (var i = 0; i < take && sum <= most; i++)
            {
                if (!IsSet(nulls, i))
                    sum += Child(ids[i], offsets[i]).Measure(offsets[i], 1, most - sum);
            }

            at += take;
        }

        return sum;
    }

    public override void Append(ColumnBuilder to, long start, int count, ReadOnlySpan<byte> mask)
    {
        var builder = (StructBuilder)to;
        var nulls = Nulls(start, count, mask);
        var ids = _ids.Read(_storedIds, start, count);
        var offsets = _isDense ? _offsets.Read(_storedOffsets, start, count) : default;
        var names = (BytesBuilder)builder[0];
        for (var i = 0; i < count; i++)
        {
            if (IsSet(nulls, i))
            {
                names.AppendNull();
                continue;
            }

            Child(ids[i], _isDense ? offsets[i] : start + i);
            names.Append(_names[_childOf[(byte)ids[i]]]);
        }

        for (var child = 0; child < _children.Count; child++)
        {
            if (_isDense)
                AppendDense(builder[child + 1], child, ids, offsets, nulls);
            else
                AppendSparse(builder[child + 1], child, start, ids, nulls);
        }

        builder.EndStructs(count, nulls);
    }

    void AppendSparse(ColumnBuilder to, int child, long start, ReadOnlySpan<long> ids, ReadOnlySpan<byte> nulls)
    {
        var bytes = (ids.Length + 7) >> 3;
        if (_others.Length < bytes)
            _others = new byte[bytes];
        Array.Clear(_others, 0, bytes);
        for (var i = 0; i < ids.Length; i++)
        {
            if (IsSet(nulls, i) || _childOf[(byte)ids[i]] != child)
                _others[i >> 3] |= (byte)(1 << (i & 7));
        }

        _children[child].Append(to, start, ids.Length, _others.AsSpan(0, bytes));
    }

    void AppendDense(ColumnBuilder to, int child, ReadOnlySpan<long> ids, ReadOnlySpan<long> offsets, ReadOnlySpan<byte> nulls)
    {
        for (var i = 0; i < ids.Length;)
        {
            if (IsSet(nulls, i) || _childOf[(byte)ids[i]] != child)
            {
                to.AppendNull();
                i++;
                continue;
            }

            var length = 1;
            while (i + length < ids.Length && ids[i + length] == ids[i] && offsets[i + length] == offsets[i] + length && !IsSet(nulls, i + length))
                length++;
            _children[child].Append(to, offsets[i], length, default);
            i += length;
        }
    }

    ArrowColumn Child(long id, long row)
    {
        var child = id < 0 ? -1 : _childOf[id];
        if (child < 0 || row < 0 || row >= _children[child].Rows)
            throw new InvalidDataException($"A union of an Arrow batch speaks of row {row} of the child with mark {id}, which is not there.");
        return _children[child];
    }
}
