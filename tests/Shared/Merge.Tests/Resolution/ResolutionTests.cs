using CsCheck;

namespace DataIngestion.Merge.Tests;

/// <summary>The arithmetic of one key against a model that sees all rows at once.</summary>
public sealed class ResolutionTests
{
    static readonly string[] Sources = ["ecb", "fed", "acme", "zeta"];
    static readonly string[] Priority = ["ecb", "fed"];

    static readonly Gen<SaidRow> Row = Gen.Select(
        Gen.Int[0, 3].Select(i => Sources[i]), Gen.Int[0, 6], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2].Nullable(),
        (source, knownAt, run, row, value) => new SaidRow(1, source, knownAt, $"r{run}", row, value));

    [Fact]
    public void The_outcome_does_not_depend_on_order_or_repetition() =>
        Gen.Select(Row.List[1, 12], Gen.Int[0, 1_000_000]).Sample(
            (rows, seed) =>
            {
                var expected = Model(rows);
                var random = new Random(seed);
                var shuffled = rows.Concat(rows.Where(_ => random.Next(2) == 0)).ToArray();
                random.Shuffle(shuffled);
                Assert.Equal(expected, Outcome(shuffled));
            },
            iter: 5_000);

    [Fact]
    public void Any_partition_into_runs_merged_in_any_order_gives_the_same() =>
        Gen.Select(Row.List[1, 15], Gen.Int[0, 1_000_000]).Sample(
            (rows, seed) =>
            {
                var random = new Random(seed);
                var parts = rows.GroupBy(_ => random.Next(4)).Select(part => part.OrderBy(r => r.Source).ThenBy(r => r.LearnedOrder).ToArray()).ToArray();
                random.Shuffle(parts);
                Assert.Equal(Model(rows), Outcome(parts.SelectMany(part => part)));
            },
            iter: 5_000);

    [Fact]
    public void Rows_that_come_in_the_order_they_were_learned_never_need_a_rebuild() =>
        Row.List[1, 15].Sample(
            rows =>
            {
                var state = new KeyState(new(Priority));
                foreach (var row in rows.OrderBy(r => r.LearnedOrder))
                    state.Add(row.Encode());
            },
            iter: 5_000);

    [Fact]
    public void An_equal_row_keeps_the_moment_when_it_was_first_known()
    {
        var state = StateOf(new(1, "ecb", 1, "r1", 0, 7), new(1, "ecb", 5, "r2", 0, 7));
        Assert.Equal(1, SaidRow.Decode(state.Contributions[state.Resolve()].Row).KnownAt);
    }

    [Fact]
    public void A_value_that_returns_is_dated_from_its_return()
    {
        var state = StateOf(new(1, "ecb", 1, "r1", 0, 7), new(1, "ecb", 2, "r2", 0, 8), new(1, "ecb", 3, "r3", 0, 7));
        Assert.Equal(3, SaidRow.Decode(state.Contributions[state.Resolve()].Row).KnownAt);
    }

    [Fact]
    public void A_row_that_breaks_an_unbroken_statement_afterwards_asks_for_a_rebuild()
    {
        var state = StateOf(new(1, "ecb", 1, "r1", 0, 7), new(1, "ecb", 3, "r3", 0, 7));
        Assert.Throws<LateRowException>(() => state.Add(new SaidRow(1, "ecb", 2, "r2", 0, 8).Encode()));
    }

    [Fact]
    public void A_listed_source_beats_one_known_later_and_the_loser_says_why()
    {
        var state = StateOf(new(1, "acme", 9, "r2", 0, 8), new(1, "fed", 1, "r1", 0, 7), new(1, "zeta", 4, "r3", 0, 7));
        Assert.Equal(1, state.Resolve());
        Assert.Equal([Verdict.LowerPriority, Verdict.Stands, Verdict.Agrees], state.Verdicts);
    }

    [Fact]
    public void Among_unlisted_sources_the_row_known_last_wins()
    {
        var state = StateOf(new(1, "acme", 2, "r1", 0, 8), new(1, "zeta", 4, "r2", 0, 7));
        Assert.Equal(1, state.Resolve());
        Assert.Equal([Verdict.KnownEarlier, Verdict.Stands], state.Verdicts);
    }

    [Fact]
    public void Known_at_the_same_moment_the_source_that_sorts_first_wins()
    {
        var state = StateOf(new(1, "zeta", 2, "r1", 0, 8), new(1, "acme", 2, "r2", 0, 7));
        Assert.Equal(0, state.Resolve());
        Assert.Equal([Verdict.Stands, Verdict.SortsLater], state.Verdicts);
    }

    static KeyState StateOf(params SaidRow[] rows)
    {
        var state = new KeyState(new(Priority));
        foreach (var row in rows)
            state.Add(row.Encode());
        return state;
    }

    // As the merger does it: row by row, and anew from all rows in order where the state does not suffice.
    static (string Standing, string All) Outcome(IEnumerable<SaidRow> rows)
    {
        var (state, seen) = (new KeyState(new(Priority)), new List<SaidRow>());
        foreach (var row in rows)
        {
            seen.Add(row);
            try
            {
                state.Add(row.Encode());
            }
            catch (LateRowException)
            {
                state.Clear();
                foreach (var again in seen.OrderBy(r => r.Source, StringComparer.Ordinal).ThenBy(r => r.LearnedOrder))
                    state.Add(again.Encode());
            }
        }

        var best = state.Resolve();
        var contributions = state.Contributions.Select((c, i) => (SaidRow.Decode(c.Row), state.Verdicts[i]));
        return (SaidRow.Decode(state.Contributions[best].Row).ToString(), string.Join('\n', contributions));
    }

    static (string Standing, string All) Model(IReadOnlyCollection<SaidRow> rows)
    {
        var latest = rows.GroupBy(r => r.Source).OrderBy(g => g.Key, StringComparer.Ordinal).Select(said =>
        {
            var ordered = said.OrderBy(r => r.LearnedOrder).ToArray();
            var first = ordered.Length - 1;
            while (first > 0 && ordered[first - 1].Value == ordered[^1].Value)
                first--;
            return ordered[first];
        }).ToArray();
        int RankOf(SaidRow row) => Array.IndexOf(Priority, row.Source) is >= 0 and var rank ? rank : Priority.Length;
        var standing = latest.OrderBy(RankOf).ThenByDescending(r => r.KnownAt).ThenBy(r => r.Source, StringComparer.Ordinal).First();
        Verdict VerdictOf(SaidRow row) =>
            row == standing ? Verdict.Stands
            : row.Value == standing.Value ? Verdict.Agrees
            : RankOf(row) != RankOf(standing) ? Verdict.LowerPriority
            : row.KnownAt != standing.KnownAt ? Verdict.KnownEarlier : Verdict.SortsLater;
        return (standing.ToString(), string.Join('\n', latest.Select(r => (r, VerdictOf(r)))));
    }
}
