using System.Text;

namespace DataIngestion.Benchmarks.Pollock;

/// <summary>Reads the benchmark's clean files exactly as its own evaluation does: Python's <c>csv.reader</c> with its defaults over text with universal newlines.</summary>
internal static class PollockText
{
    public static List<string[]> Read(string path)
    {
        var text = File.ReadAllText(path, Encoding.UTF8).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var rows = new List<string[]>();
        var row = new List<string>();
        var field = new StringBuilder();
        var (quoted, any) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"')
                    field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[++i]);
                else
                    quoted = false;
            }
            else if (c == '\n')
            {
                EndRow();
            }
            else if (c == ',')
            {
                row.Add(field.ToString());
                field.Clear();
                any = true;
            }
            else
            {
                quoted = c == '"' && field.Length == 0;
                any = true;
                if (!quoted)
                    field.Append(c);
            }
        }

        if (any)
            EndRow();
        return rows;

        // A blank line is a row without cells.
        void EndRow()
        {
            if (any)
                row.Add(field.ToString());
            rows.Add([.. row]);
            row.Clear();
            field.Clear();
            any = false;
        }
    }
}
