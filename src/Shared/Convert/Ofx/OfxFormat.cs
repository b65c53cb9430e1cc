using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Markup;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Ofx;

/// <summary>Open Financial Exchange: version 1 (SGML, elements need no end) and version 2 (XML); bank, card and broker statements.</summary>
internal sealed class OfxFormat : IRowFormat, ITableFormat
{
    static readonly TableList Tables = new([.. OfxTables.All.Select(t => t.Name)], OfxTables.Transactions.Name);

    static readonly HashSet<string> Texts =
        [.. OfxTables.All.SelectMany(t => t.Columns).Where(c => c.Kind is FieldKind.Text or FieldKind.Json).Select(c => c.Name), RecordTable.Other];

    public string Name => "ofx";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public bool IsAlwaysText(string column) => Texts.Contains(column);

    public IRowReader CreateReader(FormatContext context) => new OfxReader(context, OfxTables.All.First(t => t.Name == Tables.Choose(context.Table)));

    public ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken) => new(Tables);
}
