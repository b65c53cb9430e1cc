using System.Text;
using CsCheck;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class CursorTests
{
    [Theory]
    [InlineData(CursorType.Date, "2d", "2026-03-01", "2026-02-27")]
    [InlineData(CursorType.Date, null, "2026-03-01", "2026-03-01")]
    [InlineData(CursorType.Date, "9000000d", "2026-03-01", "0001-01-01")]
    [InlineData(CursorType.Timestamp, "30m", "2026-03-01T00:10:00Z", "2026-02-28T23:40:00Z")]
    [InlineData(CursorType.Timestamp, "1h", "2026-03-01T01:00:00+02:00", "2026-02-28T22:00:00Z")]
    [InlineData(CursorType.Timestamp, "250ms", "2026-03-01T00:00:00.5", "2026-03-01T00:00:00.25Z")]
    [InlineData(CursorType.Timestamp, "00:05:00", "2026-03-01T00:10:00Z", "2026-03-01T00:05:00Z")]
    [InlineData(CursorType.Timestamp, null, "2026-03-01 00:10", "2026-03-01 00:10")]
    [InlineData(CursorType.Integer, "100", "40", "-60")]
    [InlineData(CursorType.Integer, null, "12345678901234567890", "12345678901234567890")]
    [InlineData(CursorType.Text, null, "abc/7", "abc/7")]
    public void A_cursor_moves_back_by_its_overlap(CursorType type, string? overlap, string cursor, string expected) =>
        Assert.Equal(expected, Values(type, overlap).Behind(cursor));

    [Theory]
    [InlineData(CursorType.Date, "36h"), InlineData(CursorType.Date, "2"), InlineData(CursorType.Timestamp, "soon"), InlineData(CursorType.Timestamp, "-1h")]
    [InlineData(CursorType.Integer, "2d"), InlineData(CursorType.Integer, "-5"), InlineData(CursorType.Text, "1")]
    public void An_overlap_that_does_not_fit_the_type_is_refused(CursorType type, string overlap)
    {
        var failure = Assert.Throws<StepFailedException>(() => Values(type, overlap)).Failure;

        Assert.Equal("configuration-invalid", failure.Code);
        Assert.Contains($"'{overlap}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stored_cursor_of_another_type_is_refused() =>
        Assert.Equal("cursor-invalid", Assert.Throws<StepFailedException>(() => Values(CursorType.Date, "1d").Behind("17")).Failure.Code);

    [Fact]
    public void Late_records_within_the_overlap_are_landed_exactly_once() =>
        // Each record: the day it speaks about, and how many days late it is published.
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 4]).Array[0, 60].Select(Gen.Int[1, 9].Array[1, 12], Gen.Int[0, 1]).Sample((records, steps, kind) =>
        {
            var values = kind == 0 ? Values(CursorType.Date, "4d") : Values(CursorType.Integer, "4");
            string Text(int day) => kind == 0 ? new DateOnly(2026, 1, 1).AddDays(day).ToString("yyyy-MM-dd") : day.ToString();
            var landed = new List<int>();
            string? cursor = null;
            IReadOnlyList<string> boundary = [];
            var today = 0;
            foreach (var step in steps.Append(100))
            {
                today += step;
                var ledger = new RecordLedger(values, cursor, boundary, window: null);
                var from = cursor is null ? null : values.Rank(values.Behind(cursor));
                var published = records.Index().Where(r => r.Item.Item1 + r.Item.Item2 <= today && !(values.Rank(Text(r.Item.Item1)) < from));
                var given = published.OrderBy(r => r.Item.Item1).ToList();
                for (var place = 0; place < given.Count; place++)
                    ledger.OnRecord(place, Text(given[place].Item.Item1), Encoding.UTF8.GetBytes($"record {given[place].Index}"));
                var skipped = ledger.TakeSkipped().ToHashSet();
                landed.AddRange(given.Where((_, place) => !skipped.Contains(place)).Select(g => g.Index));

                Assert.True(cursor is null || ledger.NextCursor is null || values.Rank(ledger.NextCursor) >= values.Rank(cursor), "the cursor went back");
                Assert.Equal(ledger.New == 0, ledger.NextCursor is null);
                if (ledger.NextCursor is { } next)
                    (cursor, boundary) = (next, ledger.BoundaryHashes);
            }

            Assert.Equal(Enumerable.Range(0, records.Length), landed.Order());
        }, iter: 2000);

    [Fact]
    public void The_boundary_holds_the_overlap_and_no_more()
    {
        var ledger = new RecordLedger(Values(CursorType.Integer, "10"), from: null, [], window: null);

        for (var i = 0; i < 100_000; i++)
            ledger.OnRecord(i, i.ToString(), Encoding.UTF8.GetBytes($"{i}"));

        Assert.Equal(("99999", 11), (ledger.NextCursor, ledger.BoundaryHashes.Count));
    }

    [Fact]
    public void A_changed_record_in_the_overlap_is_new()
    {
        var values = Values(CursorType.Date, "2d");
        var first = new RecordLedger(values, null, [], null);
        first.OnRecord(0, "2026-03-01", "close 1.0"u8);
        var second = new RecordLedger(values, first.NextCursor, first.BoundaryHashes, null);

        second.OnRecord(0, "2026-03-01", "close 1.1"u8);
        second.OnRecord(1, "2026-03-01", "close 1.0"u8);

        Assert.Equal((1L, "2026-03-01"), (second.New, second.NextCursor));
        Assert.Equal([1], second.TakeSkipped());
    }

    [Fact]
    public void What_lies_before_what_was_asked_for_is_passed_over()
    {
        var ledger = new RecordLedger(Values(CursorType.Date, "2d"), "2026-03-10", [], null);

        ledger.OnRecord(0, "2026-03-07", "a"u8);
        ledger.OnRecord(1, "2026-03-08", "b"u8);

        Assert.Equal([0], ledger.TakeSkipped());
    }

    [Fact]
    public void Opaque_text_follows_the_sources_order()
    {
        var values = Values(CursorType.Text, null);
        var first = new RecordLedger(values, null, [], null);
        first.OnRecord(0, "z", "1"u8);
        first.OnRecord(1, "a", "2"u8);
        first.OnRecord(2, "a", "3"u8);
        var second = new RecordLedger(values, first.NextCursor, first.BoundaryHashes, null);
        second.OnRecord(0, "a", "2"u8);
        second.OnRecord(1, "a", "3"u8);

        Assert.Equal(("a", 2), (first.NextCursor, first.BoundaryHashes.Count));
        Assert.Equal((0L, null), (second.New, second.NextCursor));
    }

    [Fact]
    public void A_window_takes_its_half_open_interval_and_leaves_the_cursor_alone()
    {
        var window = new TimeWindow(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 3, 0, 0, 0, TimeSpan.Zero));
        var ledger = new RecordLedger(Values(CursorType.Date, "2d"), null, [], window);
        foreach (var (day, place) in new[] { "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03" }.Select((d, i) => (d, i)))
            ledger.OnRecord(place, day, Encoding.UTF8.GetBytes(day));

        Assert.Equal([0, 3], ledger.TakeSkipped());
        Assert.Equal((2L, null, 0), (ledger.New, ledger.NextCursor, ledger.BoundaryHashes.Count));
    }

    static CursorValues Values(CursorType type, string? overlap) => new(new() { Field = "d", Type = type, Parameter = "from", Overlap = overlap });
}
