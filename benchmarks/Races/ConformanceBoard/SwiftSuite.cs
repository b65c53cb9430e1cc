using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>
/// Statements of many banks against what the mt940 library made of them: number, amounts, days, marks, types and references of transactions, balances, and the account;
/// statements without such an answer must balance. Messages of Prowide by the number of their messages and fields, and a message against its XML form.
/// </summary>
internal sealed partial class SwiftSuite : IConformanceSuite
{
    static readonly (string Key, string Tag)[] Balances =
        [("final_opening_balance", "60F"), ("intermediate_opening_balance", "60M"), ("final_closing_balance", "62F"), ("intermediate_closing_balance", "62M"), ("available_balance", "64"), ("forward_available_balance", "65")];

    public string Name => "swift";

    public string Folder => "swift";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var twin = Path.ChangeExtension(path, ".yml");
            Func<Task<string?>>? compare = Path.GetExtension(path) switch
            {
                ".sta" when File.Exists(twin) => () => StatementsAsync(path, twin, cancellationToken),
                ".txt" when File.Exists(path + ".xml") => () => TwinAsync(path, path + ".xml", cancellationToken),
                ".txt" => () => BalancedAsync(path, cancellationToken),
                ".fin" or ".rje" => () => CountsAsync(path, cancellationToken),
                _ => null,
            };
            if (compare is not null)
                yield return await ConformanceCase.ReadingAsync(Path.GetRelativePath(folder, path), compare);
        }
    }

    static Task<ReadTable> ReadAsync(string path, string table, CancellationToken cancellationToken) =>
        ReadTable.OfAsync(path, new() { Hint = new() { Format = "swift-mt", Table = table } }, cancellationToken);

    static async Task<string?> StatementsAsync(string path, string twin, CancellationToken cancellationToken)
    {
        var (data, expected) = Mt940Yaml.Read(twin);
        var transactions = await ReadAsync(path, "transactions", cancellationToken);
        if (transactions.Rows.Count != expected.Count)
            return $"{expected.Count} transactions expected, {transactions.Rows.Count} found, {transactions.Rejected.Count} rejected";
        for (var i = 0; i < expected.Count; i++)
        {
            if (Transaction(expected[i], transactions, i) is { } difference)
                return $"transaction {i + 1}: {difference}";
        }

        var balances = await ReadAsync(path, "balances", cancellationToken);
        if (Balances.Select(b => Balance(data, b.Key, b.Tag, balances)).FirstOrDefault(d => d is not null) is { } wrong)
            return wrong;
        var statements = await ReadAsync(path, "statements", cancellationToken);
        return Last(data, "account_identification", statements, "account") ?? Last(data, "statement_number", statements, "statement_number")
            ?? Last(data, "sequence_number", statements, "sequence_number") ?? Last(data, "transaction_reference", statements, "reference");
    }

    static string? Transaction(Mt940Object expected, ReadTable read, int row)
    {
        var (mark, amount) = ((string?)read[row, "mark"], Amount(read[row, "amount"]));
        // The library gives reversals no sign of their own: only a debit is negative there.
        var unsigned = mark == "D" ? -Math.Abs(amount) : Math.Abs(amount);
        return Differs("amount", expected.Amounts["amount"].ToString(CultureInfo.InvariantCulture), unsigned.ToString(CultureInfo.InvariantCulture), isNumber: true)
            ?? Differs("date", Day(expected, "date"), Text(read[row, "value_date"]))
            ?? Differs("entry date", Day(expected, "entry_date"), Text(read[row, "entry_date"]))
            ?? Differs("currency", expected.Texts.GetValueOrDefault("currency", ""), Text(read[row, "currency"]))
            ?? Differs("status", expected.Texts.GetValueOrDefault("status", ""), mark ?? "")
            ?? Differs("funds code", expected.Texts.GetValueOrDefault("funds_code", ""), Text(read[row, "funds_code"]))
            ?? Differs("id", expected.Texts.GetValueOrDefault("id", ""), Text(read[row, "transaction_type"]))
            ?? Differs("customer reference", expected.Texts.GetValueOrDefault("customer_reference", ""), CustomerReference(expected, read, row))
            ?? Differs("bank reference", expected.Texts.GetValueOrDefault("bank_reference", ""), Text(read[row, "bank_reference"]))
            ?? Differs("reference", expected.Texts.GetValueOrDefault("transaction_reference", ""), Text(read[row, "reference"]));
    }

    /// <summary>Where field 86 has SEPA codes, the library puts KREF behind the line's own reference, and keeps neither without KREF.</summary>
    static string CustomerReference(Mt940Object expected, ReadTable read, int row)
    {
        if (!expected.Texts.ContainsKey("end_to_end_reference"))
            return Text(read[row, "customer_reference"]);
        using var codes = System.Text.Json.JsonDocument.Parse(Text(read[row, "codes"]) is { Length: > 0 } json ? json : "{}");
        return codes.RootElement.TryGetProperty("KREF", out var reference) ? $"{read[row, "customer_reference"]}\n{reference.GetString()}".Trim() : "";
    }

    /// <summary>The library keeps the last balance of a kind.</summary>
    static string? Balance(Mt940Object data, string key, string tag, ReadTable read)
    {
        var rows = Enumerable.Range(0, read.Rows.Count).Where(r => Equals(read[r, "tag"], tag)).ToList();
        if (!data.Amounts.TryGetValue(key, out var amount))
            return rows.Count == 0 ? null : $"no {key} expected, {rows.Count} found";
        return rows is not [.., var last]
            ? $"{key} of {amount} expected, none found"
            : Differs(key, amount.ToString(CultureInfo.InvariantCulture), Amount(read[last, "amount"]).ToString(CultureInfo.InvariantCulture), isNumber: true)
                ?? Differs(key + " date", Day(data, key), Text(read[last, "date"]))
                ?? Differs(key + " currency", data.Currencies.GetValueOrDefault(key, ""), Text(read[last, "currency"]));
    }

    static string? Last(Mt940Object data, string key, ReadTable read, string column)
    {
        var found = Enumerable.Range(0, read.Rows.Count).Select(r => Text(read[r, column])).LastOrDefault(t => t.Length > 0) ?? "";
        return data.Texts.TryGetValue(key, out var expected) ? Differs(key, expected, found) : null;
    }

    static string? Differs(string what, string expected, string found, bool isNumber = false) =>
        (isNumber ? decimal.Parse(expected, CultureInfo.InvariantCulture) == decimal.Parse(found, CultureInfo.InvariantCulture) : expected.Trim() == found.Trim()) ? null : $"{what} '{expected}' expected, '{found}' found";

    static string Day(Mt940Object data, string key) => data.Days.TryGetValue(key, out var day) ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";

    static decimal Amount(object? value) => decimal.Parse(Text(value), CultureInfo.InvariantCulture);

    static string Text(object? value) => value switch
    {
        null => "",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    static async Task<string?> BalancedAsync(string path, CancellationToken cancellationToken)
    {
        var (statements, transactions) = (await ReadAsync(path, "statements", cancellationToken), await ReadAsync(path, "transactions", cancellationToken));
        var text = await File.ReadAllTextAsync(path, cancellationToken);
        var (expected, lines) = (StatementStart().Count(text), StatementLine().Count(text));
        if (statements.Rows.Count != expected || transactions.Rows.Count != lines)
            return $"{expected} statements of {lines} lines expected, {statements.Rows.Count} of {transactions.Rows.Count} found";
        var wrong = Enumerable.Range(0, expected).Count(r => !Equals(statements[r, "is_balanced"], true));
        return wrong == 0 ? null : $"{wrong} of {expected} statements do not balance: {string.Join("; ", statements.Result.Notes)}";
    }

    static async Task<string?> CountsAsync(string path, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(path, cancellationToken);
        var (fields, messages) = (await ReadAsync(path, "fields", cancellationToken), await ReadAsync(path, "messages", cancellationToken));
        var (blocks, tags) = (Blocks().Count(text), Tags().Count(text));
        var found = Enumerable.Range(0, fields.Rows.Count).Count(r => Equals(fields[r, "block"], "4") && Text(fields[r, "type"]) != "21");
        var types = Enumerable.Range(0, messages.Rows.Count).Where(r => Text(messages[r, "service"]) != "21").Select(r => Text(messages[r, "type"])).Distinct().ToList();
        if (messages.Rows.Count != blocks || found != tags)
            return $"{blocks} messages of {tags} fields expected, {messages.Rows.Count} of {found} found";
        return types is [var type] && Path.GetFileName(path).StartsWith("MT" + type, StringComparison.Ordinal) ? null : $"the type is {string.Join(", ", types)}";
    }

    static async Task<string?> TwinAsync(string path, string xml, CancellationToken cancellationToken)
    {
        var root = XDocument.Load(xml).Root!;
        var (fields, messages) = (await ReadAsync(path, "fields", cancellationToken), await ReadAsync(path, "messages", cancellationToken));
        var expected = root.Element("block4")!.Elements("tag").Select(t => $"{t.Element("name")!.Value}={t.Element("value")!.Value.ReplaceLineEndings("\n")}").ToList();
        var found = Enumerable.Range(0, fields.Rows.Count).Where(r => Equals(fields[r, "block"], "4")).Select(r => $"{fields[r, "tag"]}={fields[r, "value"]}").ToList();
        if (!expected.SequenceEqual(found))
            return $"fields differ: {string.Join(", ", expected.Zip(found).Where(p => p.First != p.Second).Take(3))}; {expected.Count} expected, {found.Count} found";
        return Differs("type", root.Element("block2")!.Element("messageType")!.Value, Text(messages[0, "type"]))
            ?? Differs("receiver", root.Element("block2")!.Element("receiverAddress")!.Value, Text(messages[0, "counterparty"]))
            ?? Differs("terminal", root.Element("block1")!.Element("logicalTerminal")!.Value, Text(messages[0, "terminal"]));
    }

    [GeneratedRegex("^:20:", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StatementStart();

    [GeneratedRegex("^:61:", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StatementLine();

    [GeneratedRegex(@"\{1:F", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blocks();

    [GeneratedRegex("^:[0-9]{2}[A-Z]?:", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tags();
}
