using System.Runtime.CompilerServices;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Collect;

/// <summary>
/// The landing folder of one run and dataset, or of one of its slices: what an earlier attempt left there, and what this one adds.
/// A page is a body, named by its number and its hash, and a note, which names the body and stands for the page: of two attempts that
/// land the same number the first note counts, and the other's body is left alone.
/// </summary>
internal sealed class LandingFolder
{
    const int HashCharacters = 16;

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

    /// <summary>The folder of a slice.</summary>
    public LandingFolder Child(string name) => new(_blobs, Path.Child(name), _there);

    /// <summary>What was remembered of the page of that number; null when an earlier attempt did not get there.</summary>
    public async Task<PageNote?> TryTakeNoteAsync(int number, CancellationToken cancellationToken) =>
        _there.Contains(NoteOf(number)) ? (await _blobs.ReadJsonAsync<PageNote>(NoteOf(number), cancellationToken))?.Value : null;

    /// <summary>Fetches the body of a page.</summary>
    /// <exception cref="StepFailedException">It is not what the note says (<c>landing-damaged</c>).</exception>
    public async Task TakeBodyAsync(PageNote note, TemporaryBody body, CancellationToken cancellationToken)
    {
        await using var content = await _blobs.OpenReadAsync(note.Path, cancellationToken);
        await body.FillAsync(content, cancellationToken);
        if (body.Sha256 != note.Sha256)
        {
            throw new StepFailedException(new()
            {
                Code = "landing-damaged",
                Message = $"'{note.Path}' has the SHA-256 {body.Sha256}, but {note.Sha256} was landed: somebody wrote over it. Start another run.",
            });
        }
    }

    /// <summary>Puts a page there.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="name">What people call it; a file name.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="note">What is remembered of it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The note that stands, and whether it is this one. Where another attempt was faster it is that attempt's, and <paramref name="body"/> holds that attempt's bytes.</returns>
    public async Task<(PageNote Note, bool IsMine)> PutAsync(int number, string name, TemporaryBody body, PageNote note, CancellationToken cancellationToken)
    {
        note = note with { Body = BodyOf(number, name, body), Length = body.Length, Sha256 = body.Sha256 };
        await _blobs.WriteOnceAsync(note.Path, body.Rewind(), note.ContentType, cancellationToken);
        if (await _blobs.WriteJsonOnceAsync(NoteOf(number), note, cancellationToken))
            return (note, true);
        var first = (await _blobs.ReadJsonAsync<PageNote>(NoteOf(number), cancellationToken))!.Value;
        await TakeBodyAsync(first, body, cancellationToken);
        return (first, false);
    }

    /// <summary>Remembers that the source had nothing new, so that neither another attempt nor a replay asks.</summary>
    public async Task<PageNote> PutNothingAsync(int number, PageNote note, CancellationToken cancellationToken) =>
        await _blobs.WriteJsonOnceAsync(NoteOf(number), note, cancellationToken) ? note : (await _blobs.ReadJsonAsync<PageNote>(NoteOf(number), cancellationToken))!.Value;

    /// <summary>The notes of this folder and its slices, in no order.</summary>
    public async IAsyncEnumerable<PageNote> NotesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in _there.Where(IsNote))
        {
            if ((await _blobs.ReadJsonAsync<PageNote>(path, cancellationToken))?.Value is { } note)
                yield return note;
        }
    }

    /// <summary>Puts the records of a page there, which follow from its body.</summary>
    public async Task<LakePath> PutRecordsAsync(int number, TemporaryBody records, CancellationToken cancellationToken)
    {
        var path = BodyOf(number, "records.ndjson", records);
        await _blobs.WriteOnceAsync(path, records.Rewind(), "application/x-ndjson", cancellationToken);
        return path;
    }

    /// <summary>Puts where the slices stand there, which follows from all of their pages.</summary>
    public async Task<LakePath> PutStatesAsync(TemporaryBody states, CancellationToken cancellationToken)
    {
        var path = Path.Child("slices.ndjson");
        await _blobs.WriteOnceAsync(path, states.Rewind(), "application/x-ndjson", cancellationToken);
        return path;
    }
    static bool IsNote(LakePath path) => path.FileName.Length == 10 && path.FileName.EndsWith(".json", StringComparison.Ordinal) && path.FileName.AsSpan(0, 5).IndexOfAnyExceptInRange('0', '9') < 0;

    LakePath NoteOf(int number) => Path.Child($"{number:D5}.json");

    LakePath BodyOf(int number, string name, TemporaryBody body) => Path.Child($"{number:D5}-{body.Sha256[..HashCharacters]}-{name}");

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
