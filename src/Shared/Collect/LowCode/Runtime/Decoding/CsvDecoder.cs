using System.Text;

namespace DataIngestion.Collect;

/// <summary>Rows with a header (<c>CsvDecoder</c>): every value is text, and one that is written so is nothing.</summary>
internal sealed class CsvDecoder : Decoder
{
    readonly char _delimiter;
    readonly Encoding _encoding;
    readonly HashSet<string> _nothing;

    public CsvDecoder(Part? part)
    {
        var delimiter = part?.Text("delimiter") ?? ",";
        _delimiter = delimiter switch
        {
            "\\t" or "\t" or "tab" => '\t',
            { Length: 1 } => delimiter[0],
            _ => throw part!.Fault($"'delimiter' is '{delimiter}': expected one character."),
        };
        var name = part?.Text("encoding") ?? "utf-8";
        try
        {
            _encoding = name.Equals("utf-8-sig", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8 : Encoding.GetEncoding(name.Replace('_', '-'));
        }
        catch (ArgumentException)
        {
            throw part!.Fault($"there is no encoding '{name}'.");
        }

        _nothing = [.. part?.Plain("set_values_to_none") is List<object?> values ? values.Select(PythonText.Str) : []];
    }

    public override IEnumerable<object?> Read(Stream body)
    {
        using var text = new StreamReader(body, _encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        List<string>? header = null;
        while (NextRow(text) is { } row)
        {
            if (row is [""])
                continue;
            if (header is null)
            {
                header = row;
                continue;
            }

            var record = new LowCodeMap();
            for (var i = 0; i < header.Count; i++)
                record[header[i]] = i < row.Count && !_nothing.Contains(row[i]) ? row[i] : null;
            yield return record;
        }
    }

    // RFC 4180.
    List<string>? NextRow(StreamReader text)
    {
        if (text.Peek() < 0)
            return null;
        List<string> row = [];
        var field = new StringBuilder();
        var isQuoted = false;
        while (true)
        {
            var c = text.Read();
            if (c < 0)
            {
                if (isQuoted)
                    throw new UnexpectedContentException("ends inside quotes");
                row.Add(field.ToString());
                return row;
            }

            if (isQuoted)
            {
                if (c != '"')
                    field.Append((char)c);
                else if (text.Peek() == '"')
                    field.Append((char)text.Read());
                else
                    isQuoted = false;
            }
            else if (c == '"' && field.Length == 0)
            {
                isQuoted = true;
            }
            else if (c == _delimiter)
            {
                row.Add(field.ToString());
                field.Clear();
            }
            else if (c is '\n' or '\r')
            {
                if (c == '\r' && text.Peek() == '\n')
                    _ = text.Read();
                row.Add(field.ToString());
                return row;
            }
            else
            {
                field.Append((char)c);
            }
        }
    }
}
