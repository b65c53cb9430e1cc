using DataIngestion.Tabular;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Iso20022;

public sealed class Iso20022Tests
{
    static Task<Converted> ReadAsync(string text, string? table = null, ConversionLimits? limits = null) =>
        Conversions.RunAsync(text, new() { Hint = new() { Format = "iso20022", Table = table }, Limits = limits ?? new() });

    [Fact]
    public async Task An_entry_is_a_row_with_its_signed_amount_and_the_details_of_its_only_transaction()
    {
        var read = await ReadAsync(IsoMessages.Statement());

        Assert.Equal(2, read.Rows.Count);
        Assert.Equal(("decimal(18,4)", "date", "boolean", "string", "string", "decimal(18,10)"), (read.TypeOf("amount"), read.TypeOf("booking_date"), read.TypeOf("reversal"), read.TypeOf("servicer_reference"), read.TypeOf("entry_reference"), read.TypeOf("exchange_rate")));
        Assert.Equal([1.1m, -2.1m], read.Rows.Index().Select(r => read[r.Index, "amount"]));
        Assert.Equal([null, true], read.Rows.Index().Select(r => read[r.Index, "reversal"]));
        Assert.Equal(
            ["camt.053.001.08", "M1", "S1", "DE89370400440532013000", "001", "EUR", "BOOK", "E2E-1", "Société Générale & Co", "FR7630006000011234567890189", "SOGEFRPP", "Invoice 1\nand 2", "RF18539007547034", "RCDT"],
            new[] { "message", "message_id", "statement_id", "account_iban", "entry_reference", "currency", "status", "end_to_end_id", "debtor_name", "debtor_iban", "debtor_bic", "remittance", "remittance_reference", "family" }.Select(c => read[0, c]));
        Assert.Equal(new DateOnly(2024, 6, 1), read[0, "value_date"]);
        Assert.IsType<TimestampValue>(read[0, "value_time"]);
    }

    [Fact]
    public async Task What_has_no_column_is_kept()
    {
        var read = await ReadAsync(IsoMessages.Statement(entries: 1));
        Assert.Equal("""{"TxDtls/RltdPties/Dbtr/Pty/PstlAdr/AdrLine":"1 rue A","TxDtls/RltdPties/Dbtr/Pty/PstlAdr/AdrLine[2]":"Paris"}""", read[0, "other"]);
    }

    [Fact]
    public async Task Transactions_of_a_batch_are_rows_of_their_own_table()
    {
        var batch = "<Ntry><Amt Ccy=\"EUR\">3.30</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><NtryDtls><Btch><NbOfTxs>3</NbOfTxs></Btch>"
            + string.Concat(Enumerable.Range(1, 3).Select(i => IsoMessages.Transaction($"B{i}"))) + "</NtryDtls></Ntry>";
        var entries = await ReadAsync(IsoMessages.Statement("camt.053.001.02", 1, batch));
        var transactions = await ReadAsync(IsoMessages.Statement("camt.053.001.02", 1, batch), "transactions");

        Assert.Equal([1L, 3L], entries.Rows.Index().Select(r => entries[r.Index, "transactions"]));
        Assert.Null(entries[1, "end_to_end_id"]);
        Assert.Equal("BOOK", entries[1, "status"]);
        Assert.Contains(entries.Result.Notes, n => n.StartsWith("1 entries hold several", StringComparison.Ordinal));
        Assert.Equal(["E2E-1", "B1", "B2", "B3"], transactions.Rows.Index().Select(r => transactions[r.Index, "end_to_end_id"]));
        Assert.Equal([1L, 2L, 2L, 2L], transactions.Rows.Index().Select(r => transactions[r.Index, "entry"]));
        Assert.Equal([1.1m, -1.1m, -1.1m, -1.1m], transactions.Rows.Index().Select(r => transactions[r.Index, "amount"]));
        Assert.Equal(-3.3m, transactions[1, "entry_amount"]);
    }

    [Fact]
    public async Task Balances_and_statements_are_tables()
    {
        var balances = await ReadAsync(IsoMessages.Statement(), "balances");
        Assert.Equal(["OPBD", "CLBD"], balances.Rows.Index().Select(r => balances[r.Index, "type"]));
        Assert.Equal([100.5m, 0m], balances.Rows.Index().Select(r => balances[r.Index, "amount"]));
        Assert.Equal([new DateOnly(2024, 5, 30), new DateOnly(2024, 5, 31)], balances.Rows.Index().Select(r => balances[r.Index, "date"]));

        var statements = await ReadAsync(IsoMessages.Statement(), "statements");
        Assert.Equal(("S1", 17L, 2L, 2L, "end"), (statements[0, "statement_id"], statements[0, "sequence"], statements[0, "entries"], statements[0, "balances"], statements[0, "additional_information"]));
    }

    [Fact]
    public async Task A_transfer_has_what_its_payment_says()
    {
        var read = await ReadAsync(IsoMessages.CreditTransfer());
        Assert.Equal(("Payer", "DE89370400440532013000", "PAY-1", new DateOnly(2024, 6, 3)), (read[1, "debtor_name"], read[1, "debtor_iban"], read[1, "payment_id"], read[1, "requested_date"]));
        Assert.Equal(("E2", 20m, "EUR", "Payee 2", "002"), (read[1, "end_to_end_id"], read[1, "amount"], read[1, "currency"], read[1, "creditor_name"], read[1, "creditor_account"]));

        Assert.Equal(2L, (await ReadAsync(IsoMessages.CreditTransfer(), "payments"))[0, "transactions"]);
        Assert.Equal(("Treasury", 30m), ((await ReadAsync(IsoMessages.CreditTransfer(), "groups")) is var groups ? groups[0, "initiator_name"] : null, groups[0, "control_sum"]));
    }

    [Fact]
    public async Task Envelopes_prefixes_and_extensions_are_read_and_counts_are_checked()
    {
        var read = await ReadAsync(IsoMessages.Settlement());
        Assert.Equal(("pacs.008.001.08", 12.345m, new DateOnly(2024, 6, 3), "SHAR"), (read[0, "message"], read[0, "amount"], read[0, "settlement_date"], read[0, "charge_bearer"]));
        Assert.Equal("""{"SplmtryData/Envlp/Extra/@k":"v","SplmtryData/Envlp/Extra":"more"}""", read[0, "other"]);
        Assert.Contains("<FIToFICstmrCdtTrf> of line 2 says that it holds 3 records, and holds 1", read.Result.Notes);
        Assert.Equal("AAAADEFF", (await ReadAsync(IsoMessages.Settlement(), "groups"))[0, "sender_bic"]);
    }

    [Fact]
    public async Task A_wrong_amount_rejects_its_entry_with_the_place()
    {
        var read = await ReadAsync(IsoMessages.Statement().Replace(">2.1000<", ">2,10<", StringComparison.Ordinal));
        var rejected = Assert.Single(read.Rejected);
        Assert.Equal(("amount", "type"), (rejected.Column, rejected.Rule));
        Assert.Contains("2,10", rejected.Expected, StringComparison.Ordinal);
        Assert.Single(read.Rows);
    }

    [Theory]
    [InlineData("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>\n<BkToCstmrStmt><GrpHdr/></BkToCstmrStmt></Document>", null, "has no <Stmt>")]
    [InlineData("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:seev.031.001.09'><CorpActnNtfctn/></Document>", null, "seev.031.001.09 is not read")]
    [InlineData("<a/>", null, "not an ISO 20022 message")]
    [InlineData("<!DOCTYPE a [<!ENTITY e 'x'>]><Document/>", null, "document types are refused")]
    [InlineData(null, "payments", "entries, transactions, balances, statements")]
    public async Task What_is_not_read_says_so(string? text, string? table, string sentence) =>
        Assert.Contains(sentence, (await Assert.ThrowsAsync<ConversionException>(() => ReadAsync(text ?? IsoMessages.Statement(), table))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_entry_may_be_larger_than_a_record_but_not_its_parts()
    {
        var batch = "<Ntry><Amt Ccy=\"EUR\">3.30</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls>" + string.Concat(Enumerable.Range(1, 50).Select(i => IsoMessages.Transaction($"B{i}"))) + "</NtryDtls></Ntry>";
        var read = await ReadAsync(IsoMessages.Statement(entries: 0, extra: batch), "transactions", new() { MaxRecordBytes = 4_000 });
        Assert.Equal(50, read.Rows.Count);
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => ReadAsync(IsoMessages.Statement(), null, new() { MaxRecordBytes = 400 }));
        Assert.Contains("larger than 400 bytes", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shared_statements_are_read()
    {
        foreach (var path in Directory.EnumerateFiles(SharedData.Require("xml", "iso20022_camt"), "*.xml").Where(p => !p.Contains("wrong", StringComparison.Ordinal)))
        {
            var read = await Conversions.RunAsync(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), Conversions.As("iso20022"));
            Assert.NotEmpty(read.Rows);
            Assert.Empty(read.Rejected);
        }
    }
}
