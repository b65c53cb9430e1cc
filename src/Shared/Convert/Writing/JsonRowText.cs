using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Writing;

/// <summary>
/// One JSON object a line. Numbers are exact (decimals with every digit of their scale); dates and times are ISO 8601 texts, bytes
/// hexadecimal texts; numbers that JSON does not know (<c>NaN</c>, <c>Infinity</c>) are texts.
/// </summary>
internal sealed class JsonRowText(DataSchema schema) : IRowText
{
    readonly byte[][] _names = [.. schema.Select((c, i) => JsonCell.Name(c.Name, i))];
    readonly CellWriter[] _cells = [.. schema.Select(c => JsonCell.Of(c.Type))];

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
                JsonCell.WriteOrNull(_cells[i], batch.Columns[i], row, to);
            }

            to.Write(_cells.Length == 0 ? "{}\n"u8 : "}\n"u8);
        }
    }
}
