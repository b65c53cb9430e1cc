using System.Text;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Values;

namespace DataIngestion.Conversion.Csv;

/// <summary>What a look at the first lines says about a delimited text.</summary>
/// <param name="Consistency">Share of the records that have the same number of fields.</param>
internal sealed record SniffedDialect(CsvDialect Dialect, int Columns, double Consistency, IReadOnlyList<string> Evidence);

/// <summary>Finds delimiter, quote, header and line ends: each delimiter is tried, and the one that cuts records most evenly wins.</summary>
internal static class CsvSniffer
{
    const int MostRecords = 200;
    static readonly byte[] Delimiters = ",;\t|:^~"u8.ToArray();

    public static SniffedDialect Sniff(ReadOnlySpan<byte> text, FormatHint? hint)
    {
        var lineEnd = text.Contains((byte)'\n') || !text.Contains((byte)'\r') ? '\n' : '\r';
        var quotes = hint?.Quote is { } q ? [(byte)q] : text.Contains((byte)'\'') && !text.Contains((byte)'"') ? "\"'"u8.ToArray() : "\""u8.ToArray();
        var delimiters = hint?.Delimiter is { } d ? [(byte)d] : Delimiters;
        Attempt? best = null;
        foreach (var quote in quotes)
        {
            foreach (var delimiter in delimiters)
            {
                var attempt = Try(text, delimiter, quote, (byte)lineEnd);
                if (best is null || attempt.Score > best.Score)
                    best = attempt;
            }
        }

        var preamble = best!.Preamble;
        var header = hint?.Header ?? HasHeader(best.Records.Skip(best.FirstRecord).ToList(), best.Columns);
        var evidence = new List<string>
        {
            $"{best.Share:P0} of the first {best.Records.Count} records have {best.Columns} fields between '{(best.Delimiter == '\t' ? "\\t" : (char)best.Delimiter)}'",
            header ? "the first record names the columns" : "the first record is data",
        };
        if (preamble > 0)
            evidence.Add($"{preamble} lines before the first record are left out");
        var dialect = new CsvDialect(((char)best.Delimiter).ToString(), (char)best.Quote)
        {
            HeaderRows = header ? 1 : 0,
            SkipLines = preamble,
            LineEnd = lineEnd == '\r' ? LineEnd.CarriageReturn : LineEnd.LineFeed,
        };
        return new(dialect, best.Columns, best.Share, evidence);
    }

    sealed record Attempt(byte Delimiter, byte Quote, List<string[]> Records, List<int> Lines, int Columns, double Share, double Score)
    {
        /// <summary>A title above the table has one field where the table has many.</summary>
        public int FirstRecord => Columns < 2 ? 0 : Records.FindIndex(r => r.Length == Columns) is > 0 and var at && Records.Take(at).All(r => r.Length == 1 && r[0].Length > 0) ? at : 0;

        public int Preamble => FirstRecord == 0 ? 0 : Lines[FirstRecord];
    }

    static Attempt Try(ReadOnlySpan<byte> text, byte delimiter, byte quote, byte lineEnd)
    {
        var (records, lines) = Split(text, delimiter, quote, lineEnd);
        if (records.Count == 0)
            return new(delimiter, quote, records, lines, 1, 0, 0);
        var widths = records.GroupBy(r => r.Length).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key).First();
        var share = (double)widths.Count() / records.Count;
        var typed = records.Where(r => r.Length == widths.Key).Take(50).Average(r => r.Average(c => IsTyped(c) ? 1.0 : c.Length == 0 ? 0.5 : 0.3));
        var order = 1 - 0.001 * Array.IndexOf(Delimiters, delimiter);
        var score = widths.Key < 2 ? 0.05 * share : share * share * (1 - 1.0 / widths.Key + 0.3) * (0.5 + typed) * order;
        return new(delimiter, quote, records, lines, widths.Key, share, score);
    }

    static bool IsTyped(string cell)
    {
        var bytes = Encoding.UTF8.GetBytes(cell.Trim());
        if (bytes.Length == 0)
            return false;
        return NumberText.Classify(bytes).Shape != TextShape.Text || TimeText.Classify(bytes).Shape != TextShape.Text;
    }

    /// <summary>A header has names in most fields, none of which is a number or a date; a name stands twice only over columns that are typed.</summary>
    static bool HasHeader(List<string[]> records, int columns)
    {
        if (records.Count == 0)
            return false;
        var first = records[0];
        var names = Array.FindAll(first, n => n.Trim().Length > 0);
        if (first.Length != columns || names.Length * 2 < first.Length || Array.Exists(names, IsTyped))
            return false;
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length || records.Skip(1).Take(50).Any(r => Array.Exists(r, IsTyped));
    }

    static (List<string[]> Records, List<int> Lines) Split(ReadOnlySpan<byte> text, byte delimiter, byte quote, byte lineEnd)
    {
        var records = new List<string[]>();
        var lines = new List<int>();
        var fields = new List<string>();
        var field = new List<byte>();
        var (quoted, line, startLine, wasQuoted) = (false, 0, 0, false);
        for (var i = 0; i < text.Length && records.Count < MostRecords; i++)
        {
            var b = text[i];
            if (b == lineEnd)
                line++;
            if (quoted)
            {
                if (b != quote)
                    field.Add(b);
                else if (i + 1 < text.Length && text[i + 1] == quote)
                    field.Add(text[++i]);
                else
                    quoted = false;
            }
            else if (b == quote && field.Count == 0 && !wasQuoted)
            {
                quoted = wasQuoted = true;
            }
            else if (b == delimiter || b == lineEnd)
            {
                if (b == lineEnd && field.Count > 0 && field[^1] == '\r')
                    field.RemoveAt(field.Count - 1);
                fields.Add(Encoding.UTF8.GetString([.. field]));
                field.Clear();
                wasQuoted = false;
                if (b == lineEnd)
                    EndRecord();
            }
            else
            {
                field.Add(b);
            }
        }

        if (records.Count == 0 || (field.Count > 0 && text.Length < FormatRecognizer.HeadBytes && records.Count < MostRecords))
        {
            fields.Add(Encoding.UTF8.GetString([.. field]));
            EndRecord();
        }

        return (records, lines);

        void EndRecord()
        {
            if (fields.Count > 1 || fields[0].Length > 0)
            {
                records.Add([.. fields]);
                lines.Add(startLine);
            }

            fields.Clear();
            startLine = line;
        }
    }
}
