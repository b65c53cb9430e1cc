using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Avro;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>Files of Apache Avro and Apache Arrow's testing data: rows published as JSON, twins in other codecs and in Parquet, canonical forms and fingerprints.</summary>
internal sealed class AvroSuite : IConformanceSuite
{
    static readonly ConversionRequest AsAvro = new() { Hint = new() { Format = "avro" } };

    /// <summary>Files that hold the same rows; the first of each is the one compared with.</summary>
    static readonly string[][] Twins =
    [
        [
            "arrow-testing/alltypes_plain.avro", "arrow-testing/alltypes_plain.bzip2.avro", "arrow-testing/alltypes_plain.snappy.avro",
            "arrow-testing/alltypes_plain.xz.avro", "arrow-testing/alltypes_plain.zstandard.avro",
        ],
        ["apache-avro/c/tests/avro-1279-no-codec.avro", "apache-avro/c/tests/avro-1279-codec.avro"],
    ];

    /// <summary>Files with the rows of a Parquet file.</summary>
    static readonly (string Avro, string Parquet)[] ParquetTwins =
    [
        ("arrow-testing/alltypes_plain.avro", "alltypes_plain.parquet"), ("arrow-testing/fixed_length_decimal.avro", "fixed_length_decimal.parquet"),
        ("arrow-testing/fixed_length_decimal_legacy_32.avro", "fixed_length_decimal_legacy.parquet"), ("arrow-testing/list_columns.avro", "list_columns.parquet"),
        ("arrow-testing/nested_lists.snappy.avro", "nested_lists.snappy.parquet"), ("arrow-testing/nonnullable.impala.avro", "nonnullable.impala.parquet"),
        ("arrow-testing/nullable.impala.avro", "nullable.impala.parquet"), ("arrow-testing/repeated_no_annotation.avro", "repeated_no_annotation.parquet"),
    ];

    public string Name => "avro";

    public string Folder => "avro";

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var weather in new[] { "weather.avro", "weather-deflate.avro", "weather-snappy.avro" })
            yield return await ConformanceCase.ReadingAsync($"apache-avro/data/{weather}", () => AgainstJsonAsync(folder, weather, cancellationToken));
        foreach (var twins in Twins)
        {
            foreach (var twin in twins.Skip(1))
                yield return await ConformanceCase.ReadingAsync(twin, () => CompareAsync(At(folder, twin), AsAvro, At(folder, twins[0]), AsAvro, cancellationToken));
        }

        if (SharedFolder.Find("parquet/parquet-testing") is { } parquet)
        {
            foreach (var (avro, twin) in ParquetTwins.Where(t => File.Exists(Path.Combine(parquet, t.Parquet))))
                yield return await ConformanceCase.ReadingAsync($"{avro} = {twin}", () => CompareAsync(At(folder, avro), AsAvro, Path.Combine(parquet, twin), new(), cancellationToken));
        }

        foreach (var set in new[] { "apache-avro", "arrow-testing" })
        {
            foreach (var (file, rows) in Manifest(At(folder, set)))
            {
                var name = $"{set}/{file}";
                yield return file.Contains("truncated", StringComparison.Ordinal)
                    ? await ConformanceCase.RefusalAsync(name, () => ReadTable.OfAsync(At(folder, name), AsAvro, cancellationToken))
                    : await ConformanceCase.ReadingAsync($"{name} (rows)", () => CountAsync(At(folder, name), rows, cancellationToken));
            }
        }

        yield return await ConformanceCase.ReadingAsync("apache-avro/data/schemas/simple", () => Task.FromResult(SameSchema(At(folder, "apache-avro/data/schemas/simple"))));
        foreach (var judged in SchemaCases(await File.ReadAllLinesAsync(At(folder, "apache-avro/data/schema-tests.txt"), cancellationToken)))
            yield return judged;
    }

    static string At(string folder, string name) => Path.Combine([folder, .. name.Split('/')]);

    static IEnumerable<(string File, int Rows)> Manifest(string folder)
    {
        foreach (var line in File.ReadLines(Path.Combine(folder, "manifest.tsv")).Skip(1))
        {
            var cells = line.Split('\t');
            if (cells[0].EndsWith(".avro", StringComparison.Ordinal))
                yield return (cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture));
        }
    }

    static async Task<string?> AgainstJsonAsync(string folder, string file, CancellationToken cancellationToken)
    {
        var expected = await File.ReadAllLinesAsync(At(folder, "apache-avro/data/weather.json"), cancellationToken);
        var table = await ReadTable.OfAsync(At(folder, $"apache-avro/data/{file}"), AsAvro, cancellationToken);
        var found = table.Rows.Select((_, i) => $$"""{"station":{{JsonSerializer.Serialize(table[i, "station"])}},"time":{{table[i, "time"]}},"temp":{{table[i, "temp"]}}}""");
        return expected.SequenceEqual(found) ? null : "the rows are not those of weather.json";
    }

    static async Task<string?> CompareAsync(string left, ConversionRequest how, string right, ConversionRequest howRight, CancellationToken cancellationToken)
    {
        var (one, other) = (await ReadTable.OfAsync(left, how, cancellationToken), await ReadTable.OfAsync(right, howRight, cancellationToken));
        if (one.Rows.Count != other.Rows.Count || one.Schema.Count != other.Schema.Count)
            return $"{one.Rows.Count} rows of {one.Schema.Count} columns, expected {other.Rows.Count} of {other.Schema.Count}";
        for (var row = 0; row < one.Rows.Count; row++)
        {
            for (var i = 0; i < one.Schema.Count; i++)
            {
                if (Plain(one.Rows[row][i]) != Plain(other.Rows[row][i]))
                    return $"row {row + 1}, {one.Schema[i].Name}: {Plain(one.Rows[row][i])}, expected {Plain(other.Rows[row][i])}";
            }
        }

        return null;
    }

    /// <summary>A value without what differs only in the type: text and bytes, units of time, widths and scales of numbers.</summary>
    static string Plain(object? value) => value switch
    {
        null => "null",
        string text => System.Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
        byte[] bytes => System.Convert.ToHexString(bytes),
        Tabular.TimestampValue moment => moment.ToString().TrimEnd('Z'),
        Tabular.ExactDecimal number => number.Normalize().ToString(),
        float or double => System.Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        System.Collections.IEnumerable items => $"[{string.Join(",", items.Cast<object?>().Select(Plain))}]",
        _ => System.Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    static async Task<string?> CountAsync(string path, int rows, CancellationToken cancellationToken)
    {
        var table = await ReadTable.OfAsync(path, AsAvro, cancellationToken);
        return table.Rows.Count == rows && table.Rejected.Count == 0 ? null : $"{table.Rows.Count} rows, expected {rows}";
    }

    static string? SameSchema(string folder)
    {
        using var file = File.OpenRead(Path.Combine(folder, "data.avro"));
        var header = AvroHeader.ReadAsync(new(file), 1 << 20, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return AvroCanonicalForm.Of(AvroSchemaParser.Parse(header.SchemaJson)) == AvroCanonicalForm.Of(AvroSchemaParser.Parse(File.ReadAllBytes(Path.Combine(folder, "schema.json"))))
            ? null
            : "the schema in the file is not that of schema.json";
    }

    static IEnumerable<ConformanceCase> SchemaCases(string[] lines)
    {
        var (number, input, canonical) = ("", "", "");
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 6 && lines[i].StartsWith("// ", StringComparison.Ordinal))
                number = lines[i][3..];
            else if (lines[i].StartsWith("<<INPUT", StringComparison.Ordinal))
                input = lines[i].Length > 8 ? lines[i][8..] : string.Join('\n', lines.Skip(i + 1).TakeWhile(l => l != "INPUT"));
            else if (lines[i].StartsWith("<<canonical ", StringComparison.Ordinal))
                yield return Judge($"schema-tests.txt {number} canonical", canonical = lines[i][12..], () => AvroCanonicalForm.Of(AvroSchemaParser.Parse(Encoding.UTF8.GetBytes(input))));
            else if (lines[i].StartsWith("<<fingerprint ", StringComparison.Ordinal))
                yield return Judge($"schema-tests.txt {number} fingerprint", lines[i][14..], () => ((long)AvroCanonicalForm.Fingerprint(AvroSchemaParser.Parse(Encoding.UTF8.GetBytes(canonical)))).ToString(CultureInfo.InvariantCulture));
        }
    }

    static ConformanceCase Judge(string name, string expected, Func<string> find)
    {
        try
        {
            return find() is var found && found == expected ? ConformanceCase.Right(name) : ConformanceCase.Wrong(name, $"'{found}', expected '{expected}'");
        }
        catch (InvalidDataException refusal)
        {
            return ConformanceCase.Wrong(name, refusal.Message);
        }
    }
}
