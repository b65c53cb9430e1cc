using System.Text;
using DataIngestion.Conversion.Lines;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Logs;

/// <summary>logfmt: <c>level=info msg="two words" took=3ms done</c>. A key without a value is true; columns are the keys, as they come.</summary>
internal sealed class LogfmtPattern : LogPattern
{
    int _last;

    public override string Name => "logfmt";

    public override LineKind Read(string line, ColumnNames names, RowCells cells)
    {
        var (at, pairs, before) = (0, 0, names.Count);
        while (Skip(line, ref at))
        {
            var start = at;
            while (at < line.Length && line[at] is not ('=' or ' ' or '"'))
                at++;
            if (at == start || (at < line.Length && line[at] == '"'))
                return Undo(names, cells, before);
            var (key, value) = (line[start..at], "true");
            if (at < line.Length && line[at] == '=')
            {
                at++;
                pairs++;
                if (Value(line, ref at) is not { } found)
                    return Undo(names, cells, before);
                value = found;
            }

            _last = names.Add(key);
            cells.Set(_last, value);
            Message = value;
        }

        return pairs > 0 ? LineKind.Record : Undo(names, cells, before);
    }

    public override int MessageColumn(ColumnNames names) => names.IndexOf("msg") is >= 0 and var msg ? msg : _last;

    static LineKind Undo(ColumnNames names, RowCells cells, int before)
    {
        names.Truncate(before);
        cells.Clear();
        return LineKind.Other;
    }

    static bool Skip(string line, ref int at)
    {
        while (at < line.Length && line[at] == ' ')
            at++;
        return at < line.Length;
    }

    static string? Value(string line, ref int at)
    {
        if (at >= line.Length || line[at] != '"')
        {
            var start = at;
            while (at < line.Length && line[at] != ' ')
                at++;
            return line[start..at];
        }

        var value = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            switch (line[at])
            {
                case '"':
                    at++;
                    return value.ToString();
                case '\\' when at + 1 < line.Length:
                    at++;
                    value.Append(line[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
                    break;
                default:
                    value.Append(line[at]);
                    break;
            }
        }

        return null;
    }
}
