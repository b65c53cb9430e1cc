using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Collect;

/// <summary>The landing folder of one run and dataset: what an earlier attempt left there, and what this one adds.</summary>
internal sealed class LandingFolder
{
    readonly BlobStore _blobs;
    readonly HashSet<LakePath> _there;

    LandingFolder(BlobStore blobs, LakePath path, HashSet<LakePath> there) => (_blobs, Path, _there) = (blobs, path, there);

    /// <summary>Where it lies.</summary>
    public LakePath Path { get; }

    /// <summary>Where a folder's manifest lies.</summary>
    public static LakePath ManifestOf(LakePath folder) => folder.Child("manifest.json");

    /// <summary>Opens a folder and looks what is there.</summary>
    public static async Task<LandingFolder> OpenAsync(BlobStore blobs, LakePath path, CancellationToken cancellationToken)
    {
        HashSet<LakePath> there = [];
        await foreach (var blob in blobs.ListAsync(path.Container, path.Name + "/", cancellationToken))
            there.Add(blob.Path);
        return new(blobs, path, there);
    }

    /// <summary>Address of an artefact: its number in the run, and a name for people.</summary>
    public LakePath PathOf(int number, string name) => Path.Child($"{number:D5}-{name}");

    /// <summary>Fetches an artefact of an earlier attempt.</summary>
    /// <returns>What was remembered with it; null when there is no such artefact.</returns>
    public async Task<PageNote?> TryTakeAsync(LakePath path, TemporaryBody body, CancellationToken cancellationToken) =>
        _there.Contains(path) ? await TakeAsync(path, body, cancellationToken) : null;

    /// <summary>What was remembered with the artefact of that number; null when an earlier attempt did not get there.</summary>
    public async Task<(LakePath Path, PageNote Note)?> TryTakeNoteAsync(int number, CancellationToken cancellationToken)
    {
        var start = Path.Child($"{number:D5}-").Name;
        return _there.FirstOrDefault(p => p.Name.StartsWith(start, StringComparison.Ordinal)) is { Name: not null } path
            ? (path, await NoteOfAsync(path, cancellationToken))
            : null;
    }

    /// <summary>Puts an artefact there. Where another attempt was faster, the body and the answer are that attempt's.</summary>
    public async Task<PageNote> PutAsync(LakePath path, TemporaryBody body, PageNote note, CancellationToken cancellationToken)
    {
        if (await _blobs.WriteOnceAsync(path, body.Rewind(), note.ContentType, note.ToMetadata(), cancellationToken))
            return note;
        return await TakeAsync(path, body, cancellationToken);
    }

    async Task<PageNote> TakeAsync(LakePath path, TemporaryBody body, CancellationToken cancellationToken)
    {
        var note = await NoteOfAsync(path, cancellationToken);
        await using var content = await _blobs.OpenReadAsync(path, cancellationToken);
        await body.FillAsync(content, cancellationToken);
        return note;
    }

    async Task<PageNote> NoteOfAsync(LakePath path, CancellationToken cancellationToken)
    {
        var metadata = await _blobs.FindMetadataAsync(path, cancellationToken);
        var note = metadata is null ? null : PageNote.From(metadata);
        if (note is null)
        {
            throw new StepFailedException(new()
            {
                Code = "landing-foreign",
                Message = $"'{path}' was not written by a collection (it lacks its note): expected nobody else to write there. Start another run.",
            });
        }

        return note;
    }

    /// <summary>A file name that says what is in an artefact.</summary>
    /// <param name="text">A path at the source, or a file name.</param>
    /// <param name="fallback">Used when nothing of the path can be.</param>
    /// <param name="extension">Added unless it is there; null for none.</param>
    public static string NameFor(string text, string fallback, string? extension)
    {
        var last = text.Split('?', 2)[0].Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        var name = new StringBuilder(last.Length);
        foreach (var c in last)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
                name.Append(c);
            else if (name.Length > 0 && name[^1] != '-')
                name.Append('-');
        }

        var clean = name.ToString().Trim('.', '-');
        clean = clean.Length == 0 ? fallback : clean.Length > 80 ? clean[..80] : clean;
        return extension is null || clean.EndsWith($".{extension}", StringComparison.OrdinalIgnoreCase) ? clean : $"{clean}.{extension}";
    }
}
