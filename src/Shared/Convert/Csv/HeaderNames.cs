using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>Makes column names of the records of a header.</summary>
internal sealed class HeaderNames(int rows)
{
    readonly List<string[]> _rows = [];

    public bool IsComplete => _rows.Count == rows;

    public void Add(string[] cells) => _rows.Add(cells);

    /// <summary>Adds the names, each unique, and says what had to be changed.</summary>
    /// <param name="width">How many to add; names beyond the header's are empty.</param>
    public void AddTo(ColumnNames names, int width, List<string> notes)
    {
        for (var i = 0; i < width; i++)
        {
            var name = NameOf(i);
            var unique = names.AddUnique(name);
            if (unique != name)
                notes.Add($"field {i + 1} of the header is {(name.Length == 0 ? "empty" : $"'{name}' again")}; its column is '{unique}'");
        }
    }

    /// <summary>The fields of the last header record that say anything.</summary>
    public int Width => _rows.Max(r => r.Length);

    /// <summary>The name of a group stands over its first column only and is meant for those after it, too.</summary>
    string NameOf(int column)
    {
        var parts = new List<string>();
        for (var row = 0; row < _rows.Count; row++)
        {
            var cells = _rows[row];
            var at = Math.Min(column, cells.Length - 1);
            while (row < _rows.Count - 1 && column < cells.Length && at > 0 && cells[at].Length == 0)
                at--;
            if (column < cells.Length && cells[at].Length > 0)
                parts.Add(cells[at]);
        }

        return string.Join(' ', parts);
    }
}
