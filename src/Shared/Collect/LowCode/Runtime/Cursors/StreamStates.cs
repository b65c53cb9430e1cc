namespace DataIngestion.Collect;

/// <summary>
/// How far a stream and the parents that are asked only for what is new got: read from the last run, written by this one. A stream
/// without partitions and such parents has one cursor; else each partition has its own, and they lie where the slices' states lie.
/// </summary>
internal sealed class StreamStates(string? cursor, SliceStates states)
{
    const string ParentMark = "parent ";

    readonly Dictionary<string, CursorTrack> _tracks = new(StringComparer.Ordinal);
    readonly string? _cursor = SliceStates.IsReference(cursor) ? null : cursor;

    /// <summary>What a partition of a stream is called.</summary>
    /// <param name="parent">Name of the parent that it is a partition of; null for the stream itself.</param>
    /// <param name="partition">Its key.</param>
    public static string KeyOf(string? parent, string partition) => parent is null ? partition : $"{ParentMark}{parent} {partition}";

    /// <summary>Whether anything is known.</summary>
    public bool IsEmpty => _cursor is null && states.All.Count == 0;

    /// <summary>Where a partition got; null where nothing is known.</summary>
    public string? Find(string key) => states.Find(key)?.Cursor ?? (key.StartsWith(ParentMark, StringComparison.Ordinal) ? null : _cursor);

    /// <summary>What keeps account of a partition.</summary>
    public CursorTrack Track(string key, StreamCursor cursor) =>
        _tracks.TryGetValue(key, out var track) ? track : _tracks[key] = cursor.Track(Find(key));

    /// <summary>Where the next run continues.</summary>
    public CursorMove Conclude()
    {
        if (_tracks.Keys.All(key => key.Length == 0))
            return new(_tracks.Values.FirstOrDefault()?.State is { } state && state != _cursor ? state : null, []);
        var moved = _tracks.Where(t => t.Value.State is not null).Select(t => new SliceState { Key = t.Key, Cursor = t.Value.State }).ToList();
        return new(null, []) { Slices = moved.Count == 0 ? null : states.With(moved) };
    }
}
