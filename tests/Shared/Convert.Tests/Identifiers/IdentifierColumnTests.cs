using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Identifiers;

/// <summary>Columns that hold identifiers are told by their values.</summary>
public sealed class IdentifierColumnTests
{
    static readonly string[] Isins = ["US0378331005", "DE000BAY0017", "GB0002634946", "XS1002121454"];

    [Fact]
    public async Task Each_column_is_told_by_its_values()
    {
        var converted = await Conversions.RunAsync(
            """
            a,b,c,d,e,f,g,h,i,j
            US0378331005,037833100,0263494,BBG000BLNNH6,HWUPKR0MPOU8FGXBT394,DEUTDEFF,DE89370400440532013000,XNYS,USD,AAPL
            DE000BAY0017,38259P508,B0YBKJ7,BBG000B9XRY4,5493006MHB84DD0ZWV18,CHASUS33XXX,NO9386011117947,XETR,EUR,BAYN
            GB0002634946,594918104,2046251,BBG000BPH459,INR2EJN1ERAN0W5ZP974,BNPAFRPP,GB82WEST12345698765432,XLON,JPY,BA
            """,
            new() { Hint = new() { Format = "csv" } });

        Assert.Equal(
            ["isin", "cusip", "sedol", "figi", "lei", "bic", "iban", "mic", "currency", null],
            converted.Schema.Select(c => c.Semantic?.Name));
        Assert.All(converted.Schema.Take(9), c => Assert.InRange(c.Semantic!.Score!.Value, 0.9, 1));
    }

    [Fact]
    public async Task A_few_invalid_values_lower_the_score_and_are_told()
    {
        var text = new StringBuilder("isin,n\n");
        for (var i = 0; i < 99; i++)
            text.Append(Isins[i % 4]).Append(",1\n");
        text.Append("US0378331006,1\n");
        var found = (await Conversions.RunAsync(text.ToString())).Result.Columns[0].Identifier!;

        Assert.Equal((IdentifierKind.Isin, 100, 99, "US0378331006"), (found.Kind, found.Values, found.Valid, found.FirstInvalid));
        Assert.InRange(found.Score, 0.98, 0.99);
    }

    [Theory]
    [InlineData("id,n\nABCDEFGH1,1\nXBCDEFGH2,2\n")]
    [InlineData("word,n\nEXCHANGE,1\nPRODUCTS,2\nINTEREST,3\n")]
    [InlineData("ticker,n\nAAPL,1\nMSFT,2\nGOOG,3\nAMZN,4\n")]
    [InlineData("side,n\nBUY,1\nSEL,2\n")]
    [InlineData("n,m\n1,2\n3,4\n")]
    public async Task Other_words_and_numbers_are_no_identifiers(string text) =>
        Assert.All((await Conversions.RunAsync(text)).Result.Columns, c => Assert.Null(c.Identifier));

    [Theory]
    [InlineData("currency,n\nUSD,1\nUSD,2\n", IdentifierKind.Currency)]
    [InlineData("TradeCurrency,n\nUSD,1\nUSD,2\n", IdentifierKind.Currency)]
    [InlineData("exchange_mic,n\nXNYS,1\nXNYS,2\n", IdentifierKind.Mic)]
    public async Task One_value_is_enough_where_the_name_says_it(string text, IdentifierKind kind) =>
        Assert.Equal(kind, (await Conversions.RunAsync(text)).Result.Columns[0].Identifier?.Kind);

    [Fact]
    public async Task Digits_without_leading_zeros_stay_a_number_and_are_told()
    {
        var column = (await Conversions.RunAsync("cusip,n\n594918104,1\n459200101,2\n931142103,3\n")).Result.Columns[0];

        Assert.Equal((DataType.Int64, IdentifierKind.Cusip), (column.Type, column.Identifier?.Kind));
    }

    [Fact]
    public async Task What_is_found_does_not_depend_on_threads_and_blocks()
    {
        var text = new StringBuilder("isin,price\n");
        for (var i = 0; i < 30_000; i++)
            text.Append(i % 50 == 0 ? "US0378331006" : Isins[i % 4]).Append(',').Append(i).Append(".25\n");
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var findings = new List<IdentifierFinding?>();
        foreach (var (threads, block, first) in new[] { (1, 1 << 20, false), (4, 5_000, false), (2, 1 << 14, true) })
        {
            var converter = new Converter { BlockBytes = block };
            findings.Add((await Conversions.RunAsync(bytes, new() { Threads = threads, ProfileFirst = first }, converter: converter)).Result.Columns[0].Identifier);
        }

        Assert.All(findings, f => Assert.Equal(findings[0], f));
        Assert.Equal((30_000, 29_400), (findings[0]!.Values, findings[0]!.Valid));
    }

    [Fact]
    public async Task The_Parquet_file_says_it()
    {
        var converted = await Conversions.RunAsync("isin,ccy\nUS0378331005,USD\nDE000BAY0017,EUR\n");
        var reader = await ParquetReader.OpenAsync(new MemoryStream(converted.Bytes), TestContext.Current.CancellationToken);

        Assert.Equal("""{"isin":{"type":"isin","score":0.9999},"ccy":{"type":"currency","score":0.9999}}""", reader.Metadata["ingest.semantic_types"]);
    }

    [Fact]
    public async Task A_row_whose_declared_identifier_is_invalid_is_rejected()
    {
        var schema = new DataSchema([new("isin", DataType.String) { Semantic = new("isin") }, new("n", DataType.Int64)]);
        var converted = await Conversions.RunAsync(
            "isin,n\nUS0378331005,1\nUS0378331006,2\n,3\n", new() { Schema = schema, Policy = SchemaPolicy.DiscardRow });

        var rejected = Assert.Single(converted.Rejected);
        Assert.Equal((2, "isin", "rule", "a valid isin", "US0378331006,2"), (rejected.Row, rejected.Column, rejected.Rule, rejected.Expected, rejected.Raw));
        Assert.Equal(2, converted.Rows.Count);
    }
}
