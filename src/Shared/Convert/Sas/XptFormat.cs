using System.Runtime.CompilerServices;
using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Sas;

/// <summary>SAS transport files, XPT: versions 5 and 6 (TS-140), 8 and 9. Each data set is a table.</summary>
internal sealed class XptFormat : IColumnFormat, ITableFormat
{
    public string Name => "xpt";

    public bool IsText => false;

    public bool NeedsSeek => true;

    public async ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken) =>
        new([.. (await DatasetsAsync(content, context, cancellationToken)).Select(d => d.Name)]);

    public async ValueTask<IColumnReader> OpenAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var datasets = await DatasetsAsync(content, context, cancellationToken);
        var name = new TableList([.. datasets.Select(d => d.Name)]).Choose(context.Table);
        var dataset = datasets.First(d => d.Name == name);
        if (dataset.RowBytes > context.Limits.MaxRecordBytes)
            throw new ConversionException($"A row of the data set '{name}' has {dataset.RowBytes} bytes: at most {context.Limits.MaxRecordBytes} are read (recordBytes).");
        return new Reader(content, dataset, new(dataset.Columns, XptNumber.Read, Text(context), context));
    }

    static SasText Text(FormatContext context) => new(context.Options.Text("encoding") ?? context.Request.Hint.Encoding ?? SasEncodings.Default);

    static async ValueTask<List<XptDataset>> DatasetsAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var (heads, datasets) = (new XptHeads(content, Text(context), context.Limits.MaxColumns), new List<XptDataset>());
        await heads.BeginAsync(cancellationToken);
        while (await heads.NextAsync(cancellationToken) is { } dataset)
        {
            if (datasets.Count == context.Limits.MaxEntries)
                throw new ConversionException($"The SAS transport file holds more than {context.Limits.MaxEntries} data sets (entries).");
            datasets.Add(dataset);
            var rows = new XptRows(content, dataset);
            rows.Skip();
            content.Position = rows.End;
        }

        return datasets;
    }

    sealed class Reader(Stream content, XptDataset dataset, SasCells cells) : IColumnReader
    {
        public DataSchema Schema => cells.Schema;

        public IReadOnlyList<string> Notes => [.. cells.Notes];

        public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var rows = new XptRows(content, dataset);
            while (dataset.RowBytes > 0 && Take(rows))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return cells.Take();
            }

            await ValueTask.CompletedTask;
        }

        /// <returns>Whether there is a batch.</returns>
        bool Take(XptRows rows)
        {
            while (rows.TryNext(out var row))
            {
                cells.Add(row);
                if (cells.IsFull)
                    return true;
            }

            return cells.HasRows;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
