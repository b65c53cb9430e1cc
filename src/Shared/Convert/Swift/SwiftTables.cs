using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Swift;

/// <summary>What the tables of SWIFT messages hold, and how messages become their rows. Not thread-safe.</summary>
/// <param name="table">Null to take what the first message says: transactions for statements, otherwise fields.</param>
internal sealed class SwiftTables(string? table, IRowConsumer consumer)
{
    public const string Transactions = "transactions";
    public const string Statements = "statements";
    public const string Balances = "balances";
    public const string Messages = "messages";
    public const string Fields = "fields";

    /// <summary>All tables, the natural one for statements first.</summary>
    public static IReadOnlyList<string> All { get; } = [Transactions, Statements, Balances, Messages, Fields];

    /// <summary>The columns of a table that may have no row.</summary>
    static readonly string[] TransactionColumns =
    [
        "message", "type", "reference", "account", "statement_number", "sequence_number", "entry", "currency", "value_date", "entry_date", "mark", "funds_code", "amount", "transaction_type",
        "customer_reference", "bank_reference", "supplementary", "details", "business_code", "posting_text", "prima_nota", "purpose", "counterparty_bank", "counterparty_account",
        "counterparty_name", "text_key_addition", "codes", "non_swift",
    ];

    static readonly string[] BalanceColumns = ["message", "type", "reference", "account", "statement_number", "sequence_number", "kind", "tag", "date", "currency", "mark", "amount"];
    const int MostPending = 1000;
    const int MostUnbalancedNamed = 5;
    readonly List<(SwiftMessage Message, SwiftFault? Fault)> _pending = [];
    bool _named;
    readonly NamedRow _row = new(consumer);
    readonly List<string> _unbalanced = [];
    string? _table = table;
    long _rows;
    long _messages;
    long _statements;
    long _balanced;
    long _moved;
    long _others;
    long _unbalancedCount;

    /// <summary>Messages so far.</summary>
    public long Count => _messages;

    /// <summary>What people should know about the content.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (_statements > 0)
                yield return $"{_statements} statements, of which {_balanced} are proven: opening balance and entries are the closing balance";
            foreach (var one in _unbalanced)
                yield return one;
            if (_unbalancedCount > _unbalanced.Count)
                yield return $"{_unbalancedCount - _unbalanced.Count} more statements do not balance";
            if (_moved > 0)
                yield return $"{_moved} entries are dated 30 February and were taken as of the month's last day";
            if (_others > 0)
                yield return $"{_others} messages are no statements: the tables '{Messages}' and '{Fields}' hold them";
        }
    }

    public void Take(SwiftMessage message, SwiftFault? fault)
    {
        if (_table is null && message.Service is not (null or "01") && _pending.Count < MostPending)
        {
            // An acknowledgement does not tell what the messages are.
            _pending.Add((message, fault));
            return;
        }

        Decide(message.IsStatement && message.Service is null or "01" ? Transactions : Fields);
        TakeDecided(message, fault);
    }

    /// <summary>The content is read.</summary>
    public void Complete() => Decide(Fields);

    void Decide(string table)
    {
        _table ??= table;
        if (_named)
            return;
        _named = true;
        foreach (var name in _table switch { Transactions => TransactionColumns, Balances => BalanceColumns, _ => [] })
            consumer.Names.Add(name);
        foreach (var (message, fault) in _pending)
            TakeDecided(message, fault);
        _pending.Clear();
    }

    void TakeDecided(SwiftMessage message, SwiftFault? fault)
    {
        var isStatement = message.IsStatement && message.Service is null or "01";
        _messages++;
        if (fault is not null)
        {
            consumer.Reject(new(++_rows, message.Offset, fault.Line), null, fault.Rule, fault.Expected, Raw(message.Raw.ToString()));
            return;
        }

        if (isStatement)
            TakeStatement(Statement.Of(message));
        else if (_table is not (Messages or Fields) && message.Service is null or "01")
            _others++;
        if (_table == Messages)
            MessageRow(message);
        else if (_table == Fields)
            FieldRows(message);
    }

    void TakeStatement(Statement statement)
    {
        _statements++;
        _moved += statement.Entries.Count(e => e.Line?.HasMovedDay == true);
        if (statement.IsBalanced == true)
            _balanced++;
        else if (statement.IsBalanced == false && _unbalancedCount++ < MostUnbalancedNamed)
            _unbalanced.Add($"the statement at line {statement.Message.Line} does not balance: {statement.Opening!.Amount} and entries of {statement.Sum} are not {statement.Closing!.Amount}");
        if (_table == Transactions)
        {
            for (var i = 0; i < statement.Entries.Count; i++)
                TransactionRow(statement, statement.Entries[i], i + 1);
        }
        else if (_table == Balances)
        {
            foreach (var balance in statement.Balances)
                BalanceRow(statement, balance);
        }
        else if (_table == Statements)
        {
            StatementRow(statement);
        }
    }

    static byte[] Raw(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    RowPlace Next(SwiftField field) => new(++_rows, field.Offset, field.Line);

    void Account(Statement statement)
    {
        _row.Set("message", _messages);
        _row.Set("type", statement.Message.Type);
        _row.Set("reference", statement.Reference);
        _row.Set("account", statement.Account);
        _row.Set("statement_number", statement.Number);
        _row.Set("sequence_number", statement.Sequence);
    }

    void TransactionRow(Statement statement, StatementEntry entry, int number)
    {
        var place = Next(entry.Field);
        if (entry.Line is not { } line)
        {
            consumer.Reject(place, "61", "statement-line", "a value date yyMMdd, C or D, an amount with a comma, a type of four characters and a reference", Raw(entry.Field.Value));
            return;
        }

        Account(statement);
        _row.Set("entry", number);
        _row.Set("currency", statement.Currency);
        _row.Set("value_date", StatementLine.Text(line.ValueDate));
        _row.Set("entry_date", line.EntryDate is { } day ? StatementLine.Text(day) : null);
        _row.Set("mark", line.Mark);
        _row.Set("funds_code", line.FundsCode);
        _row.Set("amount", line.Amount.ToString(), CellKind.Number);
        _row.Set("transaction_type", line.Type);
        _row.Set("customer_reference", line.CustomerReference.Length > 0 ? line.CustomerReference : null);
        _row.Set("bank_reference", line.BankReference);
        _row.Set("supplementary", line.Supplementary);
        var details = entry.Details is { } text ? StatementInformation.Of(text) : null;
        _row.Set("details", details?.Text);
        _row.Set("business_code", details?.Code);
        _row.Set("posting_text", details?.Posting);
        _row.Set("prima_nota", details?.PrimaNota);
        _row.Set("purpose", details?.Purpose);
        _row.Set("counterparty_bank", details?.CounterpartyBank);
        _row.Set("counterparty_account", details?.CounterpartyAccount);
        _row.Set("counterparty_name", details?.CounterpartyName);
        _row.Set("text_key_addition", details?.TextKeyAddition);
        _row.Set("codes", details?.CodesJson(), CellKind.Json);
        _row.Set("non_swift", entry.NonSwift);
        _row.Emit(place, Raw($":61:{entry.Field.Value}"));
    }

    void BalanceRow(Statement statement, StatementBalance balance)
    {
        var place = Next(balance.Field);
        if (balance.Balance is not { } known)
        {
            consumer.Reject(place, balance.Field.Tag, "balance", "C or D, a date yyMMdd, a currency and an amount with a comma", Raw(balance.Field.Value));
            return;
        }

        Account(statement);
        _row.Set("kind", balance.Kind);
        _row.Set("tag", balance.Field.Tag);
        _row.Set("date", StatementLine.Text(known.Date));
        _row.Set("currency", known.Currency);
        _row.Set("mark", known.Mark);
        _row.Set("amount", known.Amount.ToString(), CellKind.Number);
        _row.Emit(place, Raw($":{balance.Field.Tag}:{balance.Field.Value}"));
    }

    void StatementRow(Statement statement)
    {
        var message = statement.Message;
        Account(statement);
        _row.Set("related_reference", statement.RelatedReference);
        _row.Set("currency", statement.Currency);
        Balance("opening", statement.Opening);
        Balance("closing", statement.Closing);
        Balance("available", statement.Balances.Find(b => b.Kind == "available")?.Balance);
        _row.Set("entries", statement.Entries.Count);
        _row.Set("entries_total", statement.Sum?.ToString(), CellKind.Number);
        _row.Set("is_balanced", statement.IsBalanced switch { true => "true", false => "false", null => null }, CellKind.Boolean);
        _row.Set("debits_reported", message.Field("90D"));
        _row.Set("credits_reported", message.Field("90C"));
        _row.Set("floor_limit", message.Field("34F"));
        _row.Set("created", message.AnyField("13D", "13"));
        _row.Set("information", statement.Information);
        _row.Set("non_swift", statement.NonSwift);
        _row.Set("terminal", message.Terminal);
        _row.Set("counterparty", message.Counterparty);
        _row.Emit(new(++_rows, message.Offset, message.Line), Raw(message.Raw.ToString()));
    }

    void Balance(string kind, SwiftBalance? balance)
    {
        _row.Set(kind + "_date", balance?.Date is { } day ? StatementLine.Text(day) : null);
        _row.Set(kind + "_balance", balance?.Amount.ToString(), CellKind.Number);
    }

    void MessageRow(SwiftMessage message)
    {
        _row.Set("message", _messages);
        _row.Set("service", message.Service);
        _row.Set("type", message.Service is null or "01" ? message.Type : null);
        _row.Set("direction", message.Direction);
        _row.Set("terminal", message.Terminal);
        _row.Set("counterparty", message.Counterparty);
        _row.Set("reference", message.AnyField("20", "20C")?.Split('\n')[0]);
        _row.Set("basic_header", message.Block("1"));
        _row.Set("application_header", message.Block("2"));
        _row.Set("user_header", message.Block("3"));
        _row.Set("system_text", message.Block("4"));
        _row.Set("trailer", message.Block("5"));
        _row.Set("fields", message.Fields.Count);
        _row.Emit(new(++_rows, message.Offset, message.Line), Raw(message.Raw.ToString()));
    }

    void FieldRows(SwiftMessage message)
    {
        var sequence = new SwiftSequence();
        var position = 0;
        foreach (var block in message.Blocks)
        {
            foreach (var (tag, value) in SwiftFieldParts.OfBlock(block.Content))
                FieldRow(message, block.Id, tag, value, null, ++position, new(block.Id, value, block.Line, block.Offset));
        }

        foreach (var field in message.Fields)
            FieldRow(message, "4", field.Tag, field.Value, sequence.At(field), ++position, field);
    }

    void FieldRow(SwiftMessage message, string block, string? tag, string value, string? sequence, int position, SwiftField field)
    {
        _row.Set("message", _messages);
        _row.Set("type", message.Service is null or "01" ? message.Type : message.Service);
        _row.Set("block", block);
        _row.Set("sequence", sequence);
        _row.Set("position", position);
        _row.Set("tag", tag);
        _row.Set("option", tag is { Length: 3 } && char.IsAsciiLetter(tag[2]) ? tag[2..] : null);
        var (qualifier, issuer, rest) = SwiftFieldParts.Qualified(value);
        _row.Set("qualifier", qualifier);
        _row.Set("issuer", issuer);
        _row.Set("value", rest);
        _row.Emit(Next(field), Raw(value));
    }
}
