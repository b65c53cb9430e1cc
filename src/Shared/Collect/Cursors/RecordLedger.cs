using System.Security.Cryptography;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// Keeps account of the records of one slice: which were landed before, how far the cursor gets, and which records the next run will be
/// given again. Its memory follows the overlap and what pages nearby hold, not the collection.
/// </summary>
internal sealed class RecordLedger : IRecordSink
{
    const int HashBytes = 16;

    readonly CursorValues? _values;
    readonly TimeWindow? _window;
    readonly HashSet<string> _before;
    readonly string? _from;
    readonly decimal? _start;
    readonly decimal? _askedFrom;
    readonly List<(decimal? Rank, string Hash)> _boundary = [];
    List<long> _skip = [];
    RecentRecords? _recent;
    decimal? _until;
    decimal? _ceiling;
    decimal? _newest;
    string? _newestText;
    decimal? _highest;
    string? _cursor;
    int _worthTrimming = 1024;

    /// <param name="values">Null when the dataset has no cursor.</param>
    /// <param name="from">Cursor that the collection started from.</param>
    /// <param name="before">Content hashes of the records at the previous run's boundary.</param>
    /// <param name="window">Only records of this window count; null for all.</param>
    public RecordLedger(CursorValues? values, string? from, IEnumerable<string> before, TimeWindow? window)
    {
        (_values, _window, _from, _cursor) = (values, window, from, from);
        _before = [.. before];
        _highest = _start = values?.Rank(from);
        _askedFrom = _highest is { } rank ? values!.RankBehind(rank) : null;
    }

    /// <summary>Records that were not landed before.</summary>
    public long New { get; private set; }

    /// <summary>Records that were, or that lie outside the window.</summary>
    public long Passed { get; private set; }

    /// <summary>Records with a cursor value.</summary>
    public long WithCursor { get; private set; }

    /// <summary>Records without one.</summary>
    public long WithoutCursor { get; private set; }

    /// <summary>Records that came on a page before too.</summary>
    public long Repeated { get; private set; }

    /// <summary>Records too far in the future to move the cursor.</summary>
    public long Ahead { get; private set; }

    /// <summary>Records that lie before the place that was asked from.</summary>
    public long Behind { get; private set; }

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

    /// <summary>What people should know of the records, although nothing failed.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (WithoutCursor > 0 && WithCursor > 0)
                yield return $"{WithoutCursor:N0} of {WithCursor + WithoutCursor:N0} records have no value of the cursor's type: they were taken, and are taken again by the next run. Has the source changed what it sends?";
            if (Ahead > 0)
                yield return $"{Ahead:N0} record{(Ahead == 1 ? " lies" : "s lie")} more than a day after the run, up to '{_newestText}': {(Ahead == 1 ? "it was" : "they were")} taken, but the cursor stays before {(Ahead == 1 ? "it" : "them")}.";
            if (_newest < _start && _window is null)
                yield return $"The newest record is '{_newestText}', before the cursor '{_from}': the source has taken records back or begins anew. The cursor stays; ask for a full refresh if it begins anew.";
            else if (Behind > 0)
                yield return $"{Behind:N0} record{(Behind == 1 ? " lies" : "s lie")} before what was asked for and {(Behind == 1 ? "was" : "were")} passed over: the source ignores where it is asked from, or corrects what is older than 'overlap' reaches.";
        }
    }

    /// <summary>From now on a record that comes on several pages is taken once.</summary>
    public void TakeOnceAcrossPages() => _recent ??= new();

    /// <summary>From now on records behind a value are left for a later run, even if the source sends them.</summary>
    public void LeaveBehind(string until) => _until = _values?.Rank(until);

    /// <summary>From now on records more than a day behind a value do not move the cursor: nothing would be asked for until their time has come.</summary>
    public void NeverPass(string end) => _ceiling = _values is not null && _values.TryInstant(end, out var instant) ? _values.Rank(_values.Text(instant + TimeSpan.FromDays(1))) : null;

    /// <summary>The places to skip since the last call, which ends a page.</summary>
    public IReadOnlyList<long> TakeSkipped()
    {
        _recent?.EndPage();
        var skip = _skip;
        _skip = [];
        return skip;
    }

    public void OnRecord(long place, string? cursor, ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (_recent is not null || (_values is not null && _window is null))
            SHA256.HashData(content, digest);
        var isRepeated = _recent?.Saw(digest[..HashBytes]) is true;
        Repeated += isRepeated ? 1 : 0;
        if (_values is null)
        {
            Count(place, isNew: !isRepeated);
            return;
        }

        WithoutCursor += cursor is null || (_values.AreOrdered && _values.Rank(cursor) is null) ? 1 : 0;
        if (_window is { } window)
        {
            WithCursor += cursor is null ? 0 : 1;
            Count(place, isNew: !isRepeated && _values.IsWithin(window, cursor));
            return;
        }

        var rank = _values.Rank(cursor);
        if (rank > _until)
        {
            WithCursor++;
            Count(place, isNew: false); // it may still change; the cursor stays before it
            return;
        }

        // A source that ignores the parameter sends what lies before it too; that was landed long ago.
        var hash = Convert.ToHexStringLower(digest[..HashBytes]);
        var isBehind = rank < _askedFrom;
        Behind += isBehind && !isRepeated ? 1 : 0;
        Count(place, isNew: !isRepeated && !isBehind && !_before.Contains(hash));

        if (!_values.AreOrdered)
        {
            NoteText(cursor, hash);
            return;
        }

        if (rank is { } value)
        {
            WithCursor++;
            if (_newest is null || value > _newest)
                (_newest, _newestText) = (value, cursor);
            if (value > _ceiling)
                Ahead++;
            else if (_highest is null || value > _highest)
                (_highest, _cursor) = (value, _values.Kept(cursor!));
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
