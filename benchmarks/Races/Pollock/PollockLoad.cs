using DataIngestion.Conversion;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Pollock;

/// <summary>One file loaded by us with no dialect given and every cell as text.</summary>
/// <param name="Rows">The header, where the file has one, and the records; a cell that a record does not have is left out.</param>
/// <param name="Failure">Why there are none.</param>
internal sealed record PollockLoad(IReadOnlyList<string[]> Rows, CsvDialect? Dialect, string? Encoding, long Rejected, string? Failure)
{
    public static async Task<PollockLoad> LoadAsync(string path, CancellationToken cancellationToken)
    {
        var request = new ConversionRequest { Name = Path.GetFileName(path), Types = TypesMode.Text };
        using var output = new MemoryStream();
        try
        {
            var result = await new Converter().ConvertAsync(
                _ => new(File.OpenRead(path)), output, (_, _) => ValueTask.CompletedTask, request, null, cancellationToken);
            var rows = new List<string[]>();
            if (result.Format.Dialect is not { HeaderRows: 0 })
                rows.Add(Header(result.Schema));
            output.Position = 0;
            await foreach (var batch in ParquetReader.ReadAsync(output, null, cancellationToken))
            {
                for (var row = 0; row < batch.Count; row++)
                    rows.Add(Trim(batch.GetRow(row)));
                batch.Dispose();
            }

            return new(rows, result.Format.Dialect, result.Format.Encoding, result.RowsRejected, null);
        }
        catch (ConversionException refused)
        {
            return new([], null, null, 0, refused.Message);
        }
    }

    /// <summary>The names without those made for fields beyond the header, which stand in no file.</summary>
    static string[] Header(DataSchema schema)
    {
        var count = schema.Count;
        while (count > 1 && schema[count - 1].Name == $"column{count}")
            count--;
        return [.. schema.Take(count).Select(c => c.Name)];
    }

    /// <summary>Fields that a short record lacks are null; an empty field is an empty text.</summary>
    static string[] Trim(object?[] row)
    {
        var length = row.Length;
        while (length > 0 && row[length - 1] is null)
            length--;
        return [.. row.Take(length).Select(c => (string?)c ?? "")];
    }
}
