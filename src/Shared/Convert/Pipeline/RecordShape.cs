using DataIngestion.Conversion.Csv;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Json;
using DataIngestion.Conversion.Json.Blocks;
using DataIngestion.Conversion.Reshaping;
using DataIngestion.Conversion.Xml;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>Where the records of an input are, settled once, so that every pass reads the same ones.</summary>
internal sealed record RecordShape(JsonPath? Json, XmlPath? Xml)
{
    public static async Task<RecordShape> FindAsync(
        FormatFinding finding, ConversionRequest request, Func<ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        var path = request.Hint.RecordPath;
        switch (FormatCatalog.ReadsAs(finding.Format))
        {
            case "ndjson":
                return new(Lines(request), null);
            case "json" when path is not null:
                return new(JsonPath.Parse(path, request.Hint.HasParallelArrays), null);
            case "json" when request.Hint.HasParallelArrays:
                return new(JsonPath.Root with { HasParallelArrays = true }, null);
            case "json":
                var finder = new JsonShapeFinder();
                await using (var content = await open())
                    await new JsonPump(request.Limits).RunAsync(content, finder, _ => ValueTask.CompletedTask, cancellationToken);
                return new(finder.Path, null);
            case "xml" when path is not null:
                return new(null, XmlPath.Parse(path, request.Hint.Namespaces));
            case "xml":
                await using (var content = await open())
                    return new(null, await XmlShapeFinder.FindAsync(content, finding, request.Limits, cancellationToken));
            default:
                return new(null, null);
        }
    }

    /// <summary>
    /// How the input can be read in blocks, on several threads; null where it cannot. Which records are passed over is known only to one who
    /// reads them one after another.
    /// </summary>
    public static IBlockFormat? Blocks(FormatFinding finding, ConversionRequest request) => FormatCatalog.ReadsAs(finding.Format) switch
    {
        _ when request.SkipRecords.Count > 0 || request.Shaping is not null => null,
        // A record that is longer than all before adds columns.
        "csv" or "tsv" when request.Types == TypesMode.Text => null,
        "csv" or "tsv" when finding.Dialect is { IsPlain: true } dialect => new CsvBlockFormat(dialect, request.Limits),
        "ndjson" => new NdjsonFormat(Lines(request), request.Hint.Inherit ?? [], request.Hint.Nesting == NestingMode.Nested, request.Limits),
        _ => FormatCatalog.Find(finding.Format) is IRowFormat rows ? rows.Blocks(new(finding, request)) : null,
    };

    static JsonPath Lines(ConversionRequest request) => JsonPath.Parse(request.Hint.RecordPath ?? "$", request.Hint.HasParallelArrays);

    public IRowReader Reader(FormatFinding finding, ConversionRequest request)
    {
        var reader = ReaderOf(finding, request);
        return request.Shaping is { } shaping ? new ShapedReader(reader, shaping, request.Limits, (byte)(finding.Dialect?.Quote ?? '"')) : reader;
    }

    IRowReader ReaderOf(FormatFinding finding, ConversionRequest request)
    {
        var inherit = request.Hint.Inherit ?? [];
        if (FormatCatalog.Find(finding.Format) is IRowFormat rows)
            return rows.CreateReader(new(finding, request));
        return FormatCatalog.ReadsAs(finding.Format) switch
        {
            "json" => new JsonRowReader(Json!, inherit, request.Hint.Nesting == NestingMode.Nested, request.Limits),
            "ndjson" => new BlockRowReader(new NdjsonBlockReader(Json!, inherit, request.Hint.Nesting == NestingMode.Nested, request.Limits)),
            "xml" => new XmlRowReader(Xml!, request.Hint.Inherit, request.Hint.RecordPath is null, finding, request.Limits),
            _ => new CsvRowReader(finding.Dialect!, request.Limits, keepsAll: request.Types == TypesMode.Text),
        };
    }
}
