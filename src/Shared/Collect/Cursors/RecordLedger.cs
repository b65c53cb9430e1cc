using System.Security.Cryptography;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// Keeps account of the records of one collection: which were landed before, how far the cursor gets, and which records the next run
/// will be given again. Its memory follows the overlap, not the collection.
/// </summary>
internal sealed class RecordLedger : IRecordSink
{
    readonly CursorValues? _values;
    readonly TimeWindow? _window;
    readonly HashSet<string> _before;
    readonly decimal? _askedFrom;
    readonly List<(decimal? Rank, string Hash)> _boundary = [];
    List<long> _skip = [];
    decimal? _highest;
    string? _cursor;
    int _worthTrimming = 1024;

    /// <param name="values">Null when the dataset has no cursor.</param>
    /// <param name="from">Cursor that the collection started from.</param>
    /// <param name="before">Content hashes of the records at the previous run's boundary.</param>
    /// <param name="window">Only records of this window count; null for all.</param>
    public RecordLedger(CursorValues? values, string? from, IEnumerable<string> before, TimeWindow? window)
    {
        (_values, _window, _cursor) = (values, window, from);
        _before = [.. before];
        _highest = values?.Rank(from);
        _askedFrom = _highest is { } rank ? values!.RankBehind(rank) : null;
    }

    /// <summary>Records that were not landed before.</summary>
    public long New { get; private set; }

    /// <summary>Records that were, or that lie outside the window.</summary>
    public long Passed { get; private set; }

    /// <summary>Records with a cursor value.</summary>
    public long WithCursor { get; private set; }

    /// <summary>Where the next run continues; null when it should continue where this one did.</summary>
    public string? NextCursor => _values is null || _window is not null || New == 0 ? null : _cursor;

    /// <summary>Content hashes of the records that the next run will be given again.</summary>
    public IReadOnlyList<string> BoundaryHashes
    {
        get
        {
            if (NextCursor is null)
                return [];
            Trim();
            return [.. _boundary.Select(b => b.Hash).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>The places to skip since the last call.</summary>
    public IReadOnlyList<long> TakeSkipped()
    {
        var skip = _skip;
        _skip = [];
        return skip;
    }

    public void OnRecord(long place, string? cursor, ReadOnlySpan<byte> content)
    {
        if (_values is null)
        {
            New++;
            return;
        }

        if (_window is { } window)
        {
            WithCursor += cursor is null ? 0 : 1;
            Count(place, isNew: _values.IsWithin(window, cursor));
            return;
        }

        var rank = _values.Rank(cursor);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16));

        // A source that ignores the parameter sends what lies before it too; that was landed long ago.
        Count(place, isNew: !_before.Contains(hash) && !(rank < _askedFrom));

        if (!_values.AreOrdered)
        {
            NoteText(cursor, hash);
            return;
        }

        if (rank is { } value)
        {
            WithCursor++;
            if (_highest is null || value > _highest)
                (_highest, _cursor) = (value, cursor);
        }

        if (!IsBehind(rank))
            Add(rank, hash);
    }

    // Opaque text: the last one received is the furthest, and only records with that very value come again.
    void NoteText(string? cursor, string hash)
    {
        if (cursor is not null)
        {
            WithCursor++;
            if (cursor != _cursor)
                _boundary.Clear();
            _cursor = cursor;
        }

        Add(null, hash);
    }

    void Count(long place, bool isNew)
    {
        if (isNew)
        {
            New++;
            return;
        }

        Passed++;
        _skip.Add(place);
    }

    void Add(decimal? rank, string hash)
    {
        _boundary.Add((rank, hash));
        if (_boundary.Count < _worthTrimming)
            return;
        Trim();
        _worthTrimming = Math.Max(1024, _boundary.Count * 2);
    }

    void Trim() => _boundary.RemoveAll(b => IsBehind(b.Rank));

    // Records without a value are kept: nobody can say that the source won't send them again.
    bool IsBehind(decimal? rank) => _highest is { } highest && rank < _values!.RankBehind(highest);
}
