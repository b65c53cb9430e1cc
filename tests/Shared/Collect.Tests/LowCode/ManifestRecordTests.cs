using System.IO.Compression;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class ManifestRecordTests
{
    [Theory]
    [InlineData("[]", """[{"a":1},{"a":2}]""", """{"a":1}|{"a":2}""")]
    [InlineData("[x, y]", """{"x":{"y":{"a":1}}}""", """{"a":1}""")]
    [InlineData("[x, \"*\", rows]", """{"x":{"p":{"rows":[{"a":1}]},"q":{"rows":[{"a":2}]}}}""", """[{"a":1}]|[{"a":2}]""")]
    [InlineData("[x, \"*\"]", """{"x":{"p":{"a":1},"q":{"a":2}}}""", """{"a":1}|{"a":2}""")]
    [InlineData("[\"*\", row]", """[{"row":{"a":1}},{"row":{"a":2}}]""", """{"a":1}|{"a":2}""")]
    [InlineData("[none]", """{"x":1}""", "")]
    [InlineData("[x]", """{"x":[1,2]}""", """{"value":1}|{"value":2}""")]
    public async Task Records_are_taken_from_their_path(string path, string answer, string records)
    {
        var heard = await Run($"extractor: {{type: DpathExtractor, field_path: {path}}}", answer);

        Assert.Equal(records.Replace("[{\"a\":1}]|[{\"a\":2}]", "{\"value\":[{\"a\":1}]}|{\"value\":[{\"a\":2}]}", StringComparison.Ordinal), string.Join('|', heard));
    }

    [Fact]
    public async Task Numbers_keep_their_digits()
    {
        Assert.Equal(["""{"price":185.6400,"big":123456789012345678901234567890,"e":1.5E+300}"""], await Run("", """{"data":[{"price":185.6400,"big":123456789012345678901234567890,"e":1.5e300}]}"""));
    }

    [Theory]
    [InlineData("remain_original_record: false", """{"n":1}|{"n":2}""")]
    [InlineData("remain_original_record: true", """{"n":1,"original_record":{"id":7,"lines":[{"n":1},{"n":2}]}}|{"n":2,"original_record":{"id":7,"lines":[{"n":1},{"n":2}]}}""")]
    public async Task Lists_inside_records_become_records(string option, string expected)
    {
        var heard = await Run(
            $$"""
            extractor:
              type: DpathExtractor
              field_path: [data]
              record_expander: {type: RecordExpander, expand_records_from_field: [lines], {{option}}}
            """,
            """{"data":[{"id":7,"lines":[{"n":1},{"n":2}]},{"id":8,"lines":[]}]}""");

        Assert.Equal(expected, string.Join('|', heard));
    }

    [Theory]
    [InlineData("{type: AddFields, fields: [{path: [b], value: \"{{ record.a * 2 }}\"}]}", """{"a":2,"b":4}""")]
    [InlineData("{type: AddFields, fields: [{path: [n, m], value: \"{{ config.name }}\"}]}", """{"a":2,"n":{"m":"N"}}""")]
    [InlineData("{type: AddFields, fields: [{path: [b], value: \"007\", value_type: string}]}", """{"a":2,"b":"007"}""")]
    [InlineData("{type: AddFields, condition: \"{{ record.a > 5 }}\", fields: [{path: [b], value: \"1\"}]}", """{"a":2}""")]
    [InlineData("{type: RemoveFields, field_pointers: [[a]]}", "{}")]
    [InlineData("{type: RemoveFields, condition: \"{{ property > 5 }}\", field_pointers: [[a]]}", """{"a":2}""")]
    [InlineData("{type: KeysToLower}", """{"a":2}""")]
    [InlineData("{type: KeysReplace, old: a, new: z}", """{"z":2}""")]
    public async Task Records_are_transformed(string transformation, string expected)
    {
        var bench = new ManifestBench { Config = { ["name"] = "N" } };
        var heard = await bench.RunAsync(ManifestBench.Manifest(stream: $"transformations: [{transformation}]"), _ => """{"data":[{"a":2}]}""");

        Assert.Equal([expected], heard.Records);
    }

    [Theory]
    [InlineData("{type: KeysToSnakeCase}", """{"lastPrice":1,"Ask Size":{"24hVol":2}}""", """{"last_price":1,"ask_size":{"_24_h_vol":2}}""")]
    [InlineData("{type: FlattenFields}", """{"a":{"b":1,"c":{"d":2}},"e":3}""", """{"e":3,"d":2,"b":1}""")]
    [InlineData("{type: DpathFlattenFields, field_path: [m], delete_origin_value: true}", """{"id":1,"m":{"p":2}}""", """{"id":1,"p":2}""")]
    [InlineData("{type: DpathFlattenFields, field_path: [m], replace_record: true, key_transformation: {type: KeyTransformation, prefix: x_}}", """{"id":1,"m":{"p":2}}""", """{"x_p":2}""")]
    [InlineData("{type: DpathFlattenFields, field_path: [m]}", """{"p":1,"m":{"p":2}}""", """{"p":1,"m":{"p":2}}""")]
    public async Task Shapes_are_changed(string transformation, string record, string expected)
    {
        var heard = await new ManifestBench().RunAsync(ManifestBench.Manifest(stream: $"transformations: [{transformation}]"), _ => $$"""{"data":[{{record}}]}""");

        Assert.Equal([expected], heard.Records);
    }

    [Theory]
    [InlineData(false, """{"a":"x3"}""")]
    [InlineData(true, """{"a":"x2"}|{"a":"x3"}""")]
    public async Task Filters_see_records_before_or_after_their_transformation(bool transformFirst, string expected)
    {
        var manifest = ManifestBench.Manifest(
            selector: $"transform_before_filtering: {(transformFirst ? "true" : "false")}\nrecord_filter: {{type: RecordFilter, condition: \"{{{{ record.a == 3 or record.a in ['x2', 'x3'] }}}}\"}}",
            stream: "transformations: [{type: AddFields, fields: [{path: [a], value: \"x{{ record.a }}\"}]}]");

        Assert.Equal(expected, string.Join('|', (await new ManifestBench().RunAsync(manifest, _ => """{"data":[{"a":2},{"a":3}]}""")).Records));
    }

    [Fact]
    public async Task Values_are_brought_to_the_types_of_the_schema()
    {
        var manifest = ManifestBench.Manifest(
            selector: "schema_normalization: Default",
            stream: """
                schema_loader:
                  type: InlineSchemaLoader
                  schema: {type: object, properties: {n: {type: [number, "null"]}, i: {type: integer}, s: {type: string}, b: {type: boolean}}}
                """);

        Assert.Equal(["""{"n":1.50,"i":7,"s":"5","b":true}"""], (await new ManifestBench().RunAsync(manifest, _ => """{"data":[{"n":"1.50","i":"7","s":5,"b":"true"}]}""")).Records);
    }

    [Theory]
    [InlineData("JsonlDecoder", "{\"a\":1}\n\n{\"a\":2}\n", "[]", """{"a":1}|{"a":2}""")]
    [InlineData("IterableDecoder", "x\ny", "[]", """{"record":"x"}|{"record":"y"}""")]
    [InlineData("CsvDecoder", "a,b\n1,\"x,\"\"y\"\"\"\n2,\n", "[]", """{"a":"1","b":"x,\"y\""}|{"a":"2","b":""}""")]
    [InlineData("XmlDecoder", "<r><row k=\"1\"><v>2</v></row><row k=\"3\">t</row></r>", "[r, row]", """{"@k":"1","v":"2"}|{"@k":"3","#text":"t"}""")]
    public async Task Answers_are_decoded(string decoder, string body, string path, string expected)
    {
        var manifest = ManifestBench.Manifest($"decoder: {{type: {decoder}}}", selector: $"extractor: {{type: DpathExtractor, field_path: {path}}}");

        Assert.Equal(expected, string.Join('|', (await new ManifestBench().RunAsync(manifest, _ => body)).Records));
    }

    [Fact]
    public async Task Answers_are_unpacked()
    {
        using var gzip = new MemoryStream();
        using (var packing = new GZipStream(gzip, CompressionMode.Compress, leaveOpen: true))
            packing.Write("a;b\n1;2\n"u8);
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in new[] { "one.jsonl", "two.jsonl" })
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes($"{{\"file\":\"{name}\"}}\n"));
            }
        }

        var fromGzip = await new ManifestBench().RunAsync(
            ManifestBench.Manifest("decoder: {type: GzipDecoder, decoder: {type: CsvDecoder, delimiter: \";\"}}", selector: "extractor: {type: DpathExtractor, field_path: []}"), _ => new("") { Bytes = gzip.ToArray() });
        var fromZip = await new ManifestBench().RunAsync(
            ManifestBench.Manifest("decoder: {type: ZipfileDecoder, decoder: {type: JsonlDecoder}}", selector: "extractor: {type: DpathExtractor, field_path: []}"), _ => new("") { Bytes = zip.ToArray() });

        Assert.Equal(["""{"a":"1","b":"2"}"""], fromGzip.Records);
        Assert.Equal(["""{"file":"one.jsonl"}""", """{"file":"two.jsonl"}"""], fromZip.Records);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html>maintenance</html>", "HTML")]
    [InlineData("{\"data\":[", "no JSON")]
    public async Task What_is_not_data_is_not_landed(string body, string why)
    {
        var wrong = await Assert.ThrowsAsync<UnexpectedContentException>(() => new ManifestBench().RunAsync(ManifestBench.Manifest(), _ => body));

        Assert.Contains(why, wrong.Message, StringComparison.Ordinal);
    }

    static async Task<IReadOnlyList<string>> Run(string selector, string answer) =>
        (await new ManifestBench().RunAsync(ManifestBench.Manifest(selector: selector), _ => answer)).Records;
}
