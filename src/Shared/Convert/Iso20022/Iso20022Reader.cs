using System.Globalization;
using System.Xml;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Markup;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Xml;

namespace DataIngestion.Conversion.Iso20022;

/// <summary>
/// Reads the messages of a document, streaming: what is held is the header of the message and of the statement or payment, and one record. Elements
/// around the messages (envelopes, business application headers) are passed through.
/// </summary>
internal sealed class Iso20022Reader(FormatContext context) : IRowReader
{
    readonly List<string> _notes = [];
    MarkupElement? _header;
    string? _definition;
    string? _unread;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        using var reader = XmlReaders.Open(content, context.Finding);
        var trees = new MarkupTrees(reader, context.Limits);
        IsoRows? rows = null;
        var messages = 0;
        try
        {
            while (await reader.ReadAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (reader.NodeType != XmlNodeType.Element)
                    continue;
                trees.CheckDepth();
                if (reader.LocalName == "AppHdr")
                    _header = await trees.ReadAsync();
                else if (IsoMessage.ByRoot.TryGetValue(reader.LocalName, out var message))
                    await MessageAsync(message, reader, trees, rows = Rows(rows, message, consumer, trees), ++messages, cancellationToken);
                else if (reader.LocalName == "Document")
                    _definition = Definition(reader.NamespaceURI);
                else if (messages == 0)
                    _unread ??= _definition;
            }
        }
        catch (XmlException wrong)
        {
            throw XmlReaders.Error(wrong);
        }

        if (rows is null)
            throw NoMessage(_unread);
        await consumer.PumpAsync(cancellationToken);
        return [$"table {rows.Table.Name} of {string.Join(", ", rows.Definitions)}", .. _notes.Concat(rows.Notes)];
    }

    public static ConversionException NoMessage(string? definition) => new(definition is null
        ? "This is not an ISO 20022 message: there is no Document with a camt, pain or pacs message."
        : $"The ISO 20022 message {definition} is not read: expected camt.052-054, pain.001, 002 or 008, or pacs.002-004, 008 or 009. As format xml with a record path it can be.");

    IsoRows Rows(IsoRows? rows, IsoMessage message, IRowConsumer consumer, MarkupTrees trees)
    {
        var table = message.Tables.First(t => t.Name == Iso20022Format.Tables(message).Choose(context.Table));
        if (rows is null)
            return new(consumer, table);
        return rows.Table == table ? rows : throw new ConversionException(
            $"A {message.Name} message follows messages of another kind: their rows have different columns. Split the file, or name a table that both have.", trees.Line, trees.Column);
    }

    /// <summary>The message's identifier, the end of its namespace: <c>camt.053.001.02</c>.</summary>
    static string? Definition(string space) => space.Length == 0 ? null : space[(space.LastIndexOf(':') + 1)..].TrimStart('$');

    async ValueTask MessageAsync(IsoMessage message, XmlReader reader, MarkupTrees trees, IsoRows rows, int number, CancellationToken cancellationToken)
    {
        var root = trees.Begin();
        rows.Begin(message, root, Definition(root.Space) ?? _definition ?? message.Name, _header);
        _header = null;
        var (depth, containers, size) = (reader.Depth, 0, 0L);
        var (line, column) = (trees.Line, trees.Column);
        var more = !reader.IsEmptyElement;
        while (more && await reader.ReadAsync() && reader.Depth > depth)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (message.Containers.Contains(reader.LocalName))
            {
                containers++;
                await ContainerAsync(message, reader, trees, rows, cancellationToken);
            }
            else if (reader.LocalName == message.Record)
            {
                await RecordAsync(message, trees, rows, null, cancellationToken);
            }
            else
            {
                root.Add(await trees.ReadAsync());
                if (++size > context.Limits.MaxColumns)
                    throw new ConversionException($"The message has more than {context.Limits.MaxColumns} elements beside its records.", trees.Line, trees.Column);
            }
        }

        if (message.NeedsContainer && containers == 0)
            throw new ConversionException($"The {message.Name} message has no <{message.Containers[0]}>, of which the standard demands one: it is incomplete, or wrong.", line, column);
        await rows.EndMessageAsync(cancellationToken);
    }

    async ValueTask ContainerAsync(IsoMessage message, XmlReader reader, MarkupTrees trees, IsoRows rows, CancellationToken cancellationToken)
    {
        var container = trees.Begin();
        rows.BeginContainer(container);
        var (depth, size) = (reader.Depth, 0);
        var more = !reader.IsEmptyElement;
        while (more && await reader.ReadAsync() && reader.Depth > depth)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (reader.LocalName == message.Record)
            {
                await RecordAsync(message, trees, rows, container, cancellationToken);
            }
            else if (message.IsStatement && reader.LocalName == "Bal")
            {
                await rows.BalanceAsync(await trees.ReadAsync(), cancellationToken);
            }
            else
            {
                container.Add(await trees.ReadAsync());
                if (++size > context.Limits.MaxColumns)
                    throw new ConversionException($"<{container.Name}> has more than {context.Limits.MaxColumns} elements beside its records.", trees.Line, trees.Column);
            }
        }

        await rows.EndContainerAsync(cancellationToken);
    }

    static async ValueTask RecordAsync(IsoMessage message, MarkupTrees trees, IsoRows rows, MarkupElement? container, CancellationToken cancellationToken)
    {
        if (!message.IsStatement)
        {
            await rows.PaymentAsync(await trees.ReadAsync(), container, cancellationToken);
            return;
        }

        MarkupElement? first = null;
        var details = 0;
        var entry = rows.NextEntry();
        var record = await trees.ReadAsync(StatementTables.Detail, (around, detail) =>
        {
            if (details++ == 0)
                first = detail;
            return rows.DetailAsync(entry, around, detail, cancellationToken);
        });
        await rows.EntryAsync(entry, record, details == 1 ? first : null, details, cancellationToken);
    }
}
