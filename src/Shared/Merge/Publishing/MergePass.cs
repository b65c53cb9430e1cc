using System.Security.Cryptography;
using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Merge;

/// <summary>What one pass found. See <see cref="MergeResult"/> for the meaning of the counts.</summary>
internal sealed record PassCounts
{
    public long RowsIn { get; set; }

    public long RowsOut { get; set; }

    public long RowsSuperseded { get; set; }

    public long Disagreements { get; set; }

    public long PreviousRows { get; set; }

    public long SnapshotRows { get; set; }

    /// <summary>Hash of every source's row and its verdict: equal when nothing that people see has changed.</summary>
    public string Content { get; set; } = "";
}

/// <summary>
/// One walk over the previous snapshot's contributions and new rows, both sorted by key: resolves key after key and writes the rows
/// that stand and the contributions. Memory holds one key and one batch of each.
/// </summary>
internal sealed class MergePass(RowLayout layout, SourceRanks ranks, string? freshRun)
{
    readonly byte[] _freshRun = Encode(freshRun ?? "");

    /// <param name="previous">Contributions by key and source; empty to make everything anew from <paramref name="rows"/>.</param>
    /// <param name="rows">Rows by key, source and the order in which they were learned.</param>
    /// <param name="standing">Takes the rows that stand.</param>
    /// <param name="contributions">Takes every source's row.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="LateRowException">The previous contributions do not tell what follows from the rows.</exception>
    public async Task<PassCounts> RunAsync(
        IAsyncEnumerable<Contribution> previous, IEnumerable<MergeRow> rows, PartWriter standing, PartWriter contributions, CancellationToken cancellationToken)
    {
        var counts = new PassCounts();
        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var state = new KeyState(ranks);
        await using var old = previous.GetAsyncEnumerator(cancellationToken);
        using var added = rows.GetEnumerator();
        var hasOld = await old.MoveNextAsync();
        var hasNew = added.MoveNext();
        while (hasOld || hasNew)
        {
            var first = !hasNew || (hasOld && old.Current.Row.Key.SequenceCompareTo(added.Current.Key) <= 0) ? old.Current.Row : added.Current;
            var existed = false;
            state.Clear();
            for (; hasOld && old.Current.Row.Key.SequenceEqual(first.Key); hasOld = await old.MoveNextAsync())
            {
                state.Load(old.Current);
                existed = true;
            }

            for (; hasNew && added.Current.Key.SequenceEqual(first.Key); hasNew = added.MoveNext())
            {
                if (IsFresh(added.Current))
                    counts.RowsIn++;
                else
                    existed = true;
                state.Add(added.Current);
            }

            var best = state.Resolve();
            Count(counts, existed, IsFresh(state.Contributions[best].Row));
            await WriteAsync(state, best, counts, content, standing, contributions, cancellationToken);
        }

        counts.Content = Convert.ToHexStringLower(content.GetHashAndReset());
        return counts;
    }

    static void Count(PassCounts counts, bool existed, bool isFresh)
    {
        counts.SnapshotRows++;
        if (existed)
            counts.PreviousRows++;
        if (!isFresh)
            return;
        counts.RowsOut++;
        if (existed)
            counts.RowsSuperseded++;
    }

    async ValueTask WriteAsync(
        KeyState state, int best, PassCounts counts, IncrementalHash content, PartWriter standing, PartWriter contributions, CancellationToken cancellationToken)
    {
        RowWriter.Append(standing.Rows, layout, state.Contributions[best].Row);
        await standing.EndRowAsync(cancellationToken);
        var disagrees = false;
        for (var i = 0; i < state.Contributions.Count; i++)
        {
            var verdict = state.Verdicts[i];
            disagrees |= verdict.IsDisagreement();
            content.AppendData(state.Contributions[i].Row.Bytes);
            content.AppendData([(byte)verdict]);
            RowWriter.Append(contributions.Rows, layout, state.Contributions[i], verdict);
            await contributions.EndRowAsync(cancellationToken);
        }

        if (disagrees)
            counts.Disagreements++;
    }

    // The run follows the moment in what is learned.
    bool IsFresh(MergeRow row) => freshRun is not null && row.Learned[row.KnownAt.Length..].StartsWith(_freshRun);

    static byte[] Encode(string run)
    {
        var writer = new OrderedBytesWriter();
        writer.WriteString(run);
        return writer.ToArray();
    }
}
