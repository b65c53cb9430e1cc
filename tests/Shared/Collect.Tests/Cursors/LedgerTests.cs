using System.Text;
using CsCheck;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

/// <summary>The ledger against vendors whose rows come late, are corrected, repeated and overlap.</summary>
public sealed class LedgerTests
{
    const int Overlap = 4;

    static readonly CursorValues Values = new(new() { Field = "d", Type = CursorType.Integer, Parameter = "from", Overlap = $"{Overlap}" });

    enum Step
    {
        Adds,
        AddsLate,
        Corrects,
        Runs,
        CrashesBeforePublishing,
        CrashesBeforeTheCursorMoves,
        FillsAWindow,
        RefreshesAll,
    }

    [Fact]
    public void Whatever_happens_what_is_published_is_what_the_vendor_has_and_nothing_is_new_twice() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 5], Gen.Int[1, 4]).Array[1, 60].Sample(steps =>
        {
            var vendor = new Vendor();
            var store = new Store();
            foreach (var (step, number, size) in steps)
            {
                switch (step)
                {
                    case Step.Adds:
                        vendor.Put(vendor.Newest + number, $"k{vendor.Rows.Count}");
                        break;
                    case Step.AddsLate:
                        vendor.Put(Math.Max(0, vendor.Newest - Math.Min(number, Overlap)), $"k{vendor.Rows.Count}");
                        break;
                    case Step.Corrects:
                        vendor.Correct(number, vendor.Newest - Overlap);
                        break;
                    case Step.Runs:
                        store.Run(vendor, size, Ending.Good);
                        break;
                    case Step.CrashesBeforePublishing:
                        store.Run(vendor, size, Ending.NothingPublished);
                        break;
                    case Step.CrashesBeforeTheCursorMoves:
                        store.Run(vendor, size, Ending.CursorStays);
                        break;
                    case Step.FillsAWindow:
                        store.Fill(vendor, size);
                        break;
                    case Step.RefreshesAll:
                        store.Refresh(vendor, size);
                        break;
                }
            }

            store.Run(vendor, 3, Ending.Good);
            Assert.Equal(vendor.Rows, store.Rows);
            Assert.Equal(0, store.Run(vendor, 2, Ending.Good));
        }, iter: 3000, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void A_correction_that_is_taken_back_is_found_both_times()
    {
        var (vendor, store) = (new Vendor(), new Store());
        vendor.Put(5, "k");
        var first = vendor.Rows["k"];
        store.Run(vendor, 5, Ending.Good);
        vendor.Rows["k"] = (5, 99);
        store.Run(vendor, 5, Ending.Good);
        vendor.Rows["k"] = first;
        store.Run(vendor, 5, Ending.Good);

        Assert.Equal(first, store.Rows["k"]);
    }

    [Fact]
    public void A_cursor_that_goes_backwards_is_said_and_not_followed()
    {
        var ledger = new RecordLedger(Values, "100", [], null);
        ledger.OnRecord(0, "7", "a"u8);
        ledger.OnRecord(1, "8", "b"u8);

        Assert.Null(ledger.NextCursor);
        Assert.Contains("The newest record is '8', before the cursor '100'", Assert.Single(ledger.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Records_before_what_was_asked_for_are_said()
    {
        var ledger = new RecordLedger(Values, "100", [], null);
        ledger.OnRecord(0, "7", "a"u8);
        ledger.OnRecord(1, "101", "b"u8);

        Assert.Equal("101", ledger.NextCursor);
        Assert.StartsWith("1 record lies before what was asked for", Assert.Single(ledger.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Records_out_of_order_move_the_cursor_to_the_highest()
    {
        var ledger = new RecordLedger(Values, null, [], null);
        foreach (var (value, place) in new[] { "5", "9", "2", "7" }.Select((v, i) => (v, i)))
            ledger.OnRecord(place, value, Encoding.UTF8.GetBytes(value));

        Assert.Equal(("9", 3), (ledger.NextCursor, ledger.BoundaryHashes.Count));
    }

    [Fact]
    public void What_may_still_change_is_left_for_a_later_run()
    {
        var ledger = new RecordLedger(Values, null, [], null);
        ledger.LeaveBehind("10");
        foreach (var (value, place) in new[] { "9", "10", "11" }.Select((v, i) => (v, i)))
            ledger.OnRecord(place, value, Encoding.UTF8.GetBytes(value));

        Assert.Equal([2L], ledger.TakeSkipped());
        Assert.Equal("10", ledger.NextCursor);
        var next = new RecordLedger(Values, ledger.NextCursor, ledger.BoundaryHashes, null);
        next.OnRecord(0, "11", "11"u8);
        Assert.Equal(1, next.New);
    }

    [Fact]
    public void A_record_from_the_future_is_taken_once_and_does_not_take_the_cursor_along()
    {
        var values = new CursorValues(new() { Field = "d", Type = CursorType.Date, Parameter = "from", Overlap = "2d" });
        var first = new RecordLedger(values, null, [], null);
        first.NeverPass("2026-03-01");
        first.OnRecord(0, "2026-03-02", "tomorrow"u8);
        first.OnRecord(1, "2206-03-01", "mistyped"u8);
        var second = new RecordLedger(values, first.NextCursor, first.BoundaryHashes, null);
        second.NeverPass("2026-03-03");
        second.OnRecord(0, "2206-03-01", "mistyped"u8);
        second.OnRecord(1, "2026-03-03", "news"u8);

        Assert.Equal((2L, "2026-03-02"), (first.New, first.NextCursor));
        Assert.StartsWith("1 record lies more than a day after the run, up to '2206-03-01'", Assert.Single(first.Notes), StringComparison.Ordinal);
        Assert.Equal((1L, "2026-03-03"), (second.New, second.NextCursor));
    }

    [Fact]
    public void Records_that_lose_their_cursor_are_taken_and_said()
    {
        var ledger = new RecordLedger(Values, null, [], null);
        ledger.OnRecord(0, "1", "a"u8);
        ledger.OnRecord(1, null, "b"u8);

        Assert.Equal(2, ledger.New);
        Assert.StartsWith("1 of 2 records have no value", Assert.Single(ledger.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Within_a_page_rows_come_as_they_are_and_across_pages_once()
    {
        var ledger = new RecordLedger(null, null, [], null);
        ledger.TakeOnceAcrossPages();
        ledger.OnRecord(0, null, "a"u8);
        ledger.OnRecord(1, null, "a"u8);
        Assert.Empty(ledger.TakeSkipped());
        ledger.OnRecord(0, null, "a"u8);
        ledger.OnRecord(1, null, "b"u8);

        Assert.Equal([0L], ledger.TakeSkipped());
        Assert.Equal((3L, 1L), (ledger.New, ledger.Repeated));
    }

    [Fact]
    public void What_is_remembered_of_pages_has_a_bound()
    {
        var recent = new RecentRecords();
        Span<byte> hash = stackalloc byte[16];
        for (var i = 0; i < RecentRecords.Generation * 3; i++)
        {
            BitConverter.TryWriteBytes(hash, i);
            Assert.False(recent.Saw(hash));
            if (i % 1000 == 999)
                recent.EndPage();
        }

        BitConverter.TryWriteBytes(hash, RecentRecords.Generation * 3 - 5);
        Assert.True(recent.Saw(hash));
        BitConverter.TryWriteBytes(hash, 5);
        Assert.False(recent.Saw(hash));
    }

    enum Ending
    {
        Good,
        NothingPublished,
        CursorStays,
    }

    /// <summary>Rows by key, each with the value that the cursor counts; the vendor answers from a value on, in pages that overlap by a row.</summary>
    sealed class Vendor
    {
        int _version;

        public SortedDictionary<string, (int Day, int Version)> Rows { get; } = new(StringComparer.Ordinal);

        public int Newest => Rows.Count == 0 ? 0 : Rows.Values.Max(r => r.Day);

        public void Put(int day, string key) => Rows[key] = (day, ++_version);

        public void Correct(int number, int notBefore)
        {
            var open = Rows.Where(r => r.Value.Day >= notBefore).ToList();
            if (open.Count > 0 && open[number % open.Count] is var (key, row))
                Rows[key] = (row.Day, ++_version);
        }

        public IEnumerable<List<(string Key, int Day, int Version)>> Pages(decimal? from, int size)
        {
            var given = Rows.Where(r => !(r.Value.Day < from)).OrderBy(r => r.Value.Day).Select(r => (r.Key, r.Value.Day, r.Value.Version)).ToList();
            for (var i = 0; i < given.Count; i += size)
                yield return given.Skip(Math.Max(0, i - 1)).Take(size + 1).ToList();
        }
    }

    /// <summary>What is published, and where the next run continues.</summary>
    sealed class Store
    {
        string? _cursor;
        IReadOnlyList<string> _boundary = [];

        public SortedDictionary<string, (int Day, int Version)> Rows { get; } = new(StringComparer.Ordinal);

        /// <summary>Runs from the cursor; tells how many records were new.</summary>
        public int Run(Vendor vendor, int size, Ending ending)
        {
            var ledger = new RecordLedger(Values, _cursor, _boundary, null);
            var landed = Land(vendor, ledger, _cursor is null ? null : Values.Rank(Values.Behind(_cursor)), size);
            if (ending is not Ending.NothingPublished)
                Publish(landed);
            if (ending is Ending.Good)
                Commit(ledger);
            return landed.Count;
        }

        /// <summary>Fills a window that the cursor passed long ago. Windows are of time, so that the ledger's own check lets all numbers pass.</summary>
        public void Fill(Vendor vendor, int size)
        {
            var ledger = new RecordLedger(Values, null, [], new TimeWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1)));
            Publish(Land(vendor, ledger, from: null, size));
            Assert.Equal((null, 0), (ledger.NextCursor, ledger.BoundaryHashes.Count));
        }

        public void Refresh(Vendor vendor, int size)
        {
            var ledger = new RecordLedger(Values, null, [], null);
            Publish(Land(vendor, ledger, from: null, size));
            Commit(ledger);
        }

        void Commit(RecordLedger ledger)
        {
            Assert.True(_cursor is null || ledger.NextCursor is null || Values.Rank(ledger.NextCursor) >= Values.Rank(_cursor), "the cursor went back");
            if (ledger.NextCursor is { } next)
                (_cursor, _boundary) = (next, ledger.BoundaryHashes);
        }

        static List<(string Key, int Day, int Version)> Land(Vendor vendor, RecordLedger ledger, decimal? from, int size)
        {
            ledger.TakeOnceAcrossPages();
            var landed = new List<(string Key, int Day, int Version)>();
            foreach (var page in vendor.Pages(from, size))
            {
                for (var place = 0; place < page.Count; place++)
                    ledger.OnRecord(place, page[place].Day.ToString(), Encoding.UTF8.GetBytes($"{page[place]}"));
                var skipped = ledger.TakeSkipped().ToHashSet();
                landed.AddRange(page.Where((_, place) => !skipped.Contains(place)));
            }

            Assert.Equal(landed.Count, landed.Distinct().Count());
            return landed;
        }

        void Publish(List<(string Key, int Day, int Version)> landed)
        {
            foreach (var (key, day, version) in landed)
                Rows[key] = (day, version);
        }
    }
}
