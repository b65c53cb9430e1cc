using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>
/// XBRL 2.1: instances, and inline XBRL 1.0 and 1.1 inside XHTML. The table <c>facts</c> has every fact with its context and unit; <c>contexts</c> and
/// <c>units</c> are tables of their own.
/// </summary>
/// <param name="isInline">Whether the facts stand in an XHTML page.</param>
internal sealed class XbrlFormat(bool isInline) : IRowFormat, ITableFormat
{
    static readonly TableList Tables = new([.. XbrlTables.All.Select(t => t.Name)], XbrlTables.Facts.Name);

    public string Name => isInline ? "ixbrl" : "xbrl";

    public bool IsText => false;

    /// <summary>Facts come before the contexts they refer to as often as behind them.</summary>
    public bool NeedsSeek => true;

    public bool IsAlwaysText(string column) => XbrlTables.Texts.Contains(column);

    public IRowReader CreateReader(FormatContext context)
    {
        var table = XbrlTables.All.First(t => t.Name == Tables.Choose(context.Table));
        return isInline ? new InlineReader(context, table) : new InstanceReader(context, table);
    }

    public ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken) => new(Tables);
}
