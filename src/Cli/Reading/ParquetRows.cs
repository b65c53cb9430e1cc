using System.Globalization;
using DataIngestion.Govern;
using DataIngestion.Tabular;

namespace DataIngestion.Cli.Reading;

/// <summary>Reads the first rows of a Parquet file that meet a filter.</summary>
internal static class ParquetRows
{
    /// <summary>Reads them.</summary>
    /// <exception cref="CommandFailedException">The file is missing or no Parquet, or the filter names no column.</exception>
    public static async Task<RowPage> ReadAsync(string path, IReadOnlyDictionary<string, string> filter, int limit, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        try
        {
            var reader = await ParquetReader.OpenAsync(file, cancellationToken);
            foreach (var name in filter.Keys.Where(n => reader.Schema.IndexOf(n) < 0))
                throw new CommandFailedException(ExitCodes.Usage, $"'{path}' has no column '{name}': it has {string.Join(", ", reader.Schema.Select(c => c.Name))}.");

            var rows = new List<IReadOnlyList<object?>>();
            var hasMore = false;
            await foreach (var batch in reader.ReadAsync(cancellationToken: cancellationToken))
            {
                using (batch)
                {
                    for (var row = 0; row < batch.Count && !hasMore; row++)
                    {
                        if (!filter.All(f => IsEqual(batch[f.Key].GetText(row), f.Value)))
                            continue;
                        if (rows.Count == limit)
                            hasMore = true;
                        else
                            rows.Add([.. batch.Columns.Select(c => Value(c, row))]);
                    }
                }

                if (hasMore)
                    break;
            }

            return new([.. reader.Schema.Select(c => new SnapshotColumn(c.Name, c.Type.ToString()))], rows, hasMore);
        }
        catch (Exception fault) when (fault is InvalidDataException or NotSupportedException)
        {
            throw new CommandFailedException(ExitCodes.Unreadable, $"'{path}': {fault.Message}", fault);
        }
    }

    static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailedException(ExitCodes.NotFound, $"There is no file '{path}'.", missing);
        }
    }

    // Numbers and truth stay what they are; everything else is its exact text.
    static object? Value(ColumnVector column, int row) => column.GetValue(row) switch
    {
        null => null,
        bool or long or decimal or double => column.GetValue(row),
        _ => column.GetText(row),
    };

    static bool IsEqual(string? text, string wanted) =>
        text == wanted
        || (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && decimal.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var other) && number == other);
}
