using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Gets answers from what an earlier run landed. Nothing is asked of the source.</summary>
internal sealed class RecordedFetcher : IAnswerFetcher
{
    readonly string _run;
    readonly LandingFolder _folder;
    readonly Dictionary<(string? Method, string Name, string? Body), Queue<PageNote>> _notes;

    RecordedFetcher(string run, LandingFolder folder, Dictionary<(string?, string, string?), Queue<PageNote>> notes) => (_run, _folder, _notes) = (run, folder, notes);

    /// <summary>Reads what a run was answered.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">Its landing folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<RecordedFetcher> OpenAsync(string run, LandingFolder folder, CancellationToken cancellationToken)
    {
        List<PageNote> notes = [];
        await foreach (var note in folder.NotesAsync(cancellationToken))
            notes.Add(note);
        var byRequest = notes.GroupBy(n => (n.Method, n.Name, n.RequestBody)).ToDictionary(g => g.Key, g => new Queue<PageNote>(g.OrderBy(n => n.KnownAt)));
        return new(run, folder, byRequest);
    }

    /// <inheritdoc />
    /// <exception cref="StepFailedException">The run never asked this (<c>replay-missing</c>), or what it landed was written over.</exception>
    public async Task<FetchedAnswer> FetchAsync(Ask ask, TemporaryBody body, CancellationToken cancellationToken)
    {
        var note = Take(ask);
        if (!note.IsNothing)
            await _folder.TakeBodyAsync(note, body, cancellationToken);
        return new(note with { Requests = 0, Retries = 0, IsData = ask.IsData && note.Status < 400 }, note.Name, text => text);
    }

    PageNote Take(Ask ask)
    {
        var request = ask.Request;
        lock (_notes)
        {
            if (_notes.TryGetValue((request.Method, ask.Called, request.Body), out var found))
                return found.Count > 1 ? found.Dequeue() : found.Peek();
        }

        throw new StepFailedException(new()
        {
            Code = "replay-missing",
            Message = $"The run {_run} never asked for {request.Method} {ask.Called}, so there is no answer to replay: the definition has changed what it asks since. Run the source instead.",
        });
    }
}
