using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Writing;

/// <summary>Writes cells as JSON values.</summary>
internal static class JsonCell
{
    /// <summary>The writer of a type. The cell has a value.</summary>
    public static CellWriter Of(DataType type) => type.Kind switch
    {
        DataKind.String => new TextWriter(),
        DataKind.Binary => new QuotedWriter(new HexWriter()),
        DataKind.Double or DataKind.Float => new NumberWriter(CellWriter.Plain(type)!),
        DataKind.Boolean => CellWriter.Plain(type)!,
        DataKind.List => new ListWriter(Of(type.Element!)),
        DataKind.Struct => new StructWriter(type.Fields!),
        _ when type.IsExactNumber => CellWriter.Plain(type)!,
        _ => new QuotedWriter(CellWriter.Plain(type)!),
    };

    /// <summary>What stands before a member's value: the bracket or comma, the name and the colon.</summary>
    public static byte[] Name(string name, int index)
    {
        using var to = new Utf8Buffer();
        to.Write(index == 0 ? (byte)'{' : (byte)',');
        JsonText.Write(Encoding.UTF8.GetBytes(name), to);
        to.Write((byte)':');
        return to.Memory.ToArray();
    }

    /// <summary>A value or null.</summary>
    public static void WriteOrNull(CellWriter writer, ColumnVector column, int row, Utf8Buffer to)
    {
        if (column.IsNull(row))
            to.Write("null"u8);
        else
            writer.Write(column, row, to);
    }

    sealed class TextWriter : CellWriter
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => JsonText.Write(((BytesColumn)column)[row], to);
    }

    /// <summary>Around what needs no escapes.</summary>
    sealed class QuotedWriter(CellWriter inner) : CellWriter
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            to.Write((byte)'"');
            inner.Write(column, row, to);
            to.Write((byte)'"');
        }
    }

    sealed class NumberWriter(CellWriter inner) : CellWriter
    {
        readonly QuotedWriter _quoted = new(inner);

        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            var isFinite = column is FixedColumn<double> wide ? double.IsFinite(wide.Values[row]) : float.IsFinite(((FixedColumn<float>)column).Values[row]);
            (isFinite ? inner : _quoted).Write(column, row, to);
        }
    }

    sealed class ListWriter(CellWriter element) : CellWriter
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            var list = (ListColumn)column;
            to.Write((byte)'[');
            for (var i = list.Offsets[row]; i < list.Offsets[row + 1]; i++)
            {
                if (i > list.Offsets[row])
                    to.Write((byte)',');
                WriteOrNull(element, list.Elements, i, to);
            }

            to.Write((byte)']');
        }
    }

    sealed class StructWriter(DataSchema schema) : CellWriter
    {
        readonly byte[][] _names = [.. schema.Select((f, i) => Name(f.Name, i))];
        readonly CellWriter[] _fields = [.. schema.Select(f => Of(f.Type))];

        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            var fields = ((StructColumn)column).Fields;
            for (var i = 0; i < _fields.Length; i++)
            {
                to.Write(_names[i]);
                WriteOrNull(_fields[i], fields[i], row, to);
            }

            to.Write((byte)'}');
        }
    }
}
