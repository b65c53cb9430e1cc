using System.Buffers.Text;
using System.Globalization;
using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Writing;

/// <summary>Writes cells of one type as UTF-8 text. The cell has a value.</summary>
internal abstract class CellWriter
{
    public abstract void Write(ColumnVector column, int row, Utf8Buffer to);

    /// <summary>The plain writer of a type: exact and invariant, without quotes. Null for text, bytes, lists and structs, which every format writes in its own way.</summary>
    public static CellWriter? Plain(DataType type) => type.Kind switch
    {
        DataKind.Boolean => new BooleanWriter(),
        DataKind.Int8 => new IntegerWriter<sbyte>(),
        DataKind.Int16 => new IntegerWriter<short>(),
        DataKind.Int32 => new IntegerWriter<int>(),
        DataKind.Int64 => new IntegerWriter<long>(),
        DataKind.UInt64 => new UnsignedWriter(),
        DataKind.Decimal when type.IsWideDecimal => new WideDecimalWriter(),
        DataKind.Decimal => new DecimalWriter(type.Scale),
        DataKind.Double => new FloatingWriter<double>(),
        DataKind.Float => new FloatingWriter<float>(),
        DataKind.Date => new DateWriter(),
        DataKind.Time => new TimeWriter(type.Unit),
        DataKind.Timestamp => new TimestampWriter(type.Unit, type.IsUtc),
        DataKind.String or DataKind.Binary or DataKind.List or DataKind.Struct => null,
        _ => new TextFormWriter(),
    };

    sealed class BooleanWriter : CellWriter
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => to.Write(((FixedColumn<bool>)column).Values[row] ? "true"u8 : "false"u8);
    }

    sealed class IntegerWriter<T> : CellWriter
        where T : unmanaged, IComparable<T>
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            Utf8Formatter.TryFormat(((FixedColumn<T>)column).GetLong(row), to.Room(20), out var written);
            to.Advance(written);
        }
    }

    /// <summary>Every digit of the scale is written, so that the text says it.</summary>
    sealed class DecimalWriter(int scale) : CellWriter
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            var unscaled = ((FixedColumn<long>)column).Values[row];
            var room = to.Room(24);
            var at = 0;
            if (unscaled < 0)
                room[at++] = (byte)'-';
            var magnitude = unscaled < 0 ? (ulong)-unscaled : (ulong)unscaled;
            if (scale == 0)
            {
                Utf8Formatter.TryFormat(magnitude, room[at..], out var written);
                to.Advance(at + written);
                return;
            }

            var power = (ulong)(long)ExactDecimal.PowerOfTen(scale);
            var (whole, fraction) = Math.DivRem(magnitude, power);
            Utf8Formatter.TryFormat(whole, room[at..], out var digits);
            at += digits;
            room[at++] = (byte)'.';
            for (var i = at + scale - 1; i >= at; i--)
            {
                (fraction, var digit) = Math.DivRem(fraction, 10);
                room[i] = (byte)('0' + digit);
            }

            to.Advance(at + scale);
        }
    }

    sealed class WideDecimalWriter : CellWriter
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => WriteAscii(((FixedColumn<Int128>)column).GetDecimal(row).ToString(), to);
    }

    sealed class UnsignedWriter : CellWriter
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            Utf8Formatter.TryFormat(((FixedColumn<ulong>)column).Values[row], to.Room(20), out var written);
            to.Advance(written);
        }
    }

    /// <summary>The shortest digits that read back as the same number.</summary>
    sealed class FloatingWriter<T> : CellWriter
        where T : unmanaged, IComparable<T>, IUtf8SpanFormattable
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            ((FixedColumn<T>)column).Values[row].TryFormat(to.Room(32), out var written, "R", CultureInfo.InvariantCulture);
            to.Advance(written);
        }
    }

    /// <summary>The form of <see cref="ColumnVector.GetText"/>.</summary>
    sealed class TextFormWriter : CellWriter
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => WriteText(column.GetText(row)!, to);
    }

    private protected static void WriteAscii(string text, Utf8Buffer to)
    {
        Encoding.ASCII.GetBytes(text, to.Room(text.Length));
        to.Advance(text.Length);
    }

    private protected static void WriteText(string text, Utf8Buffer to) => to.Advance(Encoding.UTF8.GetBytes(text, to.Room(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
