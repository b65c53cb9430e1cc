using System.Xml;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Markup;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Xml;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>What instances and inline documents have in common: they are read twice, first for what facts refer to.</summary>
internal abstract class XbrlDocument(FormatContext context, RecordTable table) : IRowReader
{
    protected FormatContext Format => context;

    protected XbrlResources Resources { get; } = new(context.Limits);

    /// <summary>What people should know.</summary>
    protected List<string> Notes { get; } = [];

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var start = content.Position;
        var rows = new RecordRows(consumer, table, hasOther: table == XbrlTables.Facts);
        try
        {
            using (var reader = Open(content))
                await CollectAsync(reader, new(reader, context.Limits), cancellationToken);
            if (table == XbrlTables.Contexts)
            {
                foreach (var found in Resources.Contexts.Values)
                    await rows.AddAsync([found.Id, .. XbrlFactRows.Of(found)], null, found.Line, cancellationToken);
            }
            else if (table == XbrlTables.Units)
            {
                foreach (var found in Resources.Units.Values)
                    await rows.AddAsync([found.Id, found.Name, found.Measures, found.Divisor], null, found.Line, cancellationToken);
            }
            else
            {
                content.Position = start;
                using var reader = Open(content);
                await FactsAsync(reader, new(reader, context.Limits), new(rows, Resources), cancellationToken);
            }
        }
        catch (XmlException wrong)
        {
            throw XmlReaders.Error(wrong);
        }

        await consumer.PumpAsync(cancellationToken);
        return [$"table {table.Name}: {Resources.Contexts.Count} contexts and {Resources.Units.Count} units", .. Notes];
    }

    protected virtual XmlReader Open(Stream content) => XmlReaders.Open(content, context.Finding);

    /// <summary>Reads what facts refer to.</summary>
    protected abstract Task CollectAsync(XmlReader reader, MarkupTrees trees, CancellationToken cancellationToken);

    protected abstract Task FactsAsync(XmlReader reader, MarkupTrees trees, XbrlFactRows rows, CancellationToken cancellationToken);

    /// <summary>Takes the element that the reader stands on if it is a context or a unit.</summary>
    protected async ValueTask<bool> TakeResourceAsync(XmlReader reader, MarkupTrees trees)
    {
        if (reader.NamespaceURI != XbrlSpaces.Instance || reader.LocalName is not ("context" or "unit"))
            return false;
        var isContext = reader.LocalName == "context";
        var element = await trees.ReadAsync();
        if (isContext)
            Resources.Add(XbrlContext.Of(element));
        else
            Resources.Add(XbrlUnit.Of(element));
        return true;
    }

    protected void CheckLength(int length, MarkupTrees trees)
    {
        if (length > context.Limits.MaxFieldBytes)
            throw new ConversionException($"A text is longer than {context.Limits.MaxFieldBytes} characters.", trees.Line, trees.Column);
    }

    protected static bool IsTrue(string? text) => text is "true" or "1";
}
