using System.IO.Compression;
using System.Text;

namespace DataIngestion.Cli.Tests.Converting;

/// <summary>Every message says what is wrong, where, what was expected or what to do.</summary>
public sealed class ConvertMessageTests
{
    const string Csv = "symbol,close\nAAPL,265.76\nIBM,133.76\n";

    [Theory]
    [InlineData(ExitCodes.Usage, "ingest: --to xls is no format that can be written: expected parquet, csv, ndjson, avro or arrow.", "convert", "a.csv", "-o", "x", "--to", "xls")]
    [InlineData(ExitCodes.Usage, "ingest: --format: 'cvs' is not a format that can be converted: did you mean 'csv'?", "convert", "a.csv", "-o", "x", "--format", "cvs")]
    [InlineData(ExitCodes.Usage, "ingest: --option delimeter: csv has no option 'delimeter': did you mean 'delimiter'?", "convert", "a.csv", "-o", "x", "--format", "CSV", "--option", "delimeter=;")]
    [InlineData(ExitCodes.Usage, "ingest: --option skipLines: the option 'skipLines' of csv is 'x': expected a whole number from 0 to 100000.", "convert", "a.csv", "-o", "x", "--format", "csv", "--option", "skipLines=x")]
    [InlineData(ExitCodes.Usage, "ingest: --option 'skipLines': expected a name, '=' and a value, such as --option skipLines=3.", "convert", "a.csv", "-o", "x", "--option", "skipLines")]
    [InlineData(ExitCodes.Usage, "ingest: --option header is given twice: leave one of them out.", "convert", "a.csv", "-o", "x", "--option", "header=true", "--option", "header=false")]
    [InlineData(ExitCodes.Unreadable, "ingest: 'a.csv': Csv has no option 'delimeter': did you mean 'delimiter'?", "convert", "a.csv", "-o", "x", "--option", "delimeter=;")]
    [InlineData(ExitCodes.Usage, "ingest: 'a.csv' would overwrite the input 'a.csv': name another output.", "convert", "a.csv", "-o", "a.csv")]
    [InlineData(ExitCodes.Usage, "ingest: 'folder/../a.csv' would overwrite the input 'a.csv': name another output.", "convert", "a.csv", "-o", "folder/../a.csv")]
    [InlineData(ExitCodes.Usage, "ingest: 'b.csv' is a file, but 2 files are to be converted: name a folder.", "convert", "a.csv", "folder/a.csv", "-o", "b.csv")]
    [InlineData(ExitCodes.Usage, "ingest: 2 inputs cannot go to standard output: convert one, or name a folder.", "convert", "a.csv", "b.csv", "-o", "-")]
    [InlineData(ExitCodes.Usage, "ingest: 'folder' is a folder: name its files, for example 'folder/*.csv'.", "convert", "folder", "-o", "x")]
    [InlineData(ExitCodes.NotFound, "ingest: No file fits '*.tsv'.", "convert", "*.tsv", "-o", "x")]
    [InlineData(ExitCodes.NotFound, "ingest: No file fits 'none/**/x*'.", "convert", "none/**/x*", "-o", "x")]
    [InlineData(ExitCodes.Usage, "ingest: '-' is given twice, but standard input can be read only once.", "convert", "-", "-", "-o", "x")]
    [InlineData(ExitCodes.Usage, "ingest: --classic says how Parquet is written, but the output is not Parquet: leave it out.", "convert", "a.csv", "-o", "x.csv", "--classic")]
    [InlineData(ExitCodes.Usage, "ingest: --policy freeze says what happens where the input has another schema than --schema, which is missing.", "convert", "a.csv", "-o", "x", "--policy", "freeze")]
    [InlineData(ExitCodes.Usage, "ingest: --rejected names one file, but 2 files are converted: without it, rejected rows go beside each output.", "convert", "a.csv", "b.csv", "-o", "x", "--rejected", "y")]
    [InlineData(ExitCodes.Usage, "ingest: --rejected 'a.csv' is the input or the output: name another file.", "convert", "a.csv", "-o", "x", "--rejected", "a.csv")]
    [InlineData(ExitCodes.Usage, "ingest: '0' does not fit --threads: expected a number from 1 to 1024. See 'ingest convert --help'.", "convert", "a.csv", "-o", "x", "--threads", "0")]
    [InlineData(ExitCodes.Unreadable, "ingest: 'a.csv': There is no encoding 'klingon'; expected an IANA name such as utf-8, utf-16 or windows-1252.", "convert", "a.csv", "-o", "x", "--encoding", "klingon")]
    public async Task What_cannot_be_done_is_said_in_one_sentence(int code, string message, params string[] args)
    {
        using var cli = new CommandRun();
        cli.Write("a.csv", Csv);
        cli.Write("b.csv", Csv);
        cli.Write("folder/a.csv", Csv);
        var before = cli.Files();
        Assert.Equal((code, message), (await cli.RunAsync(args), cli.Fault));
        Assert.Equal(before, cli.Files());
        Assert.Equal(Csv, File.ReadAllText(Path.Combine(cli.Root, "a.csv")));
    }

    [Fact]
    public async Task Two_inputs_of_one_output_are_both_named()
    {
        using var cli = new CommandRun();
        cli.Write("a.csv", Csv);
        cli.Write("folder/a.json", "[]");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("convert", "a.csv", "folder/a.json", "-o", "out"));
        Assert.Equal($"ingest: 'a.csv' and 'folder/a.json' would both become '{Path.Combine(cli.Root, "out", "a.parquet")}': convert them into different folders.", cli.Fault);
    }

    [Fact]
    public async Task An_input_behind_a_link_is_not_overwritten()
    {
        using var cli = new CommandRun();
        cli.Write("a.csv", Csv);
        File.CreateSymbolicLink(Path.Combine(cli.Root, "link.csv"), Path.Combine(cli.Root, "a.csv"));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("convert", "link.csv", "-o", "a.csv"));
        Assert.Contains("would overwrite the input 'link.csv'", cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_of_a_schema_file_have_file_and_line()
    {
        using var cli = new CommandRun();
        cli.Write("a.csv", Csv);
        cli.Write("text.schema", "symbol string\n\n\"close price\" desimal(18,4)\nsymbol string\nvolume\n");
        Assert.Equal(ExitCodes.Configuration, await cli.RunAsync("convert", "a.csv", "-o", "x", "--schema", "text.schema"));
        var lines = cli.Fault.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("ingest: text.schema:3: the column 'close price': ", lines[0], StringComparison.Ordinal);
        Assert.Equal("text.schema:4: the column 'symbol' is given twice; the first is on line 1.", lines[1]);
        Assert.Equal("text.schema:5: 'volume' has no type: expected a name and a type, such as 'price decimal(18,4) not null'.", lines[2]);
    }

    [Theory]
    [InlineData("{\n\"columns\": [\n{\"name\":\"a\",\"type\":\"int65\"}]}", "s.json:3: the column 'a': ")]
    [InlineData("{\"columns\":[{\"name\":\"a\"}]}", "s.json:1: a column needs a 'name' and a 'type', both text.")]
    [InlineData("{\"columns\":[\n\n{\"name\":\"a\",\"type\":\"int64\",\"nullable\":\"no\"}]}", "s.json:3: 'nullable' of 'a' is \"no\": expected true or false.")]
    [InlineData("{\"columns\":[]}", "s.json:1: there are no columns.")]
    [InlineData("{\"rows\":[]}", "s.json:1: there is no list 'columns': expected {\"columns\":[{\"name\":\"price\",\"type\":\"decimal(18,4)\",\"nullable\":false}]}.")]
    [InlineData("{\"columns\":[\n{\"name\":", "s.json:2: not JSON: ")]
    public async Task Faults_of_a_schema_in_json_have_file_and_line(string json, string expected)
    {
        using var cli = new CommandRun();
        cli.Write("a.csv", Csv);
        cli.Write("s.json", json);
        Assert.Equal(ExitCodes.Configuration, await cli.RunAsync("convert", "a.csv", "-o", "x", "--schema", "s.json"));
        Assert.StartsWith("ingest: " + expected, cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_says_how_much_was_good_and_leaves_nothing()
    {
        using var cli = new CommandRun();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Csv + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"X{i},{i}.25\n"))));
        File.WriteAllBytes(Path.Combine(cli.Root, "a.csv.gz"), packed.ToArray()[..^100]);
        Assert.Equal(ExitCodes.Unreadable, await cli.RunAsync("convert", "a.csv.gz", "-o", "a.parquet"));
        Assert.Matches(@"^ingest: 'a\.csv\.gz': The gzip compression is damaged: it is cut off in the deflate data\. The \d+ decompressed bytes before that can be read\.$", cli.Fault);
        Assert.Equal(["a.csv.gz"], cli.Files());
    }
}
