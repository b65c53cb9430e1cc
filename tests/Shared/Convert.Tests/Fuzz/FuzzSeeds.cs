using System.Globalization;
using System.IO.Compression;
using System.Text;
using DataIngestion.Tabular;
using ZstdSharp;

namespace DataIngestion.Conversion.Tests.Fuzz;

/// <summary>Good files, small enough that one change is likely to hit something that matters.</summary>
internal static class FuzzSeeds
{
    const int Records = 15;

    /// <summary>The readers that are fuzzed: formats, formats inside a compression, and text whose format has to be recognised first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["csv", "json", "ndjson", "xml", "parquet", "csv.gz", "csv.zst", "unnamed", .. FormatSeeds.ByFormat.Keys];

    public static async Task<IReadOnlyList<byte[]>> OfAsync(string name) => name switch
    {
        "csv" => [TestFiles.Messy(20, seed: 1), TestFiles.Trades(20, seed: 2), Utf8("a;b\n'1;2';3\n# c\n4;5"), Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a\tb\n1\t2\n")).ToArray()],
        "json" => [Utf8("{\"rows\":[" + string.Join(",\n", Lines()) + "]}"), Utf8("{\"rows\":[]}"), Utf8("[[1,[2,{\"a\":[]}]]]")],
        "ndjson" => [Utf8(string.Join('\n', Lines()))],
        "xml" => [Utf8("<?xml version=\"1.0\"?><f at=\"x\">" + string.Concat(Enumerable.Range(0, Records).Select(i => $"<row id=\"{i}\"><p>{i}.5</p><q><d>2024-01-02</d></q></row>\n")) + "</f>")],
        "parquet" => [await ParquetAsync(nulls: false), await ParquetAsync(nulls: true)],
        "csv.gz" => [Packed(s => new GZipStream(s, CompressionLevel.Fastest))],
        _ when FormatSeeds.ByFormat.TryGetValue(name, out var seeds) => seeds.Files(),
        "csv.zst" => [Packed(s => new CompressionStream(s, 1, leaveOpen: true))],
        _ => [TestFiles.Messy(20, seed: 3), Utf8(string.Join('\n', Lines())), Utf8("<a><b/></a>"), .. await OfAsync("csv.gz"), .. await OfAsync("parquet")],
    };

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static IEnumerable<string> Lines() => Enumerable.Range(0, Records).Select(
        i => $$"""{"id":{{i}},"p":{{i}}.25,"s":"a\u00e9\"{{i}}","o":{"d":"2024-01-02T10:00:00Z","x":null},"l":[1,{"k":true}]}""");

    static byte[] Packed(Func<Stream, Stream> pack)
    {
        using var packed = new MemoryStream();
        using (var stream = pack(packed))
            stream.Write(TestFiles.Messy(200, seed: 4));
        return packed.ToArray();
    }

    static async Task<byte[]> ParquetAsync(bool nulls)
    {
        var schema = new DataSchema(
        [
            new("n", DataType.Int64, nulls), new("p", DataType.Decimal(18, 4), nulls), new("w", DataType.Decimal(38, 10), nulls), new("s", DataType.String, nulls),
            new("t", DataType.Timestamp(TimeUnit.Nanoseconds, true), nulls), new("b", DataType.Boolean, nulls), new("f", DataType.Double, nulls),
        ]);
        var builder = new RecordBatchBuilder(schema);
        for (var row = 0; row < 300; row++)
        {
            for (var i = 0; i < schema.Count; i++)
            {
                if (nulls && (row + i) % 5 == 0)
                    builder[i].AppendNull();
                else
                    builder[i].AppendValue(Value(schema[i].Type, row));
            }

            builder.EndRow();
        }

        using var output = new MemoryStream();
        await using var writer = ParquetBatchWriter.Create(output, schema, new() { PageRows = 100 });
        using var batch = builder.Detach();
        await writer.WriteAsync(batch);
        await writer.CompleteAsync();
        return output.ToArray();
    }

    static object Value(DataType type, int row) => type.Kind switch
    {
        DataKind.Boolean => row % 3 == 0,
        DataKind.Double => row / 7.0,
        DataKind.String => "symbol" + (row % 20).ToString(CultureInfo.InvariantCulture),
        DataKind.Decimal when type.IsWideDecimal => new ExactDecimal(row * (Int128)1_000_000_007, type.Scale),
        DataKind.Decimal => new ExactDecimal(row * 12_500, type.Scale),
        DataKind.Timestamp => TimestampValue.FromDateTime(DateTime.UnixEpoch.AddDays(20_000).AddMinutes(row), TimeUnit.Nanoseconds, isUtc: true),
        _ => (long)row,
    };
}
