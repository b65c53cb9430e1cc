using DataIngestion.Conversion.Lines;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Logs;

/// <summary>
/// The extended log format of the W3C, as IIS writes it: <c>#Fields:</c> names what the lines that follow hold, and may change inside a file; a hyphen is no value.
/// </summary>
internal sealed class W3cPattern : LogPattern
{
    const string Fields = "#Fields:";
    int[] _columns = [];

    public override string Name => "iis-w3c";

    public override LineKind Read(string line, ColumnNames names, RowCells cells)
    {
        if (line.StartsWith(Fields, StringComparison.OrdinalIgnoreCase))
            _columns = [.. line[Fields.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(f => names.Add(f))];
        if (line.StartsWith('#'))
            return LineKind.Directive;
        var parts = Parts(line);
        if (_columns.Length == 0 || parts.Count != _columns.Length)
            return LineKind.Other;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] != "-")
                cells.Set(_columns[i], parts[i]);
        }

        Message = parts[^1];
        return LineKind.Record;
    }

    public override int MessageColumn(ColumnNames names) => _columns[^1];

    /// <summary>Values between blanks; those with blanks are in quotes, which are doubled inside.</summary>
    static List<string> Parts(string line)
    {
        var parts = new List<string>();
        for (var at = 0; at < line.Length;)
        {
            if (line[at] is ' ' or '\t')
            {
                at++;
                continue;
            }

            var end = line[at] == '"' ? EndOfQuoted(line, at) : -1;
            if (end > 0)
            {
                parts.Add(line[(at + 1)..(end - 1)].Replace("\"\"", "\"", StringComparison.Ordinal));
            }
            else
            {
                end = line.AsSpan(at).IndexOfAny(' ', '\t') is >= 0 and var blank ? at + blank : line.Length;
                parts.Add(line[at..end]);
            }

            at = end;
        }

        return parts;
    }

    static int EndOfQuoted(string line, int at)
    {
        for (var i = at + 1; i < line.Length; i++)
        {
            if (line[i] != '"')
                continue;
            if (i + 1 < line.Length && line[i + 1] == '"')
                i++;
            else
                return i + 1;
        }

        return -1;
    }
}
