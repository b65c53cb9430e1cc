namespace DataIngestion.Merge;

/// <summary>All that is known of one key: one <see cref="Contribution"/> a source, by source. Reused from key to key.</summary>
internal sealed class KeyState(SourceRanks ranks)
{
    readonly List<Contribution> _contributions = [];
    readonly List<Verdict> _verdicts = [];

    /// <summary>By source.</summary>
    public IReadOnlyList<Contribution> Contributions => _contributions;

    /// <summary>Valid after <see cref="Resolve"/>, in the order of <see cref="Contributions"/>.</summary>
    public IReadOnlyList<Verdict> Verdicts => _verdicts;

    public void Clear()
    {
        _contributions.Clear();
        _verdicts.Clear();
    }

    /// <summary>Takes over a contribution from the previous snapshot.</summary>
    public void Load(Contribution contribution)
    {
        var at = Find(contribution.Row.Source);
        if (at >= 0)
            throw new InvalidDataException("The contributions of the previous snapshot hold one source twice for a key.");
        _contributions.Insert(~at, contribution);
    }

    /// <summary>Adds one row.</summary>
    /// <exception cref="LateRowException">The state does not tell what follows.</exception>
    public void Add(MergeRow row)
    {
        var at = Find(row.Source);
        if (at >= 0)
            _contributions[at] = _contributions[at].Add(row);
        else
            _contributions.Insert(~at, Contribution.Of(row));
    }

    /// <summary>Finds the row that stands: the most trusted source, then known last, then the source whose id sorts first.</summary>
    /// <returns>Its place in <see cref="Contributions"/>.</returns>
    public int Resolve()
    {
        var best = 0;
        for (var i = 1; i < _contributions.Count; i++)
        {
            if (Rule(_contributions[i].Row, _contributions[best].Row) is null)
                best = i;
        }

        var standing = _contributions[best].Row;
        _verdicts.Clear();
        for (var i = 0; i < _contributions.Count; i++)
        {
            var row = _contributions[i].Row;
            _verdicts.Add(i == best ? Verdict.Stands : row.Data.SequenceEqual(standing.Data) ? Verdict.Agrees : Rule(row, standing)!.Value);
        }

        return best;
    }

    // Why a row loses against another; null when it wins. Two contributions of one key never have the same source, so this is a total order.
    Verdict? Rule(MergeRow row, MergeRow other)
    {
        var rank = ranks.Of(row.Source).CompareTo(ranks.Of(other.Source));
        if (rank != 0)
            return rank < 0 ? null : Verdict.LowerPriority;
        var known = row.KnownAt.SequenceCompareTo(other.KnownAt);
        if (known != 0)
            return known > 0 ? null : Verdict.KnownEarlier;
        return row.Source.SequenceCompareTo(other.Source) < 0 ? null : Verdict.SortsLater;
    }

    // Sources are few: a search in order is the fastest.
    int Find(ReadOnlySpan<byte> source)
    {
        var at = 0;
        for (; at < _contributions.Count; at++)
        {
            var order = _contributions[at].Row.Source.SequenceCompareTo(source);
            if (order == 0)
                return at;
            if (order > 0)
                break;
        }

        return ~at;
    }
}
