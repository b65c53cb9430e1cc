using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Html;

/// <summary>
/// The tables of an HTML page. The page is parsed as browsers do (AngleSharp, the WHATWG algorithm) and held in memory, so its size is bounded; tables
/// that only lay out the page are passed over.
/// </summary>
internal sealed class HtmlFormat : IRowFormat, ITableFormat
{
    public string Name => "html";

    public bool IsText => false;

    public bool NeedsSeek => false;

    public IRowReader CreateReader(FormatContext context) => new HtmlReader(context);

    public async ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken) =>
        HtmlPage.List(await HtmlPage.ReadAsync(content, context, cancellationToken));
}
