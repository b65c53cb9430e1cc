using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class WindowTests
{
    static readonly CursorDefinition Daily = new() { Field = "d", Type = CursorType.Date, Parameter = "from", ToParameter = "to", Start = "2026-01-01", Step = TimeSpan.FromDays(10) };

    [Fact]
    public void Steps_follow_each_other_without_a_gap_and_end_with_the_run() =>
        Assert.Equal(["2026-01-01..2026-01-11", "2026-01-11..2026-01-21", "2026-01-21..2026-01-25"], Of(Daily, "2026-01-01", "2026-01-25"));

    [Fact]
    public void Ends_that_belong_to_the_window_are_a_day_earlier_but_for_the_last() =>
        Assert.Equal(["2026-01-01..2026-01-10", "2026-01-11..2026-01-20", "2026-01-21..2026-01-25"], Of(Daily with { ToIsIncluded = true }, "2026-01-01", "2026-01-25"));

    [Fact]
    public void The_end_of_a_backfill_does_not_belong_to_it()
    {
        var window = new TimeWindow(Day(1), Day(15));

        Assert.Equal(["2026-01-01..2026-01-11", "2026-01-11..2026-01-15"], Of(Daily, "2026-01-01", "2026-01-15", window));
        Assert.Equal(["2026-01-01..2026-01-10", "2026-01-11..2026-01-14"], Of(Daily with { ToIsIncluded = true }, "2026-01-01", "2026-01-15", window));
        Assert.Equal(["2026-01-01..2026-01-14"], Of(Daily with { ToIsIncluded = true, Step = null }, "2026-01-01", "2026-01-15", window));
    }

    [Fact]
    public void Without_a_step_there_is_one_window() => Assert.Equal(["..2026-01-25"], Of(Daily with { Step = null }, null, "2026-01-25"));

    [Fact]
    public void A_run_that_is_already_there_asks_for_nothing() => Assert.Empty(Of(Daily, "2026-01-25", "2026-01-25"));

    [Fact]
    public void Instants_end_by_the_precision_of_their_format()
    {
        var cursor = new CursorDefinition { Field = "t", Type = CursorType.Timestamp, Parameter = "from", Start = "2026-01-01T00:00:00Z", Step = TimeSpan.FromHours(6), Format = "unix-milliseconds", ToIsIncluded = true };

        Assert.Equal(
            ["2026-01-01T00:00:00Z..2026-01-01T05:59:59.999Z", "2026-01-01T06:00:00Z..2026-01-01T08:00:00Z"],
            Of(cursor, "2026-01-01T00:00:00Z", "2026-01-01T08:00:00Z"));
    }

    [Fact]
    public void Every_instant_belongs_to_exactly_one_window() =>
        CsCheck.Check.Sample(
            CsCheck.Gen.Select(CsCheck.Gen.Int[0, 400], CsCheck.Gen.Int[1, 50], CsCheck.Gen.Bool),
            (days, step, isIncluded) =>
            {
                var from = new DateOnly(2025, 3, 1);
                var end = from.AddDays(days);
                var cursor = Daily with { Step = TimeSpan.FromDays(step), ToIsIncluded = isIncluded };
                var asked = Of(cursor, Text(from), Text(end)).Select(w => w.Split("..")).SelectMany(w =>
                {
                    var (first, last) = (DateOnly.ParseExact(w[0], "yyyy-MM-dd"), DateOnly.ParseExact(w[1], "yyyy-MM-dd"));
                    return Enumerable.Range(0, last.DayNumber - first.DayNumber + (isIncluded ? 1 : 0)).Select(first.AddDays);
                });

                Assert.Equal(Enumerable.Range(0, days + (isIncluded ? 1 : 0)).Select(from.AddDays), asked);
            },
            iter: 500);

    [Fact]
    public void Values_are_asked_for_as_the_source_writes_them()
    {
        var dataset = new SourceDatasetDefinition
        {
            Dataset = "d",
            Request = new()
            {
                Path = "/{from:yyyy}/{from:MM-dd}/bars",
                Query = new Dictionary<string, string> { ["until"] = "{to:unix-seconds}", ["since"] = "{cursor}", ["left-out"] = "{cursor:nonsense}" },
                Body = """{"since":{from:unix-milliseconds},"day":"{from:yyyyMMdd}"}""",
            },
            Cursor = new() { Field = "t", Type = CursorType.Timestamp, Format = "unix-nanoseconds", Parameter = "from", ToParameter = "end" },
        };

        var request = new RequestTemplate(dataset, "2026-03-01T00:00:00.0000001Z", "2026-03-02T00:00:00Z").Fill();

        Assert.Equal(
            "/2026/03-01/bars?until=1772409600&since=1772323200000000100&left-out=%7Bcursor%3Anonsense%7D&from=1772323200000000100&end=1772409600000000000",
            request.Name.Replace("{cursor%3Anonsense}", "%7Bcursor%3Anonsense%7D", StringComparison.Ordinal).Replace("%7Bcursor%3Anonsense}", "%7Bcursor%3Anonsense%7D", StringComparison.Ordinal));
        Assert.Equal("""{"since":1772323200000,"day":"20260301"}""", request.Body);
    }

    [Fact]
    public void Values_that_are_absent_are_left_out_with_their_formats()
    {
        var dataset = new SourceDatasetDefinition
        {
            Dataset = "d",
            Request = new() { Path = "/bars", Query = new Dictionary<string, string> { ["since"] = "{from:yyyyMMdd}" }, Body = """{"a":{from:unix-seconds},"b":"{from:yyyyMMdd}"}""" },
            Cursor = new() { Field = "t", Type = CursorType.Date },
        };

        var request = new RequestTemplate(dataset, null, "2026-03-02").Fill();

        Assert.Equal("/bars", request.Name);
        Assert.Equal("""{"a":null,"b":null}""", request.Body);
    }

    [Theory]
    [InlineData(CursorType.Timestamp, "unix-seconds", "1772323200", "2026-03-01T00:00:00Z")]
    [InlineData(CursorType.Timestamp, "unix-seconds", "1772323200.25", "2026-03-01T00:00:00.25Z")]
    [InlineData(CursorType.Timestamp, "unix-milliseconds", "1772323200001", "2026-03-01T00:00:00.001Z")]
    [InlineData(CursorType.Date, "unix-milliseconds", "1772366400001", "2026-03-01")]
    [InlineData(CursorType.Date, "yyyyMMdd", "20260301", "2026-03-01")]
    [InlineData(CursorType.Date, "dd/MM/yyyy", "01/03/2026", "2026-03-01")]
    [InlineData(CursorType.Timestamp, "yyyy-MM-dd HH:mm:ss", "2026-03-01 12:30:00", "2026-03-01T12:30:00Z")]
    public void Cursors_in_a_format_of_their_own_are_kept_in_one_that_everybody_reads(CursorType type, string format, string text, string kept)
    {
        var values = new CursorValues(new() { Field = "d", Type = type, Format = format, Overlap = type is CursorType.Date ? "1d" : "1s" });
        var ledger = new RecordLedger(values, null, [], null);
        ledger.OnRecord(0, text, "a"u8);

        Assert.Equal(kept, ledger.NextCursor);
        Assert.Equal(values.Rank(text), values.Rank(kept));
        Assert.True(values.Rank(values.Behind(kept)) < values.Rank(text));
    }

    static DateTimeOffset Day(int day) => new(2026, 1, day, 0, 0, 0, TimeSpan.Zero);

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    static IEnumerable<string> Of(CursorDefinition cursor, string? from, string to, TimeWindow? window = null) =>
        AskedWindow.Of(cursor, new(cursor), from, new() { To = to, Window = window }).Select(w => $"{w.From}..{w.To}");
}
