using System.Buffers.Binary;
using System.Text;
using DataIngestion.Conversion.Avro;
using DataIngestion.Conversion.Writing;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Avro;

public sealed class AvroReadingTests
{
    internal const string Everything = """
        {"type":"record","name":"r","namespace":"a","fields":[
          {"name":"side","type":{"type":"enum","name":"Side","symbols":["BUY","SELL"]}},
          {"name":"tags","type":{"type":"map","values":["null","long"]}},
          {"name":"any","type":["null","int","string",{"type":"array","items":"double"}]},
          {"name":"amount","type":{"type":"fixed","name":"Amount","size":5,"logicalType":"decimal","precision":10,"scale":2}},
          {"name":"id","type":{"type":"fixed","name":"Id","size":16,"logicalType":"uuid"}},
          {"name":"span","type":{"type":"fixed","name":"Span","size":12,"logicalType":"duration"}},
          {"name":"big","type":{"type":"bytes","logicalType":"decimal","precision":60,"scale":3}},
          {"name":"none","type":"null"},
          {"name":"wrong","type":{"type":"long","logicalType":"date"}}]}
        """;

    internal static void WriteEverything(Utf8Buffer to, int branch)
    {
        AvroBinary.Long(1, to);
        AvroBinary.Long(-2, to);
        AvroBinary.Long(100, to); // a size that nobody needs
        AvroFiles.Text("x", to);
        AvroBinary.Long(1, to);
        AvroBinary.Long(7, to);
        AvroFiles.Text("y", to);
        AvroBinary.Long(0, to);
        AvroBinary.Long(0, to);
        AvroBinary.Long(branch, to);
        if (branch == 1)
            AvroBinary.Long(-5, to);
        if (branch == 3)
        {
            AvroBinary.Long(1, to);
            AvroBinary.Double(0.5, to);
            AvroBinary.Long(0, to);
        }

        to.Write([0xFF, 0xFF, 0xFF, 0xFF, 0x85]);
        to.Write(Enumerable.Range(0, 16).Select(i => (byte)i).ToArray());
        to.Write([1, 0, 0, 0, 2, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
        AvroBinary.Bytes([0x01, .. new byte[20]], to);
        AvroBinary.Long(3, to);
    }

    [Fact]
    public async Task Every_type_becomes_the_column_that_holds_it()
    {
        var file = AvroFiles.Container(Everything, 3, to =>
        {
            foreach (var branch in new[] { 0, 1, 3 })
                WriteEverything(to, branch);
        });

        var (schema, rows) = await AvroFiles.ReadAsync(file);

        Assert.Equal(
            """
            side string not null
            tags list<struct<key:string not null,value:int64> not null> not null
            any struct<int:int32,string:string,array:list<double not null>>
            amount decimal(10,2) not null
            id string not null
            span struct<months:int64 not null,days:int64 not null,milliseconds:int64 not null> not null
            big string not null
            none string
            wrong int64 not null
            """.ReplaceLineEndings("\n"),
            schema.ToString());
        Assert.Equal(
            [
                "SELL", """[{"key":"x","value":7},{"key":"y","value":null}]""", null, "-1.23", "00010203-0405-0607-0809-0a0b0c0d0e0f", """{"months":1,"days":2,"milliseconds":4294967295}""",
                "1461501637330902918203684832716283019655932542.976", null, "3",
            ],
            rows[0]);
        Assert.Equal("""{"int":-5,"string":null,"array":null}""", rows[1][2]);
        Assert.Equal("""{"int":null,"string":null,"array":[0.5]}""", rows[2][2]);
    }

    [Fact]
    public async Task What_is_not_read_as_it_was_meant_is_told()
    {
        var converted = await Conversions.RunAsync(AvroFiles.Container(Everything, 1, to => WriteEverything(to, 0)), Conversions.As("avro"));

        Assert.Contains("the logical type date on long is not one of Avro's: what is stored is read", converted.Result.Notes);
    }

    [Fact]
    public async Task A_record_that_holds_itself_is_JSON_where_it_does()
    {
        const string Node = """{"type":"record","name":"Node","fields":[{"name":"label","type":"string"},{"name":"children","type":{"type":"array","items":"Node"}}]}""";
        var file = AvroFiles.Container(Node, 1, to => WriteNode(to, 3));

        var (schema, rows) = await AvroFiles.ReadAsync(file);
        var converted = await Conversions.RunAsync(file, Conversions.As("avro"));

        Assert.Equal("list<string not null>", schema[1].Type.ToString());
        Assert.Equal("""["{\"label\":\"n2\",\"children\":[{\"label\":\"n1\",\"children\":[{\"label\":\"n0\",\"children\":[]}]}]}"]""", rows[0][1]);
        Assert.Contains("record Node holds itself: its values are JSON text", converted.Result.Notes);
    }

    [Fact]
    public async Task A_record_that_holds_itself_too_often_is_refused()
    {
        const string Node = """{"type":"record","name":"Node","fields":[{"name":"label","type":"string"},{"name":"children","type":{"type":"array","items":"Node"}}]}""";
        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(AvroFiles.Container(Node, 1, to => WriteNode(to, 3_000)), Conversions.As("avro")));

        Assert.Contains("nested too deeply", refused.Message, StringComparison.Ordinal);
    }

    static void WriteNode(Utf8Buffer to, int depth)
    {
        for (var i = depth; i >= 0; i--)
        {
            AvroFiles.Text($"n{i}", to);
            AvroBinary.Long(i == 0 ? 0 : 1, to);
        }

        for (var i = 0; i < depth; i++)
            AvroBinary.Long(0, to);
    }

    [Fact]
    public async Task A_readers_schema_promotes_defaults_renames_and_leaves_out()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "reader.avsc"), """
            {"type":"record","name":"Other","aliases":["Old"],"fields":[
              {"name":"size","type":"double","aliases":["quantity"]},
              {"name":"side","type":{"type":"enum","name":"Side","symbols":["BUY","UNKNOWN"],"default":"UNKNOWN"}},
              {"name":"note","type":["string","null"],"default":"none"},
              {"name":"tags","type":{"type":"array","items":"string"},"default":["a","b"]},
              {"name":"raw","type":"bytes"},
              {"name":"maybe","type":["null","long"]}]}
            """, TestContext.Current.CancellationToken);
        const string Writer = """
            {"type":"record","name":"Old","fields":[{"name":"quantity","type":"int"},{"name":"dropped","type":{"type":"map","values":"string"}},
              {"name":"side","type":{"type":"enum","name":"Side","symbols":["SELL","BUY"]}},{"name":"raw","type":"string"},{"name":"maybe","type":["int","null"]}]}
            """;
        var file = AvroFiles.Container(Writer, 1, to =>
        {
            AvroBinary.Long(42, to);
            AvroBinary.Long(1, to);
            AvroFiles.Text("k", to);
            AvroFiles.Text("v", to);
            AvroBinary.Long(0, to);
            AvroBinary.Long(0, to);
            AvroFiles.Text("hi", to);
            AvroBinary.Long(0, to);
            AvroBinary.Long(9, to);
        });

        var (_, rows) = await AvroFiles.ReadAsync(file, Hint(folder, ("schema", "reader.avsc")));

        Assert.Equal(["42", "UNKNOWN", "none", """["a","b"]""", "6869", "9"], rows[0]);
    }

    [Fact]
    public async Task A_readers_schema_that_cannot_take_the_records_is_refused()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "reader.avsc"), """{"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]}""", TestContext.Current.CancellationToken);
        var file = AvroFiles.Container("""{"type":"record","name":"r","fields":[{"name":"a","type":"int"}]}""", 1, to => AvroBinary.Long(1, to));

        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(file, new() { Hint = Hint(folder, ("schema", "reader.avsc")) }));

        Assert.Contains("'b' in r that the content lacks", refused.Message, StringComparison.Ordinal);
    }

    static FormatHint Hint(TemporaryFolder folder, params (string Name, string Value)[] options) =>
        new() { Format = "avro", OptionFolder = folder.Path, Options = options.ToDictionary(o => o.Name, o => o.Value) };

    [Theory]
    [InlineData("single-object"), InlineData("raw")]
    public async Task Records_without_a_container_are_read_by_their_schema(string framing)
    {
        const string Schema = """{"type":"record","name":"r","fields":[{"name":"a","type":"long"},{"name":"s","type":"string"}]}""";
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "r.avsc"), Schema, TestContext.Current.CancellationToken);
        var head = new byte[10];
        (head[0], head[1]) = (0xC3, 0x01);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(2), AvroCanonicalForm.Fingerprint(AvroSchemaParser.Parse(Encoding.UTF8.GetBytes(Schema))));
        var messages = AvroFiles.Datum(to =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                if (framing == "single-object")
                    to.Write(head);
                AvroBinary.Long(i, to);
                AvroFiles.Text("text" + i, to);
            }
        });

        var converted = await Conversions.RunAsync(messages, new() { Hint = Hint(folder, ("schema", "r.avsc"), ("framing", framing)) });

        Assert.Equal(100_000, converted.Rows.Count);
        Assert.Equal([99_999L, "text99999"], converted.Rows[^1]);
        var cut = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(messages[..^1], new() { Hint = Hint(folder, ("schema", "r.avsc"), ("framing", framing)) }));
        Assert.Contains("100000 of the Avro data", cut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_is_one_clear_error()
    {
        var file = AvroFiles.Container("\"long\"", 2, to =>
        {
            AvroBinary.Long(1, to);
            AvroBinary.Long(300, to);
        });
        Assert.Equal([[1L], [300L]], (await Conversions.RunAsync(file, Conversions.As("avro"))).Rows);

        foreach (var (bytes, expected) in new[]
        {
            (file[..^1], "the file ends"), (file[..40], "cut off in its header"), ([.. file[..^1], (byte)'!'], "the mark behind it"), ([.. file, 2], "the file ends"),
            (AvroFiles.Container("\"long\"", 3, to => to.Write([0, 0x80])), "claims 3 records in 2 bytes"),
            (AvroFiles.Container("\"long\"", 1, to => to.Write([0, 0])), "1 bytes are left over"), (AvroFiles.Container("\"long\"", 1, to => to.Write((byte)0x80)), "reaches beyond its end"),
            (AvroFiles.Container("\"nothing\"", 0, _ => { }), "there is no type 'nothing'"), (AvroFiles.Container("\"null\"", int.MaxValue, _ => { }), "claims 2147483647 records in 0 bytes"),
            (AvroFiles.Container("\"long\"", 1, to => to.Write((byte)0), "lzo"), "the codec 'lzo'"), (AvroFiles.Container("\"long\"", 1, to => to.Write((byte)0), "deflate"), "deflate compression is damaged"),
            (AvroFiles.Container("""{"type":"array","items":"null"}""", 1, to => AvroBinary.Long(long.MaxValue, to)), "implausible"),
        })
        {
            var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(bytes, Conversions.As("avro")));
            Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_short_schema_that_stands_for_many_columns_is_refused()
    {
        var json = new StringBuilder("""{"type":"record","name":"r0","fields":[{"name":"a","type":"int"}]}""");
        for (var i = 1; i < 30; i++)
            json.Insert(0, $$"""{"type":"record","name":"r{{i}}","fields":[{"name":"a","type":""").Append($$"""},{"name":"b","type":"r{{i - 1}}"}]}""");

        var refused = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(AvroFiles.Container(json.ToString(), 0, _ => { }), Conversions.As("avro")));

        Assert.Contains("more than 50000 columns", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deflated_blocks_are_read()
    {
        var (_, rows) = await AvroFiles.ReadAsync(AvroFiles.Container("\"string\"", 1, to => AvroFiles.Text(new('x', 100_000), to), "deflate", AvroFiles.Deflate));

        Assert.Equal(100_000, rows[0][0]!.Length);
    }

    [Fact]
    public async Task Weather_is_the_published_weather_in_every_codec()
    {
        var folder = SharedData.Require("avro", "apache-avro", "data");
        var expected = await File.ReadAllTextAsync(Path.Combine(folder, "weather.json"), TestContext.Current.CancellationToken);
        foreach (var file in new[] { "weather.avro", "weather-deflate.avro", "weather-snappy.avro" })
        {
            using var output = new MemoryStream();
            await new Converter().ConvertAsync(
                _ => new(File.OpenRead(Path.Combine(folder, file))), output, (_, _) => default, Conversions.As("avro") with { Output = OutputFormat.Ndjson }, null, TestContext.Current.CancellationToken);
            Assert.Equal(expected, Encoding.UTF8.GetString(output.ToArray()));
        }
    }
}
