using System.Globalization;
using Avro;
using Avro.File;
using Avro.Generic;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Avro;

/// <summary>Apache's own library reads what we write, and we read what it writes.</summary>
public sealed class AvroOtherReadersTests
{
    [Theory]
    [InlineData(AvroCodec.Deflate), InlineData(AvroCodec.Null)]
    public async Task Apache_Avro_reads_our_files(AvroCodec codec)
    {
        DataSchema schema = new(
        [
            new("id", DataType.Int64, false), new("price in €", DataType.Decimal(18, 4)), new("day", DataType.Date), new("at", DataType.Timestamp(TimeUnit.Milliseconds, true)), new("name", DataType.String),
            new("raw", DataType.Binary), new("ratio", DataType.Double), new("small", DataType.Float), new("ok", DataType.Boolean), new("count", DataType.Int32), new("wide", DataType.UInt64),
            new("list", DataType.List(DataType.Struct(new DataColumn("a", DataType.Int32), new("b", DataType.String, false)))),
        ]);
        var rows = Enumerable.Range(0, 500).Select(i => i % 7 == 0
            ? new object?[] { (long)i, null, null, null, null, null, null, null, null, null, null, null }
            : [
                (long)i, i * 1.25m, new DateOnly(2024, 1, 1).AddDays(i), new TimestampValue(1_700_000_000_000 + i, TimeUnit.Milliseconds, true), "é" + i, new byte[] { 1, (byte)i }, i / 3.0, i / 4f, i % 2 == 0, (long)i,
                ulong.MaxValue, new object?[] { new object?[] { null, "x" }, new object?[] { 5L, "y" } },
            ]).ToList();

        using var file = new MemoryStream(await AvroFiles.WrittenAsync(schema, rows, new() { Codec = codec, BlockBytes = 1_000 }));
        using var reader = DataFileReader<GenericRecord>.OpenReader(file);
        var records = reader.NextEntries.ToList();

        Assert.Equal(500, records.Count);
        Assert.Null(records[7]["name"]);
        var record = records[10];
        Assert.Equal((10L, "é10", 10 / 3.0, 2.5f, true, 10), (record["id"], record["name"], record["ratio"], record["small"], record["ok"], record["count"]));
        Assert.Equal("12.5000", ((AvroDecimal)record["price_in__"]).ToString());
        Assert.Equal(ulong.MaxValue.ToString(CultureInfo.InvariantCulture), ((AvroDecimal)record["wide"]).ToString());
        Assert.Equal(new DateTime(2024, 1, 11), record["day"]);
        Assert.Equal(DateTime.UnixEpoch.AddMilliseconds(1_700_000_000_010), record["at"]);
        Assert.Equal([1, 10], (byte[])record["raw"]);
        var items = (object[])record["list"];
        Assert.Equal((5, "y"), (((GenericRecord)items[1])["a"], ((GenericRecord)items[1])["b"]));
    }

    [Fact]
    public async Task We_read_the_files_of_Apache_Avro()
    {
        var schema = (RecordSchema)Schema.Parse("""
            {"type":"record","name":"r","fields":[{"name":"id","type":"long"},{"name":"name","type":["null","string"]},{"name":"m","type":{"type":"map","values":"double"}},
              {"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}},{"name":"u","type":["int","string"]},{"name":"p","type":{"type":"bytes","logicalType":"decimal","precision":12,"scale":3}}]}
            """);
        using var output = new MemoryStream();
        using (var writer = DataFileWriter<GenericRecord>.OpenWriter(new GenericDatumWriter<GenericRecord>(schema), output, Codec.CreateCodec(Codec.Type.Deflate), leaveOpen: true))
        {
            for (var i = 0; i < 1_000; i++)
            {
                var record = new GenericRecord(schema);
                record.Add("id", (long)i);
                record.Add("name", i % 2 == 0 ? null : "n" + i);
                record.Add("m", new Dictionary<string, object> { ["k"] = i / 2.0 });
                record.Add("e", new GenericEnum((EnumSchema)schema["e"].Schema, i % 2 == 0 ? "A" : "B"));
                record.Add("u", i % 2 == 0 ? i : "text");
                record.Add("p", new AvroDecimal(i, 3));
                writer.Append(record);
            }
        }

        var (_, rows) = await AvroFiles.ReadAsync(output.ToArray());

        Assert.Equal(1_000, rows.Count);
        Assert.Equal(["998", null, """[{"key":"k","value":499}]""", "A", """{"int":998,"string":null}""", "0.998"], rows[998]);
        Assert.Equal(["999", "n999", """[{"key":"k","value":499.5}]""", "B", """{"int":null,"string":"text"}""", "0.999"], rows[999]);
    }
}
