using CsCheck;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Contracts.Tests.Stamps;

public sealed class ScheduleShareTests
{
    static readonly Gen<string> Sources = Gen.String[Gen.Char["abcxyz0189-"], 1, 20];

    // A place that changed with a version would have a source run by two stamps, or by none, while two versions share the schedules.
    [Theory]
    [InlineData("vendor-api", 78), InlineData("ecb-eurofxref", 69), InlineData("us-treasury-yield-curve", 77), InlineData("a", 79), InlineData("binance", 35), InlineData("northfield-eod", 4)]
    public void A_sources_place_is_the_same_in_every_version(string source, int place) => Assert.Equal(place, ScheduleShare.PlaceOf(source));

    [Fact]
    public void However_the_ring_is_split_every_source_is_in_exactly_one_share() => Gen.Select(Sources, Gen.Int[0, 100].Array[0, 6]).Sample((source, cuts) =>
    {
        int[] bounds = [0, .. cuts.Order(), 100];
        var shares = bounds.Zip(bounds.Skip(1), (from, to) => ScheduleShare.Parse($"{from}-{to}"));

        Assert.Single(shares, share => share.Holds(source));
        Assert.True(ScheduleShare.All.Holds(source));
        Assert.False(ScheduleShare.None.Holds(source));
    });

    [Fact]
    public void A_larger_share_keeps_what_a_smaller_one_had() => Gen.Select(Sources, Gen.Int[0, 100], Gen.Int[0, 100]).Sample((source, a, b) =>
        Assert.True(!new ScheduleShare(0, Math.Min(a, b)).Holds(source) || new ScheduleShare(0, Math.Max(a, b)).Holds(source)));

    [Fact]
    public void A_tenth_of_the_ring_is_about_a_tenth_of_the_sources()
    {
        var held = Enumerable.Range(0, 10_000).Count(i => new ScheduleShare(0, 10).Holds($"source-{i}"));

        Assert.InRange(held, 900, 1_100);
    }

    [Theory]
    [InlineData(null, "0-100"), InlineData("", "0-100"), InlineData(" ", "0-100"), InlineData("0-10", "0-10"), InlineData(" 10-100 ", "10-100"), InlineData("0-0", "0-0"), InlineData("007-8", "7-8")]
    public void A_share_is_read(string? text, string share) => Assert.Equal(share, ScheduleShare.Parse(text).ToString());

    [Theory]
    [InlineData("10"), InlineData("10-"), InlineData("20-10"), InlineData("0-101"), InlineData("0-10%"), InlineData("-1-10"), InlineData("0-1000"), InlineData("a-b")]
    public void What_is_no_share_stops_the_start_and_names_the_setting(string text)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [ScheduleShare.Setting] = text }).Build();

        var wrong = Assert.Throws<InvalidOperationException>(() => Stamp.Read(settings));

        Assert.StartsWith($"Ingestion__ScheduleShare: '{text}' is no share of the schedules: expected from-to in percent", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stamp_without_settings_is_local_and_has_every_source()
    {
        var stamp = Stamp.Read(new ConfigurationBuilder().Build());

        Assert.Equal((Stamp.Local, ScheduleShare.All), (stamp.Name, stamp.Share));
        Assert.NotEmpty(stamp.Version);
    }
}
