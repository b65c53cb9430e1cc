using System.Globalization;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Collect;

/// <summary>
/// Where the slices of a dataset stood when a run began. They lie beside the manifest of the run that moved them last, and the cursor that
/// is committed after publishing only refers to that run: a hundred thousand of them are in no message.
/// </summary>
internal sealed class SliceStates
{
    /// <summary>What keys of parents begin with: no slice is called so, theirs are <c>name=value</c>.</summary>
    public const string ParentKey = "parent ";

    const string Reference = "slices:";

    readonly Dictionary<(string Key, string? Value), SliceState> _states = [];

    SliceStates(IReadOnlyList<SliceState> states)
    {
        All = states;
        foreach (var state in states)
        {
            if (state.Values.Count == 0)
                _states[(state.Key, null)] = state;
            foreach (var value in state.Values)
                _states[(state.Key, value)] = state;
        }
    }

    /// <summary>Nothing is known.</summary>
    public static SliceStates None { get; } = new([]);

    /// <summary>These.</summary>
    public static SliceStates Of(IReadOnlyList<SliceState> states) => new(states);

    /// <summary>All of them.</summary>
    public IReadOnlyList<SliceState> All { get; }

    /// <summary>Whether a committed cursor refers to slices rather than being a value of the source.</summary>
    public static bool IsReference(string? cursor) => cursor?.StartsWith(Reference, StringComparison.Ordinal) is true;

    /// <summary>Where a slice stands; null where it was never asked for.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value, where it is asked for in batches.</param>
    public SliceState? Find(string key, string? value = null) => _states.GetValueOrDefault((key, value));

    /// <summary>Where a parent stands, and the values that it had; null where it was never asked for.</summary>
    public SliceState? FindParent(string key) => All.FirstOrDefault(s => s.Key == key);

    /// <summary>Reads them.</summary>
    public static async Task<SliceStates> LoadAsync(BlobStore blobs, LakePath? path, CancellationToken cancellationToken)
    {
        if (path is not { } there)
            return None;
        List<SliceState> states = [];
        await using var content = await blobs.OpenReadAsync(there, cancellationToken);
        using var lines = new StreamReader(content);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
            states.Add(JsonSerializer.Deserialize<SliceState>(line, ContractJson.Options)!);
        return new(states);
    }

    /// <summary>
    /// The states after a run: those that it moved, and those of slices that it did not ask for, which may come back. Null where nothing
    /// has moved.
    /// </summary>
    public IReadOnlyList<SliceState>? With(IReadOnlyList<SliceState> moved)
    {
        HashSet<(string, string?)> asked = [.. moved.SelectMany(Names)];
        List<SliceState> next = [.. moved];
        foreach (var state in All)
        {
            if (state.Values.Count == 0)
            {
                if (!asked.Contains((state.Key, null)))
                    next.Add(state);
            }
            else if (state.Values.Where(v => !asked.Contains((state.Key, v))).ToList() is { Count: > 0 } left)
            {
                next.Add(state with { Values = left });
            }
        }

        next.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key) is not 0 and var order ? order : string.CompareOrdinal(First(a), First(b)));
        return next.Select(Line).SequenceEqual(All.Select(Line)) ? null : next;

        static IEnumerable<(string, string?)> Names(SliceState state) => state.Values.Count == 0 ? [(state.Key, null)] : state.Values.Select(v => (state.Key, (string?)v));
    }

    /// <summary>Puts states into the landing folder of the run that moved them.</summary>
    /// <returns>Where they lie; and the cursor to be committed, which refers to the run and tells people how many slices there are and which day is the last.</returns>
    public static async Task<(LakePath Path, string Cursor)> PutAsync(
        LandingFolder folder, string run, IReadOnlyList<SliceState> states, CancellationToken cancellationToken)
    {
        await using var lines = new TemporaryBody();
        foreach (var state in states)
        {
            lines.Append(JsonSerializer.SerializeToUtf8Bytes(state, ContractJson.Options));
            lines.Append("\n"u8);
        }

        var path = await folder.PutStatesAsync(lines, cancellationToken);
        var furthest = states.Max(s => s.Days is [.., var days] ? days[^10..] : null);
        var count = states.Where(s => !s.Key.StartsWith(ParentKey, StringComparison.Ordinal)).Sum(s => Math.Max(1, s.Values.Count));
        return (path, string.Create(CultureInfo.InvariantCulture, $"{Reference}{run} ({count}{(furthest is null ? "" : $" up to {furthest}")})"));
    }

    static string First(SliceState state) => state.Values is [var first, ..] ? first : "";

    static string Line(SliceState state) => JsonSerializer.Serialize(state, ContractJson.Options);
}
