using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Takes down where the groups of slices stand after a run, while their slices are landed in any order.</summary>
internal sealed class SliceMoves(DateValues? dates, DateTimeOffset now)
{
    readonly Dictionary<SliceGroup, Move> _moves = [];
    readonly Lock _lock = new();

    /// <summary>The states in the order of their groups.</summary>
    public IReadOnlyList<SliceState> States()
    {
        lock (_lock)
            return [.. _moves.OrderBy(m => m.Value.Number).Select(m => StateOf(m.Key, m.Value))];
    }

    /// <summary>Says that a group is asked for; in order, and also where it has no day to ask for.</summary>
    public void Begin(SliceGroup group)
    {
        lock (_lock)
            _moves[group] = new(_moves.Count);
    }

    /// <summary>Takes down a slice that is landed.</summary>
    public void Add(SliceGroup group, DateOnly? day, LandedSlice landed)
    {
        var (slice, pages) = (landed.Slice, landed.Pages);
        var answers = pages.Where(p => p.Note.IsData).Select(p => KnownAnswer.Of(p.Artefact.Name, p.Artefact.Headers)).OfType<KnownAnswer>().ToList();
        if (landed.IsUnchanged)
            answers = [.. slice.Answers.Values];
        lock (_lock)
        {
            var move = _moves[group];
            if (day is { } done)
            {
                move.Days.Add(done);
                if (dates!.IsAskedAgain(done, now))
                    move.Answers.AddRange(answers);
            }
            else
            {
                move.Answers.AddRange(answers);
                if (slice.Ledger.NextCursor is { } cursor)
                    (move.Cursor, move.BoundaryHashes) = (cursor, slice.Ledger.BoundaryHashes);
            }
        }
    }

    SliceState StateOf(SliceGroup group, Move move) => new()
    {
        Key = group.Key,
        Values = group.Values,
        Cursor = move.Cursor ?? group.Before?.Cursor,
        BoundaryHashes = (move.Cursor is null ? group.Before?.BoundaryHashes : move.BoundaryHashes) ?? [],
        Days = DayRanges.Parse(group.Before?.Days ?? []).With(move.Days.Select(day => dates!.Covered(day))).Texts,
        Answers = [.. move.Answers.DistinctBy(a => a.Name).OrderBy(a => a.Name, StringComparer.Ordinal)],
    };

    sealed class Move(int number)
    {
        public int Number => number;

        public List<DateOnly> Days { get; } = [];

        public List<KnownAnswer> Answers { get; } = [];

        public string? Cursor { get; set; }

        public IReadOnlyList<string> BoundaryHashes { get; set; } = [];
    }
}
