using System.Globalization;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Excel;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Benchmarks.ConformanceBoard.Workbooks;

/// <summary>A sheet as the product reads it with every row a record: the text of all cells, and the types that are inferred.</summary>
internal sealed record BookTable(string Name, IReadOnlyList<string> Types, IReadOnlyList<object?[]> Rows)
{
    /// <summary>What differs from another, or null.</summary>
    public string? Difference(BookTable other)
    {
        if (!Types.SequenceEqual(other.Types, StringComparer.Ordinal))
            return $"sheet '{Name}' has the columns {string.Join(", ", Types)}, not {string.Join(", ", other.Types)}";
        if (Rows.Count != other.Rows.Count)
            return $"sheet '{Name}' has {Rows.Count} rows, not {other.Rows.Count}";
        for (var row = 0; row < Rows.Count; row++)
        {
            for (var i = 0; i < Rows[row].Length; i++)
            {
                if (!Equals(Rows[row][i], other.Rows[row][i]))
                    return $"sheet '{Name}', row {row + 1}, column {i + 1} is {Rows[row][i] ?? "null"}, not {other.Rows[row][i] ?? "null"}";
            }
        }

        return null;
    }
}

/// <summary>Reads all sheets of workbooks.</summary>
internal static class BookSheets
{
    public static async Task<IReadOnlyList<string>> NamesAsync(string path, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(path);
        var format = new WorkbookFormat("xlsx");
        return (await format.TablesAsync(content, new(new("xlsx", null, null, null, null, null, 1, []), new()), cancellationToken)).Names;
    }

    public static async Task<IReadOnlyList<BookTable>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        // Recognised and refused as any input, before its sheets are asked for.
        var names = await RefusableNamesAsync(path, cancellationToken);
        var tables = new List<BookTable>();
        foreach (var name in names)
            tables.Add(await ReadAsync(path, name, cancellationToken));
        return tables;
    }

    static async Task<IReadOnlyList<string>> RefusableNamesAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await NamesAsync(path, cancellationToken);
        }
        catch (Exception refused) when (refused is InvalidDataException or NotSupportedException)
        {
            await ReadTable.OfAsync(path, AllRows(null), cancellationToken);
            throw;
        }
    }

    public static async Task<BookTable> ReadAsync(string path, string sheet, CancellationToken cancellationToken)
    {
        var text = await ReadTable.OfAsync(path, AllRows(sheet) with { Types = TypesMode.Text }, cancellationToken);
        var typed = await ReadTable.OfAsync(path, AllRows(sheet), cancellationToken);
        return new(sheet, [.. typed.Schema.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} {c.Type}"))], text.Rows);
    }

    static ConversionRequest AllRows(string? sheet) => new() { Hint = new() { Table = sheet, Header = false, HeaderRows = 0, SkipLines = 0, FooterLines = 0 } };
}
