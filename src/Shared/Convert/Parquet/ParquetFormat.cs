using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Parquet;

/// <summary>Apache Parquet, by the reader of <see cref="DataIngestion.Tabular"/>.</summary>
internal sealed class ParquetFormat : IColumnFormat
{
    public string Name => "parquet";

    public bool IsText => false;

    public bool NeedsSeek => true;

    public async ValueTask<IColumnReader> OpenAsync(Stream content, FormatContext context, CancellationToken cancellationToken) =>
        new Reader(await ParquetReader.OpenAsync(content, cancellationToken));

    sealed class Reader(ParquetReader parquet) : IColumnReader
    {
        public DataSchema Schema => parquet.Schema;

        public IReadOnlyList<string> Notes => [];

        public IAsyncEnumerable<RecordBatch> ReadAsync(CancellationToken cancellationToken) => parquet.ReadAsync(null, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
