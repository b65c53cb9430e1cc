using DataIngestion.Conversion;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>A file as the product reads it: through recognition and conversion to Parquet, and that read back.</summary>
/// <param name="Rows">Values for people and tests, see <see cref="ColumnVector.GetValue"/>.</param>
internal sealed record ReadTable(ConversionResult Result, IReadOnlyList<object?[]> Rows, IReadOnlyList<RejectedRow> Rejected)
{
    public DataSchema Schema => Result.Schema;

    public object? this[int row, string column] => Rows[row][Schema.IndexOf(column)];

    public static Task<ReadTable> OfAsync(string path, ConversionRequest? request = null, CancellationToken cancellationToken = default) =>
        OfAsync(() => File.OpenRead(path), (request ?? new()) with { Name = request?.Name ?? Path.GetFileName(path) }, cancellationToken);

    public static async Task<ReadTable> OfAsync(Func<Stream> open, ConversionRequest request, CancellationToken cancellationToken = default)
    {
        using var output = new MemoryStream();
        var rejected = new List<RejectedRow>();
        var result = await new Converter().ConvertAsync(
            _ => new(open()),
            output,
            (row, _) =>
            {
                rejected.Add(row);
                return ValueTask.CompletedTask;
            },
            request,
            null,
            cancellationToken);
        output.Position = 0;
        var rows = new List<object?[]>();
        await foreach (var batch in ParquetReader.ReadAsync(output, null, cancellationToken))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Count; row++)
                    rows.Add(batch.GetRow(row));
            }
        }

        return new(result, rows, rejected);
    }
}
