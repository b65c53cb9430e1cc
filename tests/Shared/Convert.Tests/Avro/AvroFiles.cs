using System.IO.Compression;
using System.Text;
using DataIngestion.Conversion.Avro;
using DataIngestion.Conversion.Writing;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Avro;

/// <summary>Writes small Avro files by hand.</summary>
internal static class AvroFiles
{
    static readonly byte[] Sync = Encoding.ASCII.GetBytes("0123456789abcdef");

    /// <summary>A container of one block.</summary>
    public static byte[] Container(string schema, int records, Action<Utf8Buffer> write, string codec = "null", Func<byte[], byte[]>? pack = null)
    {
        using var to = new Utf8Buffer();
        to.Write(AvroHeader.Magic);
        AvroBinary.Long(2, to);
        Text("avro.schema", to);
        Text(schema, to);
        Text("avro.codec", to);
        Text(codec, to);
        to.Write((byte)0);
        to.Write(Sync);
        var data = Datum(write);
        var stored = pack?.Invoke(data) ?? data;
        AvroBinary.Long(records, to);
        AvroBinary.Long(stored.Length, to);
        to.Write(stored);
        to.Write(Sync);
        return to.Memory.ToArray();
    }

    /// <summary>Every type, a record that holds itself, and compressed blocks.</summary>
    public static IReadOnlyList<byte[]> Seeds =>
    [
        Container(AvroReadingTests.Everything, 30, Thirty), Container(AvroReadingTests.Everything, 30, Thirty, "deflate", Deflate),
        Container(
            """{"type":"record","name":"N","fields":[{"name":"n","type":["null","N"]},{"name":"m","type":{"type":"map","values":"N"}},{"name":"t","type":{"type":"long","logicalType":"timestamp-micros"}}]}""", 20,
            to =>
            {
                for (var i = 0; i < 20; i++)
                    to.Write([2, 0, 0, 6, 0, 0x80, 0x90, 0x03]);
            }),
    ];

    static void Thirty(Utf8Buffer to)
    {
        for (var i = 0; i < 30; i++)
            AvroReadingTests.WriteEverything(to, i % 3 == 2 ? 3 : i % 3);
    }

    public static byte[] Datum(Action<Utf8Buffer> write)
    {
        using var to = new Utf8Buffer();
        write(to);
        return to.Memory.ToArray();
    }

    public static void Text(string text, Utf8Buffer to) => AvroBinary.Bytes(Encoding.UTF8.GetBytes(text), to);

    public static byte[] Deflate(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(plain);
        return packed.ToArray();
    }

    /// <summary>The rows as our writer writes them.</summary>
    public static async Task<byte[]> WrittenAsync(DataSchema schema, IReadOnlyList<object?[]> rows, AvroWriteOptions? options = null, int batchRows = int.MaxValue)
    {
        using var output = new MemoryStream();
        await using var writer = BatchWriters.Create(output, schema, new() { Output = OutputFormat.Avro, Avro = options ?? new() });
        for (var start = 0; start < rows.Count; start += Math.Min(batchRows, rows.Count))
        {
            var builder = new RecordBatchBuilder(schema);
            foreach (var row in rows.Skip(start).Take(batchRows))
                builder.AppendRow(row);
            using var batch = builder.Detach();
            await writer.WriteAsync(batch);
        }

        var summary = await writer.CompleteAsync();
        Assert.Equal((rows.Count, output.Length), (summary.Rows, summary.Bytes));
        return output.ToArray();
    }

    /// <summary>Every cell as its exact text, without the way over Parquet.</summary>
    public static async Task<(DataSchema Schema, List<string?[]> Rows)> ReadAsync(byte[] file, FormatHint? hint = null)
    {
        var request = new ConversionRequest { Hint = hint ?? new() };
        await using var reader = await new AvroFormat().OpenAsync(
            new MemoryStream(file), new(new("avro", null, null, null, null, null, 1, []), request), TestContext.Current.CancellationToken);
        var rows = new List<string?[]>();
        await foreach (var batch in reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Count; row++)
                    rows.Add([.. batch.Columns.Select(c => c.GetText(row))]);
            }
        }

        return (reader.Schema, rows);
    }
}
