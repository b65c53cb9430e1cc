using System.Runtime.InteropServices;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Writing;

/// <summary>Collects rows of one column in the form of Arrow's buffers. The bytes follow from the values alone: what stands where there is none is zero.</summary>
internal abstract class ColumnGatherer
{
    readonly ByteGatherer _validity = new();

    public int Rows { get; private set; }

    public int Nulls { get; private set; }

    /// <summary>Bytes so far, roughly.</summary>
    public abstract long Bytes { get; }

    public static ColumnGatherer For(DataType type) => type.Kind switch
    {
        DataKind.String or DataKind.Binary => new BytesGatherer(),
        DataKind.List => new ListGatherer(type),
        DataKind.Struct => new StructGatherer(type),
        DataKind.Boolean => new BooleanGatherer(),
        _ => new FixedGatherer(type),
    };

    /// <summary>Adds rows of a column.</summary>
    public void Append(ColumnVector column, int start, int count)
    {
        Values(column, start, count);
        var bytes = ((Rows + count + 7) >> 3) - _validity.Length;
        _validity.Put(bytes).Clear();
        var bits = _validity[..];
        for (var i = 0; i < count; i++)
        {
            if (column.IsNull(start + i))
                Nulls++;
            else
                bits[(Rows + i) >> 3] |= (byte)(1 << ((Rows + i) & 7));
        }

        Rows += count;
    }

    protected abstract void Values(ColumnVector column, int start, int count);

    /// <summary>The columns and buffers in Arrow's order: this column, then those inside.</summary>
    public virtual void Collect(List<ColumnGatherer> columns, List<ReadOnlyMemory<byte>> buffers)
    {
        columns.Add(this);
        buffers.Add(Nulls == 0 ? default : _validity.Memory);
    }

    public virtual void Clear()
    {
        _validity.Clear();
        (Rows, Nulls) = (0, 0);
    }
}

/// <summary>Values of one width.</summary>
internal sealed class FixedGatherer(DataType type) : ColumnGatherer
{
    readonly ByteGatherer _values = new();

    public override long Bytes => _values.Length;

    protected override void Values(ColumnVector column, int start, int count)
    {
        switch (column)
        {
            case FixedColumn<long> narrow when type.Kind == DataKind.Decimal:
                var wide = MemoryMarshal.Cast<byte, Int128>(_values.Put(count * 16L));
                for (var i = 0; i < count; i++)
                    wide[i] = column.IsNull(start + i) ? 0 : narrow.Values[start + i];
                break;
            case FixedColumn<long> milliseconds when type is { Kind: DataKind.Time, Unit: TimeUnit.Milliseconds }:
                var four = MemoryMarshal.Cast<byte, int>(_values.Put(count * 4L));
                for (var i = 0; i < count; i++)
                    four[i] = column.IsNull(start + i) ? 0 : checked((int)milliseconds.Values[start + i]);
                break;
            case FixedColumn<long> values:
                Copy(values, start, count);
                break;
            case FixedColumn<int> values:
                Copy(values, start, count);
                break;
            case FixedColumn<short> values:
                Copy(values, start, count);
                break;
            case FixedColumn<sbyte> values:
                Copy(values, start, count);
                break;
            case FixedColumn<ulong> values:
                Copy(values, start, count);
                break;
            case FixedColumn<double> values:
                Copy(values, start, count);
                break;
            case FixedColumn<float> values:
                Copy(values, start, count);
                break;
            default:
                Copy((FixedColumn<Int128>)column, start, count);
                break;
        }
    }

    void Copy<T>(FixedColumn<T> column, int start, int count)
        where T : unmanaged, IComparable<T>
    {
        var values = MemoryMarshal.AsBytes(column.Values.Slice(start, count));
        var to = _values.Put(values.Length);
        values.CopyTo(to);
        for (var i = 0; i < count && column.NullCount > 0; i++)
        {
            if (column.IsNull(start + i))
                to.Slice(i * (values.Length / count), values.Length / count).Clear();
        }
    }

    public override void Collect(List<ColumnGatherer> columns, List<ReadOnlyMemory<byte>> buffers)
    {
        base.Collect(columns, buffers);
        buffers.Add(_values.Memory);
    }

    public override void Clear()
    {
        base.Clear();
        _values.Clear();
    }
}

/// <summary>One bit a value.</summary>
internal sealed class BooleanGatherer : ColumnGatherer
{
    readonly ByteGatherer _values = new();

    public override long Bytes => _values.Length;

    protected override void Values(ColumnVector column, int start, int count)
    {
        var flags = ((FixedColumn<bool>)column).Values;
        _values.Put(((Rows + count + 7) >> 3) - _values.Length).Clear();
        var bits = _values[..];
        for (var i = 0; i < count; i++)
        {
            if (flags[start + i] && !column.IsNull(start + i))
                bits[(Rows + i) >> 3] |= (byte)(1 << ((Rows + i) & 7));
        }
    }

    public override void Collect(List<ColumnGatherer> columns, List<ReadOnlyMemory<byte>> buffers)
    {
        base.Collect(columns, buffers);
        buffers.Add(_values.Memory);
    }

    public override void Clear()
    {
        base.Clear();
        _values.Clear();
    }
}
