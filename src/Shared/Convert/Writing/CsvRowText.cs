using System.Buffers;
using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Writing;

/// <summary>
/// CSV as RFC 4180 has it, with a header and <c>\n</c> at the end of each line. A cell without a value is empty, an empty text is
/// <c>""</c>, so that the two stay apart. Bytes are hexadecimal, lists and structs
/// JSON.
/// </summary>
internal sealed class CsvRowText(DataSchema schema) : IRowText
{
    static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    readonly CellWriter[] _cells = [.. schema.Select(c => CellWriter.Plain(c.Type) ?? Quoting(c.Type))];

    static CellWriter Quoting(DataType type) => type.Kind switch
    {
        DataKind.String => new TextWriter(),
        DataKind.Binary => new BytesWriter(),
        _ => new NestedWriter(),
    };

    public void Header(Utf8Buffer to)
    {
        for (var i = 0; i < schema.Count; i++)
        {
            if (i > 0)
                to.Write((byte)',');
            Quote(Encoding.UTF8.GetBytes(schema[i].Name), to);
        }

        to.Write((byte)'\n');
    }

    public void Rows(RecordBatch batch, int start, int count, Utf8Buffer to)
    {
        for (var row = start; row < start + count; row++)
        {
            for (var i = 0; i < _cells.Length; i++)
            {
                if (i > 0)
                    to.Write((byte)',');
                var column = batch.Columns[i];
                if (!column.IsNull(row))
                    _cells[i].Write(column, row, to);
            }

            to.Write((byte)'\n');
        }
    }

    /// <summary>Text with white space around it is quoted too, because some readers trim what is not.</summary>
    static void Quote(ReadOnlySpan<byte> text, Utf8Buffer to)
    {
        if (!text.IsEmpty && !text.ContainsAny(Special) && text[0] > ' ' && text[^1] > ' ')
        {
            to.Write(text);
            return;
        }

        to.Write((byte)'"');
        for (int at; (at = text.IndexOf((byte)'"')) >= 0; text = text[(at + 1)..])
        {
            to.Write(text[..(at + 1)]);
            to.Write((byte)'"');
        }

        to.Write(text);
        to.Write((byte)'"');
    }

    sealed class TextWriter : CellWriter
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => Quote(((BytesColumn)column)[row], to);
    }

    sealed class NestedWriter : CellWriter
    {
        public override void Write(ColumnVector column, int row, Utf8Buffer to) => Quote(Encoding.UTF8.GetBytes(column.GetText(row)!), to);
    }

    sealed class BytesWriter : CellWriter
    {
        readonly HexWriter _hex = new();

        public override void Write(ColumnVector column, int row, Utf8Buffer to)
        {
            if (((BytesColumn)column)[row].IsEmpty)
                to.Write("\"\""u8);
            else
                _hex.Write(column, row, to);
        }
    }
}

/// <summary>Bytes as lower-case hexadecimal digits.</summary>
internal sealed class HexWriter : CellWriter
{
    public override void Write(ColumnVector column, int row, Utf8Buffer to)
    {
        var bytes = ((BytesColumn)column)[row];
        Convert.TryToHexStringLower(bytes, to.Room(checked(bytes.Length * 2)), out var written);
        to.Advance(written);
    }
}
