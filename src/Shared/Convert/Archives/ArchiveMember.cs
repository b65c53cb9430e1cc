namespace DataIngestion.Conversion.Archives;

/// <summary>One member of an archive that is data, possibly of an archive inside another.</summary>
/// <param name="Path">Its full name; <c>!/</c> stands between the name of an archive and that of a member inside it: <c>inner.zip!/a.csv</c>.</param>
/// <param name="Container">The archive around it: <c>zip</c>, <c>tar</c> or <c>7z</c>.</param>
/// <param name="Open">Opens its content from the start, as stored.</param>
internal sealed record ArchiveMember(string Path, string Container, Func<Stream> Open)
{
    /// <summary>What leads into an archive inside an archive.</summary>
    public const string Into = "!/";

    /// <summary>Its own name, without folders.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Whether a name is one of data, not of a folder or of a file that operating systems leave behind.</summary>
    public static bool IsData(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.Length > 0 && name[0] != '.' && !path.StartsWith("__MACOSX/", StringComparison.Ordinal) && name is not ("Thumbs.db" or "desktop.ini");
    }
}
