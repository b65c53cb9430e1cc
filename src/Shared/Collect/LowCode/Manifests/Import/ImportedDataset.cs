using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>The dataset that a stream becomes.</summary>
internal sealed class ImportedDataset
{
    const int MaxSchema = 4 << 20;

    readonly string _source;
    readonly IReadOnlyList<ImportedColumn> _columns;
    readonly IReadOnlyList<string> _keys;

    public ImportedDataset(ManifestStream stream, string source, ManifestImportRequest request)
    {
        Stream = stream;
        _source = source;
        Id = ManifestImporter.Slug($"{source}-{stream.Name}");
        _columns = ImportedColumns.Of(SchemaOf(request), stream, Remarks);
        _keys = [];
        if (_columns.Count == 0)
        {
            _columns = ImportedColumns.Named(stream);
            if (_columns.Count > 0)
                Remarks.Add($"The stream '{stream.Name}' has no schema in the manifest, and there is no schemas/{stream.Name}.json beside it: the dataset '{Id}' has only the columns that the manifest names itself ({string.Join(", ", _columns.Select(c => c.Name))}). Add the others.");
        }

        if (_columns.Count == 0)
        {
            Fault = new(stream.Component.File, stream.Component.Line, $"the stream '{stream.Name}' has no schema in the manifest, and there is no schemas/{stream.Name}.json beside it, and the manifest names no field of it: its columns are not known. Put the schema there and import again.");
            return;
        }

        var primary = stream.PrimaryKey.Select(k => _columns.FirstOrDefault(c => c.From == k)).OfType<ImportedColumn>().Select(c => c.Name).ToList();
        if (primary.Count > 0 && primary.Count == stream.PrimaryKey.Count)
        {
            _keys = primary;
        }
        else
        {
            // Whatever else is wrong with it, a row is only merged with one that is the same.
            _keys = [.. _columns.Select(c => c.Name)];
            Remarks.Add($"The stream '{stream.Name}' has no primary key: in the dataset '{Id}' all columns are keys. Name those that identify a row.");
        }

        UseExisting(request);
    }

    public ManifestStream Stream { get; }

    /// <summary>The dataset's id.</summary>
    public string Id { get; }

    /// <summary>Whether the dataset is configured already.</summary>
    public bool IsThere { get; private set; }

    /// <summary>Why it cannot be made.</summary>
    public ConfigurationFault? Fault { get; private set; }

    public List<string> Remarks { get; } = [];

    IReadOnlySet<string>? Mapped { get; set; }

    /// <summary>The dataset's own file.</summary>
    public string Text()
    {
        var text = new StringBuilder($"# Made by 'ingest sources import' of the stream '{Stream.Name}' of {_source}.\n");
        text.Append(Yaml.Entry(0, "dataset", Id));
        text.Append(Yaml.Entry(0, "title", $"{ManifestImporter.Title(_source)}: {Stream.Name}"));
        text.Append($"keys: [{string.Join(", ", _keys)}]\ncolumns:\n");
        foreach (var column in _columns)
            text.Append($"  {column.Name}: {{ type: {column.Type}{(column.Type == "decimal" ? ", precision: 38, scale: 18" : "")} }}\n");
        return text.ToString();
    }

    /// <summary>Its entry in the source's file.</summary>
    public string SourceText()
    {
        var text = new StringBuilder($"  - dataset: {Id}\n");
        text.Append(Yaml.Entry(2, "stream", Stream.Name));
        text.Append("    columns:\n");
        foreach (var column in _columns.Where(c => Mapped is null || Mapped.Contains(c.Name)))
            text.Append($"      {column.Name}: {{ from: {Yaml.Text(column.From)} }}\n");
        return text.ToString();
    }

    LowCodeMap? SchemaOf(ManifestImportRequest request)
    {
        if (Stream.Schemas is [var first, ..])
            return first;
        // Where the schema is a file, it lies beside the manifest under the stream's name; no other file is read.
        var name = Stream.Name;
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            return null;
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(request.File))!, "schemas", $"{name}.json");
        try
        {
            return File.Exists(path) && new FileInfo(path).Length <= MaxSchema ? JsonText.Read(File.ReadAllText(path)) as LowCodeMap : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            Remarks.Add($"schemas/{name}.json cannot be read: {unreadable.Message}");
            return null;
        }
    }

    void UseExisting(ManifestImportRequest request)
    {
        var path = Path.Combine(request.ConfigsFolder, "datasets", $"{Id}.yaml");
        if (!File.Exists(path))
            return;
        IsThere = true;
        if (ConfigurationFile.Read<DatasetDefinition>(path) is not { Definition: { } dataset, Faults.Count: 0 } read)
        {
            Fault = new(path, 0, "is there and has faults: put it right first.");
            return;
        }

        Mapped = _columns.Select(c => c.Name).Where(dataset.Columns.ContainsKey).ToHashSet(StringComparer.Ordinal);
        var missing = dataset.Columns.Where(c => !Mapped.Contains(c.Key) && (!c.Value.Nullable || dataset.Keys.Contains(c.Key))).Select(c => c.Key).ToList();
        if (missing.Count > 0)
            Fault = new(path, 0, $"is there and needs {string.Join(", ", missing)}, which the stream '{Stream.Name}' has not.");
        else
            Remarks.Add($"The dataset '{Id}' is there already and is used as it is.");
    }
}
