using System.Buffers;
using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Writing;

/// <summary>
/// One JSON object a line. Numbers are exact (decimals with every digit of their scale); dates and times are ISO 8601 texts, bytes
/// hexadecimal texts; numbers that JSON does not know (<c>NaN</c>, <c>Infinity</c>) are texts.
/// </summary>
internal sealed class JsonRowText(DataSchema schema) : IRowText
{
    readonly byte[][] _names = [.. schema.Select((c, i) => Name(c.Name, i))];
    readonly CellWriter[] _cells = [.. schema.Select(c => Writer(c.Type))];

    public void Header(Utf8Buffer to)
    {
    }

    public void Rows(RecordBatch batch, int start, int count, Utf8Buffer to)
    {
        for (var row = start; row < start + count; row++)
        {
            for (var i = 0; i < _cells.Length; i++)
            {
                to.Write(_names[i]);
                var column = batch.Columns[i];
                if (column.IsNull(row))
                    to.Write("null"u8);
                else
                    _cells[i].Write(column, row, to);
            }

            to.Write(_cells.Length == 0 ? "{}\n"u8 : "}\n"u8);
        }
    }

    static byte[] Name(string name, int index)
    {
        using var to = new Utf8Buffer();
        to.Write(index == 0 ? (byte)'{' : (byte)',');
        JsonText.Write(Encoding.UTF8.GetBytes(name), to);
        to.Write((byte)':');
        return to.Memory.ToArray();
    }

    static CellWriter Writer(DataType type) => type.Kind switch
    {
        DataKind.String => new TextWriter(),
        DataKind.Binary => new QuotedWriter(new HexWriter()),
        DataKind.Double => new NumberWriter(CellWriter.Plain(type)!),
        DataKind.Boolean => CellWriter.Plain(type)!,
        _ when type.IsExactNumber => CellWriter.Plain(type)!,
        _ => new QuotedWriter(CellWriter.Plain(type)!),
    };

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
            if (double.IsFinite(((FixedColumn<double>)column).Values[row]))
                inner.Write(column, row, to);
            else
                _quoted.Write(column, row, to);
        }
    }
}

/// <summary>JSON strings: only what must be escaped is.</summary>
internal static class JsonText
{
    static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    public static void Write(ReadOnlySpan<byte> text, Utf8Buffer to)
    {
        to.Write((byte)'"');
        for (int at; (at = text.IndexOfAny(Escaped)) >= 0; text = text[(at + 1)..])
        {
            to.Write(text[..at]);
            Escape(text[at], to);
        }

        to.Write(text);
        to.Write((byte)'"');
    }

    static void Escape(byte character, Utf8Buffer to)
    {
        to.Write((byte)'\\');
        var known = character switch { (byte)'\n' => 'n', (byte)'\r' => 'r', (byte)'\t' => 't', (byte)'\b' => 'b', (byte)'\f' => 'f', >= 0x20 => (char)character, _ => 'u' };
        to.Write((byte)known);
        if (known != 'u')
            return;
        to.Write("00"u8);
        to.Write((byte)('0' + (character >> 4)));
        to.Write((byte)"0123456789abcdef"[character & 15]);
    }
}
