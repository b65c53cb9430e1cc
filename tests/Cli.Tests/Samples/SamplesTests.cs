namespace DataIngestion.Cli.Tests.Samples;

/// <summary>Holds the samples against what samples/README.md says of them.</summary>
public sealed class SamplesTests
{
    static readonly string[] Columns = ["open", "high", "low", "close", "volume"];

    static readonly Dictionary<(string, string), decimal[]> Northfield = SampleFigures.Csv("drop/northfield-eod/northfield-2019-10-2019-11.csv", "later/northfield-eod/northfield-2019-11-29.csv");

    static readonly Dictionary<(string, string), decimal[]> Quotewell = SampleFigures.Json("drop/quotewell-json/quotewell-2019-10-2019-11.json", "later/quotewell-json/quotewell-2019-11-29.json");

    static readonly Dictionary<(string, string), decimal[]> Vendor = SampleFigures.Csv("vendor-api/daily-bars.csv");

    [Fact]
    public void Vendors_disagree_about_the_documented_bars_and_no_others()
    {
        Assert.Equal(["2019-11-20 GOOG volume"], Differences(Northfield, Vendor));
        Assert.Equal(["2019-10-17 IBM high", "2019-10-29 GOOG low", "2019-11-06 BAC volume", "2019-11-15 AAPL close"], Differences(Northfield, Quotewell));
    }

    [Fact]
    public void Vendors_lack_the_documented_bars_and_no_others()
    {
        bool InQuarter((string Date, string) key) => string.CompareOrdinal(key.Date, "2019-10-01") >= 0;
        Assert.Equal([("2019-11-08", "BAC")], Vendor.Keys.Where(InQuarter).Except(Northfield.Keys));
        Assert.Equal([("2019-10-14", "IBM"), ("2019-11-11", "GOOG")], Vendor.Keys.Where(InQuarter).Except(Quotewell.Keys).Order());
        Assert.Empty(Northfield.Keys.Concat(Quotewell.Keys).Except(Vendor.Keys));
    }

    [Fact]
    public void Rates_differ_and_lack_where_it_is_documented()
    {
        var feed = SampleFigures.RatesOfXml("drop/ecb-reference-rates/eurofxref-hist-90d.xml", "later/ecb-reference-rates/eurofxref-daily-2019-11-29.xml");
        var portal = SampleFigures.RatesOfCsv("drop/ecb-data-portal/exr-2019-10-2019-11.csv", "later/ecb-data-portal/exr-2019-11-29.csv");

        Assert.Equal(2080, feed.Count);
        Assert.Equal(
            [("2019-10-21", "JPY", 121.29m, 121.92m), ("2019-11-04", "GBP", 0.86368m, 0.86868m), ("2019-11-14", "USD", 1.0997m, 1.0979m)],
            portal.Where(r => feed[r.Key] != r.Value).Select(r => (r.Key.Date, r.Key.Currency, feed[r.Key], r.Value)).Order());
        var currencies = portal.Keys.Select(k => k.Currency).ToHashSet();
        Assert.Equal(
            [("2019-10-31", "NOK"), ("2019-11-12", "CHF")],
            feed.Keys.Where(k => string.CompareOrdinal(k.Date, "2019-10-01") >= 0 && currencies.Contains(k.Currency)).Except(portal.Keys).Order());
    }

    [Theory]
    [InlineData("drop/northfield-eod/northfield-2019-10-2019-11.csv", 167)]
    [InlineData("later/northfield-eod/northfield-2019-11-29.csv", 4)]
    [InlineData("drop/northfield-eod/northfield-2019-12-broken.csv", 85)]
    [InlineData("drop/ecb-data-portal/exr-2019-10-2019-11.csv", 342)]
    [InlineData("drop/us-treasury/daily-treasury-rates-2024-09.csv", 11)]
    [InlineData("drop/us-treasury/daily-treasury-rates-2024-10.csv", 3)]
    [InlineData("later/us-treasury/daily-treasury-rates-2024-10.csv", 5)]
    [InlineData("vendor-api/daily-bars.csv", 924)]
    public void Files_have_the_documented_rows(string file, int rows) =>
        Assert.Equal(rows, File.ReadLines(Path.Combine(SampleFigures.Folder, file)).Count() - 1);

    [Theory]
    [InlineData(13, "2019-12-04,IBM,132.86,133.66,131.96")]
    [InlineData(19, "2019-12-06,BAC,33.69,33.80,33.57,33.67,46911284,X")]
    [InlineData(24, "2019-12-09,GOOG,1338.04,n/a,1337.02,1343.56,1284706")]
    [InlineData(30, "2019-12-32,AAPL,268.73,271.10,268.50,270.77,18581840")]
    [InlineData(39, "2019-12-13,BAC,34.69,34.35,34.96,34.44,46061705")]
    [InlineData(49, "2019-12-17,IBM,13\"4.28,134.69,133.46,134.23,2260885")]
    [InlineData(56, "2019-12-19,GOOG,1351.82,1358.45,1348.89,-1356.04,1281975")]
    [InlineData(58, "2019-12-20,,282.65,282.65,278.56,279.44,46250825")]
    [InlineData(65, "2019-12-23,IBM,135.78,136.10,135.01,135.55,2683647")]
    [InlineData(66, "2019-12-23,IBM,135.78,136.10,135.01,135.55,2683647")]
    public void The_broken_file_is_broken_where_it_is_documented(int line, string text) =>
        Assert.Equal(text, File.ReadLines(Path.Combine(SampleFigures.Folder, "drop/northfield-eod/northfield-2019-12-broken.csv")).ElementAt(line - 1));

    static IEnumerable<string> Differences(Dictionary<(string Date, string Symbol), decimal[]> one, Dictionary<(string Date, string Symbol), decimal[]> other) =>
        one.Keys.Where(other.ContainsKey).Order()
            .SelectMany(k => Columns.Where((_, i) => one[k][i] != other[k][i]).Select(c => $"{k.Date} {k.Symbol} {c}"));
}
