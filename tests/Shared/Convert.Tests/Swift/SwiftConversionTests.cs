using System.Text;

namespace DataIngestion.Conversion.Tests.Swift;

/// <summary>SWIFT MT messages become rows.</summary>
public sealed class SwiftConversionTests
{
    public const string Statement = """
        :20:STARTUMS
        :25:12345678/0001020304
        :28C:00012/001
        :60F:C241230EUR1000,00
        :61:2412311231DR100,50NTRFKREF+//BANK-REF-1
        SUPPLEMENT
        :86:116?00SEPA-UEBERW?100399?20EREF+E-1?21KREF+K-1?22SVWZ+Invoice 47
        11?30BANKDEFF?31DE99700500000000012345?32ACME?33 GmbH?34992
        :61:2412310102C0,5N051NONREF
        :86:/EREF/X-9/NAME/JOHN DOE/REMI/Two
         words
        :61:241231RC10,NRTINONREF
        :62F:C241231EUR890,00
        :64:C241231EUR890,00
        :86:all of it
        -
        """;

    static ConversionRequest Swift(string? table = null) => new() { Hint = new() { Format = "swift-mt", Table = table } };

    [Fact]
    public async Task Entries_of_a_statement_are_rows()
    {
        var read = await Conversions.RunAsync(Statement, Swift());

        Assert.Equal(3, read.Rows.Count);
        Assert.Equal("decimal(18,2)", read.TypeOf("amount"));
        Assert.Equal(["-100.50", "0.50", "-10.00"], read.Rows.Select(r => r[read.Schema.IndexOf("amount")]!.ToString()));
        Assert.Equal(["D", "C", "RC"], read.Rows.Select(r => r[read.Schema.IndexOf("mark")]));
        Assert.Equal(new DateOnly(2025, 1, 2), read[1, "entry_date"]);
        Assert.Equal(new DateOnly(2024, 12, 31), read[1, "value_date"]);
        Assert.Equal("R", read[0, "funds_code"]);
        Assert.Equal("BANK-REF-1", read[0, "bank_reference"]);
        Assert.Equal("SUPPLEMENT", read[0, "supplementary"]);
        Assert.Equal("Invoice 4711", read[0, "purpose"]);
        Assert.Equal("ACME GmbH", read[0, "counterparty_name"]);
        Assert.Equal("""{"EREF":"E-1","KREF":"K-1","SVWZ":"Invoice 4711"}""", read[0, "codes"]);
        Assert.Equal("""{"EREF":"X-9","NAME":"JOHN DOE","REMI":"Two words"}""", read[1, "codes"]);
        Assert.Equal("00012", read[0, "statement_number"]);
        Assert.Contains("1 statements, of which 1 are proven: opening balance and entries are the closing balance", read.Result.Notes);
    }

    [Fact]
    public async Task Statements_and_balances_are_tables_of_their_own()
    {
        var statements = await Conversions.RunAsync(Statement, Swift("statements"));
        var balances = await Conversions.RunAsync(Statement, Swift("balances"));

        Assert.Equal(true, statements[0, "is_balanced"]);
        Assert.Equal("all of it", statements[0, "information"]);
        Assert.Equal(["opening", "closing", "available"], balances.Rows.Select(r => r[balances.Schema.IndexOf("kind")]));
    }

    [Fact]
    public async Task A_statement_that_does_not_balance_is_told_and_a_line_that_is_none_is_rejected()
    {
        var wrong = await Conversions.RunAsync(Statement.Replace("890,00", "891,00", StringComparison.Ordinal), Swift());
        var broken = await Conversions.RunAsync(Statement.Replace(":61:241231RC10,", ":61:241231XX10,", StringComparison.Ordinal), Swift());

        Assert.Contains("the statement at line 1 does not balance: 1000.00 and entries of -110.00 are not 891.00", wrong.Result.Notes);
        var rejected = Assert.Single(broken.Rejected);
        Assert.Equal(("statement-line", 12L), (rejected.Rule, rejected.Line));
    }

    [Fact]
    public async Task Messages_in_blocks_are_rows_of_fields_with_sequences_and_qualifiers()
    {
        const string Text = "{1:F21AAAAUSLAAXXX5195167828}{4:{177:1704260717}{451:0}}{1:F01CECAESMMA0170000000000}{2:I320CAAMES2AXXXXN}{3:{108:M1}}{4:\n:15A:\n:20:R1\n:15B:\n:32B:EUR111,00\n:95P::BUYR//CAAMES2A\n-}{5:{CHK:1}}$\n{1:F01CECAESMMA0170000000000}{2:I320CAAMES2AXXXXN}{4:\n:20:R2\n-}";
        var fields = await Conversions.RunAsync(Text, Swift());
        var messages = await Conversions.RunAsync(Text, Swift("messages"));

        var values = fields.Rows.Select(r => string.Join('|', new[] { "message", "block", "sequence", "tag", "qualifier", "value" }.Select(c => r[fields.Schema.IndexOf(c)]))).ToList();
        Assert.Contains("2|4|B|32B||EUR111,00", values);
        Assert.Contains("2|4|B|95P|BUYR|CAAMES2A", values);
        Assert.Contains("2|3||108||M1", values);
        Assert.Contains("1|4||451||0", values);
        Assert.Equal(["21", "01", "01"], messages.Rows.Select(r => r[messages.Schema.IndexOf("service")]));
        Assert.Equal("320", messages[1, "type"]);
        Assert.Equal("CAAMES2AXXXX", messages[1, "counterparty"]);
    }

    [Fact]
    public async Task A_message_without_its_end_is_rejected_and_no_message_is_an_error()
    {
        var read = await Conversions.RunAsync("{1:F01CECAESMMA0170000000000}{2:I320CAAMES2AXXXXN}{4:\n:20:R2\n", Swift());
        var error = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync("hello\nworld", Swift()));

        Assert.Equal("text-end", Assert.Single(read.Rejected).Rule);
        Assert.StartsWith("The content holds no SWIFT message", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1), InlineData(7), InlineData(100)]
    public async Task Rows_do_not_depend_on_how_the_stream_is_cut(int chunk)
    {
        var bytes = Encoding.UTF8.GetBytes(Statement + "\n" + Statement);
        var (whole, cut) = (await Conversions.RunAsync(bytes, Swift()), await Conversions.RunAsync(bytes, Swift(), chunk));

        Assert.Equal(6, cut.Rows.Count);
        Assert.Equal(whole.Bytes, cut.Bytes);
    }
}
