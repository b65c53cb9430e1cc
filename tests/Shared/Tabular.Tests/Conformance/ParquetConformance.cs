using System.Globalization;

namespace DataIngestion.Tabular.Tests.Conformance;

/// <summary>How reading a file went, measured by what others say is in it.</summary>
internal enum Verdict
{
    /// <summary>Every value is as expected.</summary>
    Right,

    /// <summary>It was read, and nobody else says more than how many rows it has.</summary>
    Counted,

    /// <summary>It was refused with a sentence, and should have been.</summary>
    Refused,

    /// <summary>It was refused and should not have been, or the other way round, or values differ, or the error is not a clear one.</summary>
    Wrong,
}

/// <param name="File">The path below the folder of Parquet data.</param>
/// <param name="Detail">The number of rows and who was asked, or what is wrong, or the sentence of refusal.</param>
internal sealed record Conformance(string File, Verdict Verdict, string Detail);

/// <summary>Reads third-party Parquet files and compares them with the expected answers that come with them, or with DuckDB's.</summary>
internal static class ParquetConformance
{
    public static IEnumerable<string> Files(string root) =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".parquet", StringComparison.Ordinal) || f.EndsWith(".encrypted", StringComparison.Ordinal) || f.Contains("clusterfuzz", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    public static async Task<Conformance> CheckAsync(string root, string path, CancellationToken cancellationToken)
    {
        var file = Path.GetRelativePath(root, path);
        var mayFail = file.Contains("clusterfuzz", StringComparison.Ordinal) || file.Contains("bad_data", StringComparison.Ordinal);
        var mustFail = file.EndsWith(".encrypted", StringComparison.Ordinal) || file.Contains("corrupt-checksum", StringComparison.Ordinal);
        try
        {
            var (schema, rows) = await ReadAsync(path, cancellationToken);
            if (mustFail)
                return new(file, Verdict.Wrong, $"{rows.Count} rows were read of a file that must be refused");
            return mayFail ? new(file, Verdict.Counted, $"{rows.Count} rows; malformed, and read as far as it goes") : Compare(file, path, schema, rows);
        }
        catch (Exception refused) when (refused is InvalidDataException or NotSupportedException)
        {
            return new(file, mayFail || mustFail ? Verdict.Refused : Verdict.Wrong, refused.Message);
        }
        catch (Exception crash) when (crash is not OperationCanceledException)
        {
            return new(file, Verdict.Wrong, $"{crash.GetType().Name}: {crash.Message}");
        }
    }

    static async Task<(DataSchema Schema, List<object?[]> Rows)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var input = File.OpenRead(path);
        var reader = await ParquetReader.OpenAsync(input, cancellationToken);
        var rows = new List<object?[]>();
        await foreach (var batch in reader.ReadAsync(null, cancellationToken))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Count; row++)
                    rows.Add(batch.GetRow(row));
            }
        }

        return (reader.Schema, rows);
    }

    /// <summary>Files that hold the same rows as one that DuckDB reads.</summary>
    static string Twin(string path) => path
        .Replace("non_hadoop_lz4_compressed", "lz4_raw_compressed", StringComparison.Ordinal).Replace("hadoop_lz4_compressed", "lz4_raw_compressed", StringComparison.Ordinal);

    static Conformance Compare(string file, string path, DataSchema schema, List<object?[]> rows)
    {
        var answers = path[..^".parquet".Length];
        if (File.Exists(answers + "_expect.csv"))
            return Compare(file, "_expect.csv", ExpectedAnswers.FromCsv(answers + "_expect.csv"), rows, v => System.Convert.ToString(v, CultureInfo.InvariantCulture) ?? "");
        if (File.Exists(answers + ".json"))
            return Compare(file, "json", ExpectedAnswers.FromJson(answers + ".json", schema), rows, Canonical.Of);
        if (file.Contains("byte_stream_split_extended", StringComparison.Ordinal))
            return ComparePairs(file, rows);
        var counted = Manifest(path);
        var isOpaque = file.Contains("variant", StringComparison.Ordinal) || file.Contains("geospatial", StringComparison.Ordinal);
        if (!isOpaque && ExpectedAnswers.FromDuck(Twin(path)) is { } theirs)
            return Compare(file, "DuckDB", theirs, rows, Canonical.Of);
        return counted is { } count && count != rows.Count
            ? new(file, Verdict.Wrong, $"{rows.Count} rows, not the {count} of the manifest")
            : new(file, Verdict.Counted, $"{rows.Count} rows, {(isOpaque ? "in their stored form" : "which DuckDB does not read")}");
    }

    static Conformance Compare(string file, string by, List<string[]> expected, List<object?[]> rows, Func<object?, string> text)
    {
        if (expected.Count != rows.Count)
            return new(file, Verdict.Wrong, $"{rows.Count} rows, {by} has {expected.Count}");
        for (var row = 0; row < rows.Count; row++)
        {
            if (expected[row].Length != rows[row].Length)
                return new(file, Verdict.Wrong, $"{rows[row].Length} columns, {by} has {expected[row].Length}");
            for (var column = 0; column < rows[row].Length; column++)
            {
                var ours = text(rows[row][column]);
                if (ours != expected[row][column])
                    return new(file, Verdict.Wrong, $"row {row}, column {column}: {Short(ours)}, {by} has {Short(expected[row][column])}");
            }
        }

        return new(file, Verdict.Right, $"{rows.Count} rows as {by} has them");
    }

    /// <summary>Every second column has the values of the one before it in another encoding.</summary>
    static Conformance ComparePairs(string file, List<object?[]> rows)
    {
        foreach (var row in rows)
        {
            for (var column = 0; column + 1 < row.Length; column += 2)
            {
                if (Canonical.Of(row[column]) != Canonical.Of(row[column + 1]))
                    return new(file, Verdict.Wrong, $"column {column}: {Canonical.Of(row[column])}, beside it {Canonical.Of(row[column + 1])}");
            }
        }

        return new(file, Verdict.Right, $"{rows.Count} rows, each value the same in both encodings");
    }

    static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";

    /// <summary>The row count that the data's manifest gives.</summary>
    static long? Manifest(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var manifest = Path.Combine(folder, "manifest.tsv");
            if (!File.Exists(manifest))
                continue;
            var name = Path.GetRelativePath(folder, path) + "\t";
            var line = File.ReadLines(manifest).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
            return line?.Split('\t') is [_, var rows, ..] && long.TryParse(rows, CultureInfo.InvariantCulture, out var count) ? count : null;
        }

        return null;
    }
}
