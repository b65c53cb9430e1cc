using DataIngestion.Conversion.Arrow.Metadata;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Arrow;

/// <summary>What people should know about an Arrow content: what has another form, and what is not kept.</summary>
internal sealed class ArrowNotes(int maxColumns, bool isSilent = false)
{
    const int Named = 20;
    readonly List<string> _notes = [];
    readonly List<string> _metadata = [];

    /// <summary>Of columns that are read again, about which everything was said.</summary>
    public static ArrowNotes Silent { get; } = new(int.MaxValue, isSilent: true);

    public IReadOnlyList<string> All => _metadata.Count == 0 ? _notes : [.. _notes, $"metadata that is not kept: {string.Join(", ", _metadata.Take(Named))}{(_metadata.Count > Named ? $" and {_metadata.Count - Named} more" : "")}"];

    public void Add(string path, string what) => Add($"column '{path}' {what}");

    public void Add(string note)
    {
        if (!isSilent)
            _notes.Add(note);
    }

    /// <summary>Notes a column's extension type and metadata.</summary>
    public void Describe(ArrowField field, string path)
    {
        if (field.Extension is { } extension && extension != "arrow.uuid")
            Add(path, $"is of the extension type '{extension}'; it has the form in which that is stored");
        AddMetadata(field.Metadata.Select(m => $"'{m}' of column '{path}'"));
    }

    /// <summary>Notes metadata that is not kept.</summary>
    public void AddMetadata(IEnumerable<string> names)
    {
        if (!isSilent)
            _metadata.AddRange(names);
    }

    /// <summary>The names, each once; what had to be changed is noted.</summary>
    /// <param name="path">The column in which they lie; null for the columns of the table.</param>
    public List<string> Unique(IEnumerable<string> names, string? path)
    {
        var known = new ColumnNames(maxColumns);
        var unique = new List<string>();
        foreach (var name in names)
        {
            unique.Add(known.AddUnique(name));
            if (unique[^1] != name)
                Add($"{(path is null ? "column" : "field")} {unique.Count}{(path is null ? "" : $" of column '{path}'")} is {(name.Length == 0 ? "without a name" : $"'{name}' again")}; it is '{unique[^1]}'");
        }

        return unique;
    }
}
