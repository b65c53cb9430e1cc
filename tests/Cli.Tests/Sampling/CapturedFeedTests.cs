using System.Text;
using DataIngestion.Cli.Sampling;
using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Sampling;

/// <summary>
/// What exchange-rate providers really answered, captured by others, through the repository's definitions: from the request to the published rows.
/// Their answers that are errors must never become rows.
/// </summary>
[Collection(SampleStore.Name)]
public sealed class CapturedFeedTests(SampleStore store)
{
    const string EcbHistory = "/stats/eurofxref/eurofxref-hist.xml";
    const string Ecb90Days = "/stats/eurofxref/eurofxref-hist-90d.xml";
    const string Cnb = "/cs/financni-trhy/devizovy-trh/kurzy-devizoveho-trhu/kurzy-devizoveho-trhu/denni_kurz.txt";
    const string Nbg = "/gw/api/ct/monetarypolicy/currencies/en/json";
    const string Nbr = "/nbrfxrates10days.xml";
    const string Cbr = "/scripts/XML_daily.asp";
    const string OpenExchangeRates = "/api/historical/2024-01-01.json";
    const string Fixer = "/api/2024-01-01";

    [Theory]
    [InlineData("ecb-eurofxref", "fx-reference-rates", Ecb90Days, "EuropeanCentralBank/success.xml", 31,
        "date: 2015-01-07, base: EUR, currency: USD, rate: '1.183100'", "date: 2015-01-07, base: EUR, currency: JPY, rate: '141.170000'")]
    [InlineData("ecb-eurofxref", "fx-reference-rates", Ecb90Days, "EuropeanCentralBank/historical-90d.xml", 2080,
        "date: 2019-11-29, base: EUR, currency: USD, rate: '1.098200'", "date: 2019-11-29, base: EUR, currency: ISK, rate: '134.000000'")]
    [InlineData("ecb-eurofxref-history", "fx-reference-rates", EcbHistory, "EuropeanCentralBank/historical.xml", 1984,
        "date: 2016-08-24, base: EUR, currency: USD, rate: '1.126800'", "date: 2016-08-24, base: EUR, currency: GBP, rate: '0.851300'")]
    [InlineData("cnb-text", "exchange-rates", Cnb, "CentralBankOfCzechRepublic/cnb_today.txt", 32,
        "date: 2016-04-05, base: EUR, currency: CZK, units: '1', rate: '27.03500000000000'", "date: 2016-04-05, base: IDR, currency: CZK, units: '1000', rate: '1.79800000000000'")]
    [InlineData("nbg", "exchange-rates", Nbg, "NationalBankOfGeorgia/nbog_today.json", 43,
        "date: 2022-08-06, base: USD, currency: GEL, units: '1', rate: '2.71780000000000'", "date: 2022-08-06, base: JPY, currency: GEL, units: '100', rate: '2.04130000000000'")]
    [InlineData("nbg", "exchange-rates", Nbg, "NationalBankOfGeorgia/nbog_historical.json", 43,
        "date: 2020-07-15, base: USD, currency: GEL, units: '1', rate: '3.06330000000000'", "date: 2020-07-15, base: AMD, currency: GEL, units: '1000', rate: '6.29040000000000'")]
    [InlineData("nbr", "exchange-rates", Nbr, "NationalBankOfRomania/nbrfxrates.xml", 31,
        "date: 2016-12-02, base: EUR, currency: RON, units: '1', rate: '4.51250000000000'", "date: 2016-12-02, base: HUF, currency: RON, units: '100', rate: '1.43560000000000'")]
    [InlineData("nbr", "exchange-rates", Nbr, "NationalBankOfRomania/nbrfxrates2018.xml", 864,
        "date: 2018-01-03, base: AED, currency: RON, units: '1', rate: '1.05100000000000'", "date: 2018-02-09, base: HUF, currency: RON, units: '100', rate: '1.49230000000000'")]
    [InlineData("cbr", "exchange-rates", Cbr, "RussianCentralBank/success.xml", 33,
        "date: 2016-12-09, base: USD, currency: RUB, units: '1', rate: '63.39010000000000'", "date: 2016-12-09, base: JPY, currency: RUB, units: '100', rate: '55.84050000000000'")]
    [InlineData("cbr", "exchange-rates", Cbr, "RussianCentralBank/historical.xml", 33,
        "date: 2016-08-23, base: USD, currency: RUB, units: '1', rate: '64.20780000000000'", "date: 2016-08-23, base: AUD, currency: RUB, units: '1', rate: '48.85570000000000'")]
    [InlineData("open-exchange-rates", "exchange-rates", OpenExchangeRates, "OpenExchangeRates/success.json", 166,
        "date: 2024-01-01, base: USD, currency: EUR, rate: '0.72680400000000'", "date: 2024-01-01, base: USD, currency: BTC, rate: '0.00222861090000'")]
    [InlineData("open-exchange-rates", "exchange-rates", OpenExchangeRates, "OpenExchangeRates/historical_success.json", 136,
        "date: 2024-01-01, base: USD, currency: EUR, rate: '1.09288200000000'", "date: 2024-01-01, base: USD, currency: AED, rate: '3.67246000000000'")]
    [InlineData("fixer", "exchange-rates", Fixer, "Fixer/latest.json", 31,
        "date: 2016-08-26, base: EUR, currency: USD, rate: '1.12900000000000'", "date: 2016-08-26, base: EUR, currency: IDR, rate: '14906.00000000000000'")]
    [InlineData("fixer", "exchange-rates", Fixer, "Fixer/historical.json", 27,
        "date: 2000-01-03, base: USD, currency: EUR, rate: '0.99108000000000'", "date: 2000-01-03, base: USD, currency: TRL, rate: '541260.00000000000000'")]
    public async Task Rates_are_those_of_the_feed(string source, string dataset, string path, string file, int rows, string first, string second)
    {
        var outcome = await RunAsync(source, dataset, path, file, $"rows: {rows}\n      values:\n        - {{ {first} }}\n        - {{ {second} }}");

        Assert.True(outcome.IsOk, string.Join(Environment.NewLine, outcome.Problems));
        Assert.Equal(rows, outcome.Rows);
    }

    [Theory]
    [InlineData("cbr", "exchange-rates", Cbr, "RussianCentralBank/historical_error.xml", "Error in parameters")]
    [InlineData("nbg", "exchange-rates", Nbg, "OpenExchangeRates/error.json", "record path")]
    [InlineData("bank-of-canada", "exchange-rates", "/valet/observations/group/FX_RATES_DAILY/json", "Fixer/error.json", "record path")]
    [InlineData("open-exchange-rates", "exchange-rates", OpenExchangeRates, "OpenExchangeRates/error.json", "Not Allowed")]
    [InlineData("fixer", "exchange-rates", Fixer, "Fixer/error.json", "base_currency_access_restricted")]
    public async Task An_error_is_named_and_never_becomes_rows(string source, string dataset, string path, string file, string words)
    {
        var outcome = await RunAsync(source, dataset, path, file, $"failure: {words}");

        Assert.True(outcome.IsOk, string.Join(Environment.NewLine, outcome.Problems));
        Assert.Equal(0, outcome.Rows);
    }

    [Fact]
    public async Task A_day_that_the_provider_does_not_have_is_no_error_and_no_row()
    {
        var outcome = await RunAsync("open-exchange-rates", "exchange-rates", OpenExchangeRates, "OpenExchangeRates/historical_error.json", "rows: 0");

        Assert.True(outcome.IsOk, string.Join(Environment.NewLine, outcome.Problems));
    }

    async Task<SampleOutcome> RunAsync(string source, string dataset, string path, string file, string expectation)
    {
        var captured = SharedData.Require(["market", "fx_feeds", .. file.Split('/')]);
        using var folder = new TemporaryFolder();
        var beside = Directory.CreateDirectory(Path.Combine(folder.Path, "samples", "sources", source)).FullName;
        File.Copy(captured, Path.Combine(beside, "captured"));
        // Of the sources that ask for each day, only the first one is over.
        var (query, now) = source switch
        {
            "cbr" => (", query: { date_req: 01/01/2020 }", "2020-01-02T09:00:00Z"),
            "bank-of-canada" => (", query: { recent: '10' }", "2020-01-02T09:00:00Z"),
            "open-exchange-rates" => (", query: { base: USD }", "2024-01-02T09:00:00Z"),
            "fixer" => (", query: { base: EUR, access_key: sample-FIXER_API_KEY }", "2024-01-02T09:00:00Z"),
            _ => ("", "2020-01-02T09:00:00Z"),
        };
        await File.WriteAllTextAsync(
            Path.Combine(beside, $"{dataset}.yaml"),
            $"""
            now: {now}
            runs:
              - exchanges:
                  - request: {"{"} path: {path}{query} {"}"}
                    response: {"{"} file: captured {"}"}
                expect:
                  {expectation}
            """,
            Encoding.UTF8,
            TestContext.Current.CancellationToken);
        return await store.Host.RunAsync(Assert.Single(SampleFile.In(folder.Path, source, dataset)), TestContext.Current.CancellationToken);
    }
}
