using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Markup;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Ofx;

/// <summary>
/// Reads the records of one table. Elements are kept until the element around them ends, except records, which go when they end. An element that no tag
/// ends held nothing: what came after it is its sibling.
/// </summary>
internal sealed class OfxReader(FormatContext context, RecordTable table) : IRowReader
{
    /// <summary>What an element costs beside its text.</summary>
    const int ElementBytes = 16;

    /// <summary>Elements whose texts are numbers, in any table.</summary>
    static readonly HashSet<string> Numbers =
        [.. OfxTables.All.SelectMany(t => t.Fields).Where(f => f.Kind == FieldKind.Number).SelectMany(f => f.Alternatives).Select(p => p[(p.LastIndexOf('/') + 1)..])];

    readonly List<MarkupElement> _open = [];
    string?[] _signOn = new string?[OfxTables.SignOn.Length];
    long _size;
    long _unread;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        using var text = await OfxHeader.OpenAsync(content, context.Request.Hint.Encoding, cancellationToken);
        var tokens = new OfxTokens(text, context.Limits);
        var rows = new RecordRows(consumer, table);
        var (isThere, isLeaf) = (false, false);
        for (var token = await tokens.ReadAsync(cancellationToken); token != OfxToken.End; token = await tokens.ReadAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            isThere |= token == OfxToken.Open && tokens.Value == "OFX";
            if (!isThere)
                continue;
            switch (token)
            {
                case OfxToken.Open or OfxToken.Empty:
                    if (isLeaf)
                        _open.RemoveAt(_open.Count - 1);
                    isLeaf = false;
                    Begin(tokens);
                    if (token == OfxToken.Empty)
                        _open.RemoveAt(_open.Count - 1);
                    break;
                case OfxToken.Text when tokens.Value.AsSpan().Trim().Length > 0 && _open.Count > 0:
                    Settle(_open[^1], tokens.Value.Trim());
                    _size += tokens.Value.Length;
                    isLeaf = true;
                    break;
                case OfxToken.Close:
                    if (isLeaf && _open[^1].Name != tokens.Value)
                        _open.RemoveAt(_open.Count - 1);
                    isLeaf = false;
                    await EndAsync(tokens, rows, cancellationToken);
                    break;
                default:
                    break;
            }

            if (_size > 4L * context.Limits.MaxRecordBytes)
                throw new ConversionException($"A statement has more than {4L * context.Limits.MaxRecordBytes} characters beside its records.", tokens.Line);
        }

        if (!isThere)
            throw new ConversionException("This is not OFX: there is no <OFX>.");
        if (_open.Count > 0)
            throw new ConversionException($"The file ends inside <{_open[^1].Name}>, which begins in line {_open[^1].Line}: it is cut.", tokens.Line);
        await consumer.PumpAsync(cancellationToken);
        return _unread == 0 ? [$"table {table.Name}"] : [$"table {table.Name}", $"{_unread} records are rows of other tables"];
    }

    void Begin(OfxTokens tokens)
    {
        if (_open.Count >= context.Limits.MaxDepth)
            throw new ConversionException($"Elements are nested more than {context.Limits.MaxDepth} deep.", tokens.Line);
        var element = new MarkupElement(tokens.Value, "", tokens.Line);
        if (_open.Count > 0)
            _open[^1].Add(element);
        _open.Add(element);
        _size += ElementBytes + element.Name.Length;
    }

    static void Settle(MarkupElement leaf, string text) =>
        leaf.AddText(leaf.Name.StartsWith("DT", StringComparison.Ordinal) ? OfxTexts.Moment(text) : Numbers.Contains(leaf.Name) ? OfxTexts.Number(text) : text);

    async ValueTask EndAsync(OfxTokens tokens, RecordRows rows, CancellationToken cancellationToken)
    {
        var at = _open.FindLastIndex(e => e.Name == tokens.Value);
        if (at < 0)
            throw new ConversionException($"</{tokens.Value}> ends what did not begin.", tokens.Line);
        for (var i = _open.Count - 1; i > at; i--)
            Flatten(_open[i], _open[i - 1]);
        var element = _open[at];
        _open.RemoveRange(at, _open.Count - at);
        var around = _open.Count > 0 ? _open[^1] : null;
        if (element.Name == "SIGNONMSGSRSV1")
            _signOn = RecordValues.Take(element, OfxTables.SignOn, out _);
        if (around is not null && OfxTables.Of(element.Name, around.Name) is { } of && element.Children.Count > 0)
        {
            if (of == table)
                await AddAsync(element, rows, cancellationToken);
            else
                _unread++;
            Forget(element, around);
        }
        else if (element.Name is "STMTRS" or "CCSTMTRS" or "INVSTMTRS" or "SECLIST")
        {
            Forget(element, around);
        }
    }

    /// <summary>An element that no tag ended holds nothing; what came after it is beside it.</summary>
    static void Flatten(MarkupElement element, MarkupElement around)
    {
        foreach (var child in element.Children.ToList())
            around.Add(child);
        element.Clear();
    }

    void Forget(MarkupElement element, MarkupElement? around)
    {
        around?.RemoveLast(element);
        _size = _open.Count == 0 ? 0 : _size - SizeOf(element);
    }

    static long SizeOf(MarkupElement element) => ElementBytes + element.Name.Length + element.Text.Length + element.Children.Sum(SizeOf);

    ValueTask AddAsync(MarkupElement record, RecordRows rows, CancellationToken cancellationToken)
    {
        var statement = _open.FindLast(e => e.Name is "STMTRS" or "CCSTMTRS" or "INVSTMTRS" or "STMTENDRS");
        string?[] account = table == OfxTables.Securities ? [] : statement is null ? new string?[OfxTables.Statement.Length] : RecordValues.Take(statement, OfxTables.Statement, out _);
        return rows.AddAsync([.. _signOn, .. account, record.Name], record, cancellationToken);
    }
}
