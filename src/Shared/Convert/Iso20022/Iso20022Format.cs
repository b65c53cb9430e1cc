using System.Xml;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Markup;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Xml;

namespace DataIngestion.Conversion.Iso20022;

/// <summary>
/// ISO 20022 messages in XML: account reports, statements and notifications (camt.052, 053, 054), payment initiations (pain.001, 008), status reports
/// (pain.002, pacs.002) and transfers between banks (pacs.003, 004, 008, 009), of every version, with or without an envelope.
/// </summary>
internal sealed class Iso20022Format : IRowFormat, ITableFormat
{
    static readonly HashSet<string> Texts =
        [.. StatementTables.All.Concat(PaymentTables.All).SelectMany(t => t.Columns).Where(c => c.Kind is FieldKind.Text or FieldKind.Json).Select(c => c.Name), RecordTable.Other];

    public string Name => "iso20022";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public bool IsAlwaysText(string column) => Texts.Contains(column);

    public IRowReader CreateReader(FormatContext context) => new Iso20022Reader(context);

    public async ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        using var reader = XmlReaders.Open(content, context.Finding);
        try
        {
            while (await reader.ReadAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (reader.NodeType == XmlNodeType.Element && IsoMessage.ByRoot.TryGetValue(reader.LocalName, out var message))
                    return Tables(message);
            }
        }
        catch (XmlException wrong)
        {
            throw XmlReaders.Error(wrong);
        }

        throw Iso20022Reader.NoMessage(null);
    }

    public static TableList Tables(IsoMessage message) => new([.. message.Tables.Select(t => t.Name)], message.Tables[0].Name);
}
