using DataIngestion.Conversion.Arrow.Writing;
using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Arrow;

/// <summary>Writes and reads whole Arrow files.</summary>
internal static class ArrowFiles
{
    public static async Task<byte[]> WriteAsync(DataSchema schema, IEnumerable<RecordBatch> batches, ArrowWriteOptions? options = null)
    {
        using var output = new MemoryStream();
        await using var writer = new ArrowBatchWriter(output, schema, options ?? new());
        foreach (var batch in batches)
        {
            using (batch)
                await writer.WriteAsync(batch);
        }

        var summary = await writer.CompleteAsync();
        Assert.Equal(output.Length, summary.Bytes);
        return output.ToArray();
    }

    /// <summary>Every type in a few rows, for fuzzing.</summary>
    public static byte[] Seed(int seed, ArrowWriteOptions options)
    {
        var schema = seed == 0 ? RandomTables.Everything : RandomTables.Schema(new(seed));
        var random = new Random(seed);
        return WriteAsync(schema, RandomTables.Batches(schema, RandomTables.Rows(schema, 40, random), () => 20), options).GetAwaiter().GetResult();
    }

    public static async Task<(DataSchema Schema, List<object?[]> Rows, IReadOnlyList<string> Notes)> ReadAsync(Stream content, ConversionLimits? limits = null)
    {
        var finding = new FormatFinding("arrow", null, null, null, null, null, 1, []);
        var context = new FormatContext(finding, new() { Hint = new() { Format = "arrow" }, Limits = limits ?? new() });
        var format = (IColumnFormat)FormatCatalog.Find("arrow")!;
        await using var reader = await format.OpenAsync(content, context, CancellationToken.None);
        var rows = new List<object?[]>();
        await foreach (var batch in reader.ReadAsync(CancellationToken.None))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Count; row++)
                    rows.Add(batch.GetRow(row));
            }
        }

        return (reader.Schema, rows, reader.Notes);
    }

    /// <summary>Reads without keeping anything.</summary>
    public static async Task<(int Rows, long LargestBytes)> LargestBatchAsync(byte[] stream)
    {
        var context = new FormatContext(new("arrow", null, null, null, null, null, 1, []), new() { Hint = new() { Format = "arrow" } });
        await using var reader = await ((IColumnFormat)FormatCatalog.Find("arrow")!).OpenAsync(new MemoryStream(stream), context, CancellationToken.None);
        var (rows, largest) = (0, 0L);
        await foreach (var batch in reader.ReadAsync(CancellationToken.None))
        {
            using (batch)
            {
                rows += batch.Count;
                largest = Math.Max(largest, batch.Columns.OfType<BytesColumn>().Sum(c => (long)c.Data.Length));
            }
        }

        return (rows, largest);
    }
}
