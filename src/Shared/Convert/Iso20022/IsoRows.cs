using System.Globalization;
using DataIngestion.Conversion.Markup;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Iso20022;

/// <summary>Makes rows of one table from the parts of messages, in the order in which they come.</summary>
internal sealed class IsoRows(IRowConsumer consumer, RecordTable table)
{
    const int MostNotes = 20;
    static readonly RecordField[] Header =
        [("business_message_id", "BizMsgIdr"), ("sender_bic", "Fr/FIId/FinInstnId/BICFI|Fr/FIId/FinInstnId/BIC"), ("receiver_bic", "To/FIId/FinInstnId/BICFI|To/FIId/FinInstnId/BIC")];

    readonly RecordRows _rows = new(consumer, table);
    readonly SortedSet<string> _definitions = new(StringComparer.Ordinal);
    readonly List<string> _notes = [];
    readonly List<RecordField> _ofEntry = [.. table.Context.Skip(1 + StatementTables.Message.Length + StatementTables.Statement.Length + 1)];
    readonly List<RecordField> _ofMessage = [.. table.Context.Skip(1).SkipLast(3)];
    List<string?>? _around;
    string?[]? _ofContainer;
    FieldFault? _faultOfContainer;
    string?[]? _ofRoot;
    IsoMessage _message = null!;
    MarkupElement _root = null!;
    MarkupElement? _container;
    MarkupElement? _header;
    string _definition = "";
    (long Entries, long Balances, long Records, long Containers) _counts;
    long _inContainer;
    long _batches;

    public RecordTable Table => table;

    /// <summary>The messages so far.</summary>
    public IEnumerable<string> Definitions => _definitions;

    public IEnumerable<string> Notes => _batches == 0 ? _notes : _notes.Append($"{_batches} entries hold several transactions: those are rows of the table transactions");

    public void Begin(IsoMessage message, MarkupElement root, string definition, MarkupElement? header)
    {
        (_message, _root, _definition, _header, _container) = (message, root, definition, header, null);
        (_around, _ofContainer, _ofRoot, _faultOfContainer) = (null, null, null, null);
        _counts = default;
        _definitions.Add(definition);
    }

    public void BeginContainer(MarkupElement container)
    {
        _container = container;
        (_around, _ofContainer, _faultOfContainer) = (null, null, null);
        _counts.Containers++;
        (_counts.Entries, _counts.Balances, _inContainer) = (0, 0, 0);
    }

    public long NextEntry() => ++_counts.Entries;

    /// <summary>An entry of a statement is read.</summary>
    /// <param name="detail">Its transaction, where it has only one.</param>
    public ValueTask EntryAsync(long number, MarkupElement entry, MarkupElement? detail, int details, CancellationToken cancellationToken)
    {
        if (table != StatementTables.Entries)
            return ValueTask.CompletedTask;
        if (detail is not null)
            entry.Add(detail);
        _batches += details > 1 ? 1 : 0;
        return AddAsync([.. Around(StatementTables.Message, StatementTables.Statement), Text(number)], entry, ("transactions", details), cancellationToken);
    }

    /// <summary>A transaction of an entry is read.</summary>
    public ValueTask DetailAsync(long number, MarkupElement entry, MarkupElement detail, CancellationToken cancellationToken)
    {
        if (table != StatementTables.Transactions)
            return ValueTask.CompletedTask;
        var values = RecordValues.Take(entry, _ofEntry, out var fault);
        if (fault is not null)
            return _rows.RejectAsync(fault, detail, cancellationToken);
        if (detail.Child("CdtDbtInd") is null && entry.Child("CdtDbtInd") is { } indicator)
            detail.Add(indicator);
        return _rows.AddAsync([.. Around(StatementTables.Message, StatementTables.Statement), Text(number), .. values], detail, cancellationToken);
    }

    public ValueTask BalanceAsync(MarkupElement balance, CancellationToken cancellationToken)
    {
        _counts.Balances++;
        return table != StatementTables.Balances
            ? ValueTask.CompletedTask
            : _rows.AddAsync(Around(StatementTables.Message, StatementTables.Statement), balance, cancellationToken);
    }

    /// <summary>A transaction of a payment message is read.</summary>
    public ValueTask PaymentAsync(MarkupElement record, MarkupElement? container, CancellationToken cancellationToken)
    {
        _counts.Records++;
        _inContainer++;
        if (table != PaymentTables.Transactions)
            return ValueTask.CompletedTask;
        var values = RecordValues.Take(record, table.Fields, out var fault);
        // What the payment and the message say before their transactions does not change.
        _ofContainer ??= container is null ? [] : RecordValues.Take(container, table.Fields, out _faultOfContainer);
        fault ??= _faultOfContainer;
        _ofRoot ??= RecordValues.Take(_root, table.Fields, out _);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is null && table.Fields[i].IsInherited)
                values[i] = (container is null ? null : _ofContainer[i]) ?? _ofRoot[i];
        }

        return fault is not null
            ? _rows.RejectAsync(fault, record, cancellationToken)
            : _rows.AddAsync([.. Around(PaymentTables.Message, PaymentTables.Payment), .. values], MarkupJson.Left(record), record.Line, cancellationToken);
    }

    public async ValueTask EndContainerAsync(CancellationToken cancellationToken)
    {
        var container = _container!;
        if (table == StatementTables.Statements)
            await AddAsync([_definition, .. Values(_root, _ofMessage), .. Envelope()], container, [("entries", _counts.Entries), ("balances", _counts.Balances)], cancellationToken);
        else if (table == PaymentTables.Payments)
            await AddAsync([_definition, .. Values(_root, PaymentTables.Message)], container, ("transactions", _inContainer), cancellationToken);
        Check(container, _message.IsStatement ? "TxsSummry/TtlNtries/NbOfNtries" : "NbOfTxs", _message.IsStatement ? _counts.Entries : _inContainer);
        _container = null;
    }

    public async ValueTask EndMessageAsync(CancellationToken cancellationToken)
    {
        if (table == PaymentTables.Groups)
            await AddAsync([_definition, .. Envelope()], _root, [("payments", _counts.Containers), ("transactions", _counts.Records)], cancellationToken);
        if (!_message.IsStatement)
            Check(_root, "GrpHdr/NbOfTxs", _counts.Records);
    }

    /// <summary>The sender's count against ours.</summary>
    void Check(MarkupElement element, string path, long found)
    {
        var at = element;
        foreach (var name in path.Split('/'))
            at = at?.Child(name);
        if (at is not null && long.TryParse(at.Text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var declared) && declared != found && _notes.Count < MostNotes)
            _notes.Add($"<{element.Name}> of line {element.Line} says that it holds {declared} records, and holds {found}");
    }

    List<string?> Around(RecordField[] message, RecordField[] container) => _around ??=
        [_definition, .. Values(_root, message), .. _container is null ? new string?[container.Length] : Values(_container, container)];

    string?[] Envelope() => _header is null ? [null, null, null] : Values(_header, Header);

    static string?[] Values(MarkupElement element, IReadOnlyList<RecordField> fields) => RecordValues.Take(element, fields, out _);

    ValueTask AddAsync(List<string?> context, MarkupElement record, (string Column, long Value) count, CancellationToken cancellationToken) => AddAsync(context, record, [count], cancellationToken);

    ValueTask AddAsync(List<string?> context, MarkupElement record, (string Column, long Value)[] counts, CancellationToken cancellationToken)
    {
        var values = RecordValues.Take(record, table.Fields, out var fault);
        if (fault is not null)
            return _rows.RejectAsync(fault, record, cancellationToken);
        foreach (var (column, value) in counts)
            values[Enumerable.Range(0, values.Length).First(i => table.Fields[i].Name == column)] = Text(value);
        return _rows.AddAsync([.. context, .. values], MarkupJson.Left(record), record.Line, cancellationToken);
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
