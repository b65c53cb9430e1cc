namespace DataIngestion.Contracts.Tests.Configuration;

public sealed class InstantFormatTests
{
    static readonly DateTimeOffset Instant = new DateTimeOffset(2026, 3, 1, 13, 4, 5, TimeSpan.Zero).AddTicks(1_234_567);

    [Theory]
    [InlineData("unix-seconds", "1772370245"), InlineData("unix-milliseconds", "1772370245123"), InlineData("unix-microseconds", "1772370245123456"), InlineData("unix-nanoseconds", "1772370245123456700")]
    [InlineData("yyyyMMdd", "20260301"), InlineData("yyyy-MM-ddTHH:mm:ssZ", "2026-03-01T13:04:05Z"), InlineData("dd MMM yyyy", "01 Mar 2026"), InlineData("yyyy", "2026"), InlineData("yyyy'/w'MM", "2026/w03")]
    public void Instants_are_written_as_sources_do(string format, string expected)
    {
        Assert.Equal(expected, InstantFormat.Write(format, Instant));
        Assert.Null(InstantFormat.FaultOf(format, mustBeRead: true));
        Assert.True(InstantFormat.TryRead(format, expected, out var read));
        Assert.Equal(expected, InstantFormat.Write(format, read));
        Assert.True(read <= Instant);
    }

    [Theory]
    [InlineData("unix-seconds", ""), InlineData("unix-seconds", null), InlineData("unix-seconds", "soon"), InlineData("unix-seconds", "1e30"), InlineData("unix-seconds", "-99999999999999")]
    [InlineData("yyyyMMdd", "2026-03-01"), InlineData("yyyyMMdd", "20261301")]
    public void What_is_no_value_is_not_read(string format, string? text) => Assert.False(InstantFormat.TryRead(format, text, out _));

    [Theory]
    [InlineData("unixseconds", "is no way to write days and instants: did you mean 'unix-seconds'?")]
    [InlineData("iso", "is no way to write")]
    [InlineData("s", "is no way to write")]
    [InlineData("---", "is no way to write")]
    [InlineData("yyyy'T", "has a quote that is not closed.")]
    [InlineData("MM-dd", "has no year")]
    public void A_format_that_is_none_is_said(string format, string expected) =>
        Assert.StartsWith(expected, InstantFormat.FaultOf(format, mustBeRead: true), StringComparison.Ordinal);

    [Fact]
    public void Formats_differ_in_what_they_tell_apart()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), InstantFormat.PrecisionOf("unix-seconds"));
        Assert.Equal(TimeSpan.FromTicks(1), InstantFormat.PrecisionOf("unix-nanoseconds"));
        Assert.Equal(TimeSpan.FromMilliseconds(1), InstantFormat.PrecisionOf("yyyy-MM-dd HH:mm:ss.fff"));
        Assert.Equal(TimeSpan.FromMinutes(1), InstantFormat.PrecisionOf("yyyyMMddHHmm"));
        Assert.Equal(TimeSpan.FromDays(1), InstantFormat.PrecisionOf("yyyyMMdd"));
    }

    [Theory]
    [InlineData("unix-seconds"), InlineData("unix-milliseconds"), InlineData("unix-microseconds"), InlineData("unix-nanoseconds")]
    public void Everything_before_the_year_10000_can_be_written_and_read(string format) =>
        CsCheck.Check.Sample(
            CsCheck.Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks],
            ticks =>
            {
                var instant = new DateTimeOffset(ticks, TimeSpan.Zero);
                Assert.True(InstantFormat.TryRead(format, InstantFormat.Write(format, instant), out var read));
                Assert.True(instant - read >= TimeSpan.Zero && instant - read < InstantFormat.PrecisionOf(format));
            },
            iter: 2000);

    [Theory]
    [InlineData(1, "1")]
    [InlineData(3, "1")]
    [InlineData(4, "2")]
    [InlineData(12, "4")]
    public void Quarters_are_written_and_not_read(int month, string expected)
    {
        Assert.Equal(expected, InstantFormat.Write("quarter", new(2024, month, 5, 0, 0, 0, TimeSpan.Zero)));
        Assert.Null(InstantFormat.FaultOf("quarter", mustBeRead: false));
        Assert.NotNull(InstantFormat.FaultOf("quarter", mustBeRead: true));
    }
}
