using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DataIngestion.Conversion;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.ConformanceBoard.Filings;

/// <summary>Statements whose decoded content lies beside them, as another library wrote it: entries, balances and statements must be equal.</summary>
internal sealed class CamtSuite : IConformanceSuite
{
    /// <summary>Currencies of these files without cents; the expected amounts are in the smallest unit.</summary>
    static readonly HashSet<string> WithoutCents = ["JPY"];

    public string Name => "iso20022";

    public string Folder => "xml/iso20022_camt";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            yield return name.Contains("wrong", StringComparison.Ordinal)
                ? await ConformanceCase.RefusalAsync(name, () => TableAsync(path, "entries", cancellationToken))
                : await ConformanceCase.ReadingAsync(name, () => CompareAsync(path, cancellationToken));
        }
    }

    static Task<ReadTable> TableAsync(string path, string table, CancellationToken cancellationToken) =>
        ReadTable.OfAsync(path, new() { Hint = new() { Format = "iso20022", Table = table } }, cancellationToken);

    static async Task<string?> CompareAsync(string path, CancellationToken cancellationToken)
    {
        using var expected = JsonDocument.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(path, ".json"), cancellationToken));
        var entries = expected.RootElement.GetProperty("getEntries").EnumerateArray().ToList();
        var found = await TableAsync(path, "entries", cancellationToken);
        var details = await TableAsync(path, "transactions", cancellationToken);
        // The expected file writes a statement at its first entry and refers to it elsewhere; the last one is the one whose entries are listed.
        var statements = await TableAsync(path, "statements", cancellationToken);
        var records = expected.RootElement.GetProperty("getRecords").GetArrayLength();
        if (statements.Rows.Count != records)
            return $"{statements.Rows.Count} statements instead of {records}";
        if (entries.Count == 0 || found.Rejected.Count > 0)
            return $"no entry is expected, or {found.Rejected.Count} are rejected";
        var listed = Enumerable.Range(0, found.Rows.Count).ToList();
        if (records > 1)
            listed = [.. listed.Where(r => Equals(found[r, "statement_id"], entries[0].GetProperty("getRecord").GetProperty("getId").GetString()))];
        if (listed.Count != entries.Count)
            return $"{listed.Count} entries instead of {entries.Count}";
        foreach (var (i, entry) in entries.Index())
        {
            var different = Entry(entry, found, listed[i]) ?? Details(entry, details, found[listed[i], "statement_id"], found[listed[i], "entry"]);
            if (different is not null)
                return $"entry {i + 1}: {different}";
        }

        return await BalancesAsync(path, entries[0].GetProperty("getRecord"), cancellationToken);
    }

    static string? Entry(JsonElement expected, ReadTable found, int row)
    {
        var record = expected.GetProperty("getRecord");
        var code = Property(expected, "getBankTransactionCode");
        return Money(expected, "getAmount", found[row, "amount"], found[row, "currency"])
            ?? Same("credit_debit", Text(expected, "getCreditDebitIndicator"), found[row, "credit_debit"])
            ?? Same("status", Text(expected, "getStatus"), found[row, "status"])
            ?? Same("reversal", expected.GetProperty("getReversalIndicator").GetBoolean(), found[row, "reversal"] ?? false)
            ?? Same("entry_reference", Text(expected, "getReference"), found[row, "entry_reference"])
            ?? Same("servicer_reference", Text(expected, "getAccountServicerReference"), found[row, "servicer_reference"])
            ?? Same("batch_payment_id", Text(expected, "getBatchPaymentId"), found[row, "batch_payment_id"])
            ?? Same("additional_information", Text(expected, "getAdditionalInfo"), found[row, "additional_information"])
            ?? Date("booking", expected, "getBookingDate", found, row) ?? Date("value", expected, "getValueDate", found, row)
            ?? Same("domain", Text(Property(code, "getDomain"), "getCode"), found[row, "domain"])
            ?? Same("family", Text(Property(Property(code, "getDomain"), "getFamily"), "getCode"), found[row, "family"])
            ?? Same("sub_family", Text(Property(Property(code, "getDomain"), "getFamily"), "getSubFamilyCode"), found[row, "sub_family"])
            ?? Same("proprietary_code", Text(Property(code, "getProprietary"), "getCode"), found[row, "proprietary_code"])
            ?? Same("statement_id", Text(record, "getId"), found[row, "statement_id"])
            ?? Same("account", Text(Property(record, "getAccount"), "getIdentification"), found[row, "account_iban"] ?? found[row, "account_other"])
            ?? Same("transactions", (long)expected.GetProperty("getTransactionDetails").GetArrayLength(), found[row, "transactions"]);
    }

    static string? Details(JsonElement entry, ReadTable found, object? statement, object? number)
    {
        var rows = Enumerable.Range(0, found.Rows.Count).Where(r => Equals(found[r, "statement_id"], statement) && Equals(found[r, "entry"], number)).ToList();
        var expected = entry.GetProperty("getTransactionDetails").EnumerateArray().Select(d => d.ValueKind == JsonValueKind.Object ? d : entry.GetProperty("getTransactionDetail")).ToList();
        if (rows.Count != expected.Count)
            return $"{rows.Count} transactions instead of {expected.Count}";
        foreach (var (i, detail) in expected.Index())
        {
            var row = rows[i];
            var reference = Property(detail, "getReference");
            var remittance = Property(detail, "getRemittanceInformation");
            var different = Same("end_to_end_id", Text(reference, "getEndToEndId"), found[row, "end_to_end_id"])
                ?? Same("message_reference", Text(reference, "getMessageId"), found[row, "message_reference"])
                ?? Same("instruction_id", Text(reference, "getInstructionId"), found[row, "instruction_id"])
                ?? Same("payment_information_id", Text(reference, "getPaymentInformationId"), found[row, "payment_information_id"])
                ?? Same("transaction_id", Text(reference, "getTransactionId"), found[row, "transaction_id"])
                ?? Same("mandate_id", Text(reference, "getMandateId"), found[row, "mandate_id"])
                ?? Same("remittance_reference", Text(Structured(remittance), "getRef"), found[row, "remittance_reference"])
                ?? Same("remittance", Unstructured(remittance), found[row, "remittance"])
                ?? (Property(detail, "getAmount") is { ValueKind: JsonValueKind.Object } ? Money(detail, "getAmount", found[row, "amount"], found[row, "currency"]) : null)
                ?? Parties(detail, found, row);
            if (different is not null)
                return $"transaction {i + 1}: {different}";
        }

        return null;
    }

    /// <summary>The reference of the first structured block; where it was written before, the block refers to it.</summary>
    static JsonElement? Structured(JsonElement? remittance) =>
        Property(Property(remittance, "getStructuredBlock"), "getCreditorReferenceInformation") is { ValueKind: JsonValueKind.Object } inBlock ? inBlock : Property(remittance, "getCreditorReferenceInformation");

    static string? Unstructured(JsonElement? remittance)
    {
        if (Property(remittance, "getUnstructuredBlocks") is not { ValueKind: JsonValueKind.Array } blocks || blocks.GetArrayLength() == 0)
            return null;
        var texts = blocks.EnumerateArray().Select(b => b.ValueKind == JsonValueKind.Object ? Text(b, "getMessage") : Text(Property(remittance, "getUnstructuredBlock"), "getMessage"));
        return string.Join('\n', texts);
    }

    static string? Parties(JsonElement detail, ReadTable found, int row)
    {
        foreach (var party in detail.GetProperty("getRelatedParties").EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Object))
        {
            var type = party.GetProperty("getRelatedPartyType");
            var column = type.GetProperty("__CLASS__").GetString()!.Split('\\')[^1] switch { "Creditor" => "creditor", "Debtor" => "debtor", "UltimateDebtor" => "ultimate_debtor", _ => "ultimate_creditor" };
            var different = Same($"{column}_name", Text(type, "getName"), found[row, $"{column}_name"]);
            if (different is null && Property(party, "getAccount") is { ValueKind: JsonValueKind.Object } account)
                different = Same($"{column}_iban", Text(account, "getIdentification"), found[row, $"{column}_iban"] ?? found[row, $"{column}_account"]);
            if (different is not null)
                return different;
        }

        return null;
    }

    static async Task<string?> BalancesAsync(string path, JsonElement record, CancellationToken cancellationToken)
    {
        var found = await TableAsync(path, "balances", cancellationToken);
        var id = record.GetProperty("getId").GetString();
        var rows = Enumerable.Range(0, found.Rows.Count).Where(r => Equals(found[r, "statement_id"], id)).ToList();
        var expected = Property(record, "getBalances") is { ValueKind: JsonValueKind.Array } balances ? balances.EnumerateArray().ToList() : [];
        if (rows.Count != expected.Count)
            return $"{rows.Count} balances instead of {expected.Count}";
        foreach (var (i, balance) in expected.Index())
        {
            var day = Moment(balance, "getDate");
            var different = Money(balance, "getAmount", found[rows[i], "amount"], found[rows[i], "currency"])
                ?? Same("date", day, found[rows[i], "time"] is TimestampValue time ? Moment(time) : found[rows[i], "date"] is DateOnly date ? Day(date) : null)
                ?? Same("type", Text(balance, "getType"), TypeOf(found[rows[i], "type"]));
            if (different is not null)
                return $"balance {i + 1}: {different}";
        }

        return null;
    }

    static string? TypeOf(object? code) => code switch
    {
        "OPBD" or "PRCD" => "opening",
        "CLBD" => "closing",
        "OPAV" => "opening_available",
        "CLAV" => "closing_available",
        "FWAV" => "forward_available",
        "ITBD" => "interim",
        "ITAV" => "interim_available",
        "INFO" => "information",
        "XPCD" => "expected_credit",
        _ => code as string,
    };

    static string? Money(JsonElement element, string property, object? amount, object? currency)
    {
        var money = element.GetProperty(property);
        var code = money.GetProperty("getCurrency").GetProperty("getCode").GetString()!;
        var expected = decimal.Parse(money.GetProperty("getAmount").GetString()!, CultureInfo.InvariantCulture) / (WithoutCents.Contains(code) ? 1 : 100);
        return Same("currency", code, currency) ?? (amount is not null && System.Convert.ToDecimal(amount, CultureInfo.InvariantCulture) == expected ? null : $"amount {amount} instead of {expected}");
    }

    static string? Date(string column, JsonElement element, string property, ReadTable found, int row) =>
        Same($"{column}_date", Moment(element, property), found[row, $"{column}_time"] is TimestampValue time ? Moment(time) : found[row, $"{column}_date"] is DateOnly date ? Day(date) : null);

    static DateTimeOffset Moment(TimestampValue time) => new(DateTime.SpecifyKind(time.ToDateTime(), DateTimeKind.Utc));

    static DateTimeOffset Day(DateOnly date) => new(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    static DateTimeOffset? Moment(JsonElement element, string property) =>
        element.GetProperty(property) is { ValueKind: JsonValueKind.Object } moment ? DateTimeOffset.Parse(moment.GetProperty("0").GetString()!, CultureInfo.InvariantCulture) : null;

    static JsonElement? Property(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } && element.Value.TryGetProperty(name, out var value) ? value : null;

    static string? Text(JsonElement? element, string name) => Property(element, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } value ? value : null;

    static string? Same(string what, object? expected, object? found) => Equals(expected, found) ? null : $"{what} is '{found}' instead of '{expected}'";
}
