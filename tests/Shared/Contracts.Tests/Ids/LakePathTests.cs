using System.Text.Json;
using CsCheck;

namespace DataIngestion.Contracts.Tests.Ids;

public sealed class LakePathTests
{
    [Theory]
    [InlineData("drop/../secrets"), InlineData("drop/a/../b"), InlineData("drop/."), InlineData("drop/a/./b"), InlineData("drop//a"), InlineData("drop/a/")]
    [InlineData("drop/a\\b"), InlineData("drop/a\nb"), InlineData("drop/a\0"), InlineData("/a"), InlineData("drop"), InlineData("drop/"), InlineData("")]
    public void A_path_that_leads_elsewhere_is_refused(string text)
    {
        Assert.ThrowsAny<ArgumentException>(() => LakePath.Parse(text));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<LakePath>(JsonSerializer.Serialize(text), ContractJson.Options));
    }

    [Theory]
    [InlineData(".."), InlineData("a/../../b"), InlineData("/a"), InlineData("")]
    public void A_child_cannot_climb(string child) => Assert.Throws<ArgumentException>(() => new LakePath("landing", "alpha").Child(child));

    [Fact]
    public void A_name_has_at_most_1024_characters()
    {
        Assert.Equal(1024, new LakePath("landing", new string('a', 1024)).Name.Length);
        Assert.Throws<ArgumentException>(() => new LakePath("landing", new string('a', 1025)));
    }

    [Fact]
    public void Any_text_is_refused_or_comes_back_the_same() => Gen.String[Gen.Char["ab./\\ \u0001é"], 0, 12].Sample(text =>
    {
        LakePath path;
        try
        {
            path = LakePath.Parse(text);
        }
        catch (ArgumentException)
        {
            return;
        }

        Assert.Equal(text, path.ToString());
        Assert.DoesNotContain(path.Name.Split('/'), p => p is "" or "." or "..");
        Assert.Equal(path, JsonSerializer.Deserialize<LakePath>(JsonSerializer.Serialize(path, ContractJson.Options), ContractJson.Options));
    });

    [Fact]
    public void Folders_are_where_the_design_says()
    {
        const string Run = "alpha-20260302T100059Z-abcdef";
        Assert.Equal("landing/alpha/bars/2026/03/02/" + Run, LakePath.LandingOf("alpha", "bars", Run).ToString());
        Assert.Equal("curated/bars/alpha/" + Run, LakePath.CuratedOf("bars", "alpha", Run).ToString());
        Assert.Equal("quarantine/bars/alpha/" + Run, LakePath.QuarantineOf("bars", "alpha", Run).ToString());
        Assert.Equal("datasets/bars/snapshots/20260302T100059.0000000Z".Replace(".", "", StringComparison.Ordinal), LakePath.SnapshotOf("bars", new(2026, 3, 2, 12, 0, 59, TimeSpan.FromHours(2))).ToString());
        Assert.Equal("datasets/bars/current.json", LakePath.CurrentOf("bars").ToString());
        Assert.Equal("control/cursors/alpha/bars.json", LakePath.CursorOf("alpha", "bars").ToString());
        Assert.Throws<ArgumentException>(() => LakePath.LandingOf("alpha", "bars", "not-a-run"));
    }
}
