using System.Text;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Sec;

public sealed class SecTests
{
    static Task<Converted> ReadAsync(string text, string? table = null) => Conversions.RunAsync(text, new() { Hint = new() { Format = "sec-submission", Table = table } });

    [Fact]
    public async Task Documents_are_rows_with_where_they_are()
    {
        var text = SecFiles.Submission();
        var read = await ReadAsync(text);
        Assert.Equal([("4", "a.xml", "xml"), ("EX-24", "b.txt", "text")], read.Rows.Index().Select(r => ((string)read[r.Index, "type"]!, (string)read[r.Index, "filename"]!, (string)read[r.Index, "content"]!)));
        Assert.Equal(("0001127602-25-001055", "4", new DateOnly(2025, 1, 10), "Garascia Jessica A.", "0001806647"), (read[0, "accession_number"], read[0, "submission_type"], read[0, "filed"], read[0, "filer"], read[0, "cik"]));
        var (offset, length) = ((int)(long)read[1, "offset"]!, (int)(long)read[1, "length"]!);
        Assert.Equal("power of attorney\n", text.Substring(offset, length));
    }

    [Fact]
    public async Task Header_fields_have_their_sections()
    {
        var read = await ReadAsync(SecFiles.Submission(), "header");
        var fields = read.Rows.Index().Select(r => $"{read[r.Index, "section"]}|{read[r.Index, "key"]}|{read[r.Index, "value"]}").ToList();
        Assert.Contains("|ACCESSION NUMBER|0001127602-25-001055", fields);
        Assert.Contains("REPORTING-OWNER/OWNER DATA|CENTRAL INDEX KEY|0001806647", fields);
        Assert.Contains("REPORTING-OWNER/OWNER DATA|ORGANIZATION NAME|", fields);
        Assert.Contains("REPORTING-OWNER/MAIL ADDRESS|ZIP|60191", fields);
    }

    [Fact]
    public async Task Tagged_headers_are_read()
    {
        var read = await ReadAsync(SecFiles.Tagged(), "header");
        var fields = read.Rows.Index().Select(r => $"{read[r.Index, "section"]}|{read[r.Index, "key"]}|{read[r.Index, "value"]}").ToList();
        Assert.Contains("FILER/COMPANY-DATA|CIK|0001296490", fields);
        Assert.Contains("FILER/COMPANY-DATA|ORGANIZATION-NAME|", fields);
        Assert.Equal("D/A", (await ReadAsync(SecFiles.Tagged()))[0, "submission_type"]);
    }

    [Theory]
    [InlineData("some text\nmore", "not a submission"), InlineData("<SEC-DOCUMENT>\nACCESSION NUMBER: 1\n<DOCUMENT>\n<TYPE>4\n<TEXT>\n", "it is cut")]
    public async Task What_is_none_says_so(string text, string sentence) =>
        Assert.Contains(sentence, (await Assert.ThrowsAsync<ConversionException>(() => ReadAsync(text))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0001398344-24-000491.nc", 1), InlineData("0001127602-25-001055.txt", 2), InlineData("0000950129-95-001652.txt", 2), InlineData("1990sheader.txt", 0), InlineData("secheader.4.evercommerce.txt", 0)]
    public async Task Shared_submissions_are_read(string file, int documents)
    {
        var bytes = await File.ReadAllBytesAsync(SharedData.Require("market", "sec_edgar", file), TestContext.Current.CancellationToken);
        var read = await Conversions.RunAsync(bytes, Conversions.As("sec-submission"));
        Assert.Equal(documents, read.Rows.Count);
        var header = await Conversions.RunAsync(bytes, new() { Hint = new() { Format = "sec-submission", Table = "header" } });
        Assert.True(header.Rows.Count > 20);
        Assert.NotNull(header[0, "accession_number"]);
    }

    [Fact]
    public async Task A_form_with_several_kinds_of_records_has_what_it_says_once_in_every_row()
    {
        const string form = """
            <ownershipDocument><periodOfReport>2024-01-05</periodOfReport><issuer><issuerCik>0000001</issuerCik></issuer>
            <nonDerivativeTable><nonDerivativeTransaction><shares><value>5</value></shares></nonDerivativeTransaction><nonDerivativeHolding><shares><value>6</value></shares></nonDerivativeHolding></nonDerivativeTable>
            <remarks>late</remarks></ownershipDocument>
            """;
        var read = await Conversions.RunAsync(form, Conversions.As("xml"));
        Assert.Equal([("nonDerivativeTransaction", 5L, "0000001"), ("nonDerivativeHolding", 6L, "0000001")], read.Rows.Index().Select(r => ((string)read[r.Index, "record"]!, (long)read[r.Index, "shares.value"]!, (string)read[r.Index, "issuer.issuerCik"]!)));
        Assert.Contains(read.Result.Notes, n => n.StartsWith("1 texts outside of the records are in no row: /ownershipDocument/remarks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_part_that_hardly_repeats_is_no_record_of_its_own()
    {
        var form = "<f>" + string.Concat(Enumerable.Range(1, 10).Select(i => $"<holding><name>n{i}</name><cusip>{i}</cusip><lot><q>1</q></lot>{(i % 2 == 0 ? "<lot><q>2</q></lot>" : "")}</holding>")) + "</f>";
        var read = await Conversions.RunAsync(form, Conversions.As("xml"));
        Assert.Equal(10, read.Rows.Count);
        Assert.Equal(["name", "cusip", "lot.q", "lot.q_2"], read.Schema.Select(c => c.Name));
    }
}
