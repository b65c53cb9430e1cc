using CsCheck;

namespace DataIngestion.Contracts.Tests.Ids;

public sealed class RunIdTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 59, 999, TimeSpan.FromHours(2));

    static readonly Gen<string> Sources = Gen.String[Gen.Char["abcxyz0189"], 1, 8].Array[1, 4].Select(parts => string.Join('-', parts));

    [Fact]
    public void A_run_id_names_its_source_and_second() => Gen.Select(Sources, Gen.Long[0, 250_000_000_000], Gen.String[1, 20]).Sample((source, seconds, cause) =>
    {
        var causedAt = DateTimeOffset.UnixEpoch.AddSeconds(seconds % 250_000_000_000).AddMilliseconds(7);
        var id = RunId.From(source, causedAt, cause);

        Assert.True(RunId.TryParse(id, out var parsed, out var startedAt));
        Assert.Equal((source, DateTimeOffset.UnixEpoch.AddSeconds(seconds)), (parsed, startedAt));
        Assert.Equal(id, RunId.From(source, causedAt, cause));
        Assert.NotEqual(id, RunId.From(source, causedAt, cause + "x"));
    });

    [Fact]
    public void Run_ids_stay_as_they_are_known_to_others()
    {
        Assert.Equal("alpha-20260302T100059Z-" + RunId.From("alpha", Noon, "schedule")[^6..], RunId.From("alpha", Noon, "schedule"));
        Assert.Equal(RunId.From("alpha", Noon, "schedule"), RunId.From("alpha", Noon.ToUniversalTime(), "schedule"));
        Assert.Equal(RunId.New("alpha", Noon, new Random(1)), RunId.New("alpha", Noon, new Random(1)));
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("alpha"), InlineData("alpha-20260302T100059Z"), InlineData("-20260302T100059Z-abcdef")]
    [InlineData("alpha-20261302T100059Z-abcdef"), InlineData("Alpha-20260302T100059Z-abcdef"), InlineData("alpha-20260302T100059Z-ABCDEF")]
    [InlineData("alpha-20260302T100059Z-abcdeu"), InlineData("../x-20260302T100059Z-abcdef")]
    public void What_is_no_run_id_is_refused(string? text) => Assert.False(RunId.TryParse(text, out _, out _));

    [Theory]
    [InlineData(""), InlineData("A"), InlineData("a_b"), InlineData("-a"), InlineData("a-"), InlineData("a--b"), InlineData("a/b"), InlineData("..")]
    public void What_is_no_source_id_makes_no_run_id(string source)
    {
        Assert.False(ConfigurationId.IsValid(source));
        Assert.Throws<ArgumentException>(() => RunId.From(source, Noon, "x"));
    }

    [Fact]
    public void An_id_has_at_most_63_characters()
    {
        Assert.True(ConfigurationId.IsValid(new string('a', 63)));
        Assert.False(ConfigurationId.IsValid(new string('a', 64)));
    }
}
