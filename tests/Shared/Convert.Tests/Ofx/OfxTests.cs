using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Ofx;

public sealed class OfxTests
{
    static Task<Converted> ReadAsync(byte[] content, string? table = null) => Conversions.RunAsync(content, new() { Hint = new() { Format = "ofx", Table = table } });

    [Fact]
    public async Task Elements_without_end_are_read()
    {
        var read = await ReadAsync(OfxFiles.Sgml());
        Assert.Equal(3, read.Rows.Count);
        Assert.Equal(["A1", "A2", "A3"], read.Rows.Index().Select(r => read[r.Index, "transaction_id"]));
        Assert.Equal([-12.5m, 1000m, -0.01m], read.Rows.Index().Select(r => read[r.Index, "amount"]));
        Assert.Equal(("0123", "000456", "CHECKING", "EUR", "Bank", "3000"), (read[0, "bank_id"], read[0, "account_id"], read[0, "account_type"], read[0, "account_currency"], read[0, "institution"], read[0, "institution_id"]));
        Assert.Equal(("Café & Cie", "2", null), (read[0, "name"], read[1, "memo"], read[2, "memo"]));
        Assert.Equal(new DateOnly(2024, 1, 31), read[0, "posted_date"]);
        Assert.Equal(new DateTime(2024, 1, 31, 17, 0, 0, DateTimeKind.Utc), ((TimestampValue)read[0, "posted_time"]!).ToDateTime());
        Assert.Null(read[1, "posted_time"]);
        Assert.Equal("STMTTRN", read[0, "kind"]);
        Assert.Equal("""{"EXTRA":"kept"}""", read[2, "other"]);
    }

    [Fact]
    public async Task Balances_are_a_table()
    {
        var read = await ReadAsync(OfxFiles.Sgml(), "balances");
        Assert.Equal([("LEDGERBAL", 987.49m), ("AVAILBAL", 900m)], read.Rows.Index().Select(r => ((string)read[r.Index, "kind"]!, (decimal)read[r.Index, "amount"]!)));
        Assert.Equal("000456", read[0, "account_id"]);
    }

    [Fact]
    public async Task Investments_have_transactions_positions_and_securities()
    {
        var trades = await ReadAsync(OfxFiles.Xml());
        Assert.Equal([("BUYSTOCK", -2501.5m, 25m), ("INCOME", 12.34m, (decimal?)null), ("INVBANKTRAN", 100m, null)], trades.Rows.Index().Select(r => ((string)trades[r.Index, "kind"]!, (decimal)trades[r.Index, "amount"]!, trades[r.Index, "units"] is long units ? units : (decimal?)trades[r.Index, "units"])));
        Assert.Equal(("037833100", "CUSIP", "T1", "BUY"), (trades[0, "security_id"], trades[0, "security_id_type"], trades[0, "transaction_id"], trades[0, "type"]));
        var positions = await ReadAsync(OfxFiles.Xml(), "positions");
        Assert.Equal(("POSSTOCK", "037833100", "LONG"), (positions[0, "kind"], positions[0, "security_id"], positions[0, "position_type"]));
        var securities = await ReadAsync(OfxFiles.Xml(), "securities");
        Assert.Equal(("STOCKINFO", "Apple <Inc>", "AAPL"), (securities[0, "kind"], securities[0, "name"], securities[0, "ticker"]));
    }

    [Theory]
    [InlineData("20240131", "2024-01-31"), InlineData("20240131120000.123[-5:EST]", "2024-01-31T12:00:00.123-05:00"), InlineData("202401311200", "2024-01-31T12:00:00Z")]
    [InlineData("20240131120000[+5.5:IST]", "2024-01-31T12:00:00+05:30"), InlineData("20240131120000[0:GMT]", "2024-01-31T12:00:00Z"), InlineData("soon", "soon")]
    public void Moments_are_moved_to_their_zone(string written, string read) => Assert.Equal(read, Conversion.Ofx.OfxTexts.Moment(written));

    [Fact]
    public async Task A_wrong_value_rejects_its_transaction()
    {
        var read = await ReadAsync(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(OfxFiles.Xml()).Replace("-2501.50", "-2501.50x", StringComparison.Ordinal)));
        Assert.Equal("amount", Assert.Single(read.Rejected).Column);
    }

    [Theory]
    [InlineData("<OFX><STMTRS>", "it is cut"), InlineData("nothing", "not OFX"), InlineData("<OFX></A>", "did not begin"), InlineData("<OFX><", "inside a tag")]
    public async Task Damage_says_what(string text, string sentence) =>
        Assert.Contains(sentence, (await Assert.ThrowsAsync<ConversionException>(() => ReadAsync(Encoding.UTF8.GetBytes(text)))).Message, StringComparison.Ordinal);
}
