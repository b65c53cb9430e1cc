using DataIngestion.Conversion.Writing;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

/// <summary>Writes cells of one type in Avro's binary encoding.</summary>
internal abstract class AvroEncoder
{
    public abstract void Write(ColumnVector column, int row, Utf8Buffer to);

    public static AvroEncoder Of(DataType type, bool nullable) => nullable ? new NullableEncoder(Of(type)) : Of(type);

    static AvroEncoder Of(DataType type) => type.Kind switch
    {
        DataKind.Boolean => new BooleanEncoder(),
        DataKind.Int8 => new WholeEncoder<sbyte>(),
        DataKind.Int16 => new WholeEncoder<short>(),
        DataKind.Int32 or DataKind.Date => new IntEncoder(),
        DataKind.UInt64 => new UnsignedEncoder(),
        DataKind.Decimal when type.IsWideDecimal => new WideEncoder(),
        DataKind.Decimal => new NarrowEncoder(),
        DataKind.Float => new FloatEncoder(),
        DataKind.Double => new DoubleEncoder(),
        DataKind.String or DataKind.Binary => new BytesEncoder(),
        DataKind.List => new ListEncoder(Of(type.Element!, type.ElementNullable)),
        DataKind.Struct => new StructEncoder([.. type.Fields!.Select(f => Of(f.Type, f.Nullable))]),
        _ => new LongEncoder(),
    };

    /// <summary>A union of null and the type.</summary>
    sealed class NullableEncoder(AvroEncoder value) : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            if (column.IsNull(row))
            {
                to.Write((byte)0);
                return;
            }

            to.Write((byte)2);
            value.Write(column, row, to);
        }
    }

    sealed class BooleanEncoder : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => to.Write(((FixedColumn<bool>)column).Values[row] ? (byte)1 : (byte)0);
    }

    sealed class WholeEncoder<T> : AvroEncoder
        where T : unmanaged, IComparable<T>
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => AvroBinary.Long(((FixedColumn<T>)column).GetLong(row), to);
    }

    sealed class IntEncoder : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => AvroBinary.Long(((FixedColumn<int>)column).Values[row], to);
    }

    sealed class LongEncoder : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => AvroBinary.Long(((FixedColumn<long>)column).Values[row], to);
    }

    sealed class UnsignedEncoder : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => AvroBinary.Decimal(((FixedColumn<ulong>)column).Values[row], to);
    }

    sealed class NarrowEncoder : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => AvroBinary.Decimal(((FixedColumn<long>)column).Values[row], to);
    }

    sealed class WideEncoder : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => AvroBinary.Decimal(((FixedColumn<Int128>)column).Values[row], to);
    }

    sealed class FloatEncoder : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => AvroBinary.Float(((FixedColumn<float>)column).Values[row], to);
    }

    sealed class DoubleEncoder : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => AvroBinary.Double(((FixedColumn<double>)column).Values[row], to);
    }

    sealed class BytesEncoder : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => AvroBinary.Bytes(((BytesColumn)column)[row], to);
    }

    /// <summary>One block of all items, and the end.</summary>
    sealed class ListEncoder(AvroEncoder element) : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            var list = (ListColumn)column;
            var (from, end) = (list.Offsets[row], list.Offsets[row + 1]);
            if (end > from)
                AvroBinary.Long(end - from, to);
            for (var i = from; i < end; i++)
                element.Write(list.Elements, i, to);
            to.Write((byte)0);
        }
    }

    sealed class StructEncoder(AvroEncoder[] fields) : AvroEncoder
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            var columns = ((StructColumn)column).Fields;
            for (var i = 0; i < fields.Length; i++)
                fields[i].Write(columns[i], row, to);
        }
    }
}
