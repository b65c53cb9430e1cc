using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace DataIngestion.Cli.Tests.Converting;

public sealed class ConvertCommandTests
{
    const string Csv = "day,symbol,close\n2019-11-15,AAPL,265.76\n2019-11-18,AAPL,267.10\n2019-11-19,IBM\n2019-11-20,IBM,133.76\n";

    [Fact]
    public async Task The_format_follows_the_option_or_the_name_of_the_output()
    {
        using var cli = new CommandRun();
        cli.Write("bars.csv", Csv);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "a.ndjson"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "b.txt", "--to", "csv"));
        Assert.Equal("{\"day\":\"2019-11-15\",\"symbol\":\"AAPL\",\"close\":265.76}", File.ReadAllLines(Path.Combine(cli.Root, "a.ndjson"))[0]);
        Assert.Equal("day,symbol,close\n2019-11-15,AAPL,265.76\n2019-11-18,AAPL,267.10\n2019-11-20,IBM,133.76\n", File.ReadAllText(Path.Combine(cli.Root, "b.txt")));
    }

    [Fact]
    public async Task The_summary_says_what_came_in_went_out_and_was_rejected_and_why()
    {
        using var cli = new CommandRun();
        cli.Write("bars.csv", Csv);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "bars.parquet"));
        Assert.Contains("bars.csv: day date, symbol string, close decimal(18,2)", cli.Text, StringComparison.Ordinal);
        Assert.Contains("bars.csv: line 4: row rejected (ragged): expected 3 fields", cli.Text, StringComparison.Ordinal);
        Assert.Contains("2019-11-19,IBM", cli.Text, StringComparison.Ordinal);
        Assert.Contains($"bars.csv: all that was rejected is in {Path.Combine(cli.Root, "bars.parquet.rejected.ndjson")}", cli.Text, StringComparison.Ordinal);
        var line = JsonDocument.Parse(File.ReadAllText(Path.Combine(cli.Root, "bars.parquet.rejected.ndjson"))).RootElement;
        Assert.Equal(("bars.csv", 3, 4, "ragged"), (line.GetProperty("file").GetString(), line.GetProperty("row").GetInt32(), line.GetProperty("line").GetInt32(), line.GetProperty("rule").GetString()));
        Assert.True(line.GetProperty("byteOffset").GetInt64() > 0);
    }

    [Fact]
    public async Task Rejected_rows_go_where_the_person_says_and_an_old_file_of_them_goes_away()
    {
        using var cli = new CommandRun();
        cli.Write("bars.csv", Csv);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "out/bars.parquet", "--rejected", "bad/rows.ndjson"));
        Assert.Equal(["bad/rows.ndjson", "bars.csv", "out/bars.parquet"], cli.Files());
        cli.Write("bars.csv", "day,close\n2019-11-15,1.5\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "out/bars.parquet", "--rejected", "bad/rows.ndjson"));
        Assert.Equal(["bars.csv", "out/bars.parquet"], cli.Files());
    }

    [Fact]
    public async Task Patterns_name_files_in_order()
    {
        using var cli = new CommandRun();
        cli.Write("data/2024/b.csv", Csv);
        cli.Write("data/2024/a.csv", Csv);
        cli.Write("data/2025/c.csv", Csv);
        cli.Write("data/notes.txt", "nothing");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "data/**/*.csv", "-o", "out", "--json"));
        Assert.Equal(["data/2024/a.csv", "data/2024/b.csv", "data/2025/c.csv"], Inputs(cli));
        cli.Output.GetStringBuilder().Clear();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "data/*/c.csv", "data/20?4/?.csv", "-o", "out", "--json"));
        Assert.Equal(["data/2025/c.csv", "data/2024/a.csv", "data/2024/b.csv"], Inputs(cli));
    }

    static IEnumerable<string?> Inputs(CommandRun cli) =>
        cli.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("input").GetString()?.Replace('\\', '/'));

    [Fact]
    public async Task Standard_input_and_output_are_named_by_a_dash()
    {
        using var cli = new CommandRun { StandardInput = Encoding.UTF8.GetBytes(Csv) };
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "-", "-o", "-", "--to", "ndjson"));
        Assert.Equal(3, Encoding.UTF8.GetString(cli.StandardOutput.ToArray()).Count(c => c == '\n'));
        Assert.Equal("", cli.Text);
        Assert.Contains("standard input: rejected rows were not written anywhere: name a file with --rejected", cli.Fault, StringComparison.Ordinal);
        Assert.Empty(cli.Files());
    }

    [Fact]
    public async Task Each_file_of_an_archive_is_an_input_of_its_own()
    {
        using var cli = new CommandRun();
        using (var zip = ZipFile.Open(Path.Combine(cli.Root, "day.zip"), ZipArchiveMode.Create))
        {
            foreach (var name in (string[])["trades/a.csv", "b.csv.gz", "__MACOSX/._a"])
            {
                using var entry = zip.CreateEntry(name).Open();
                using var content = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(entry, CompressionLevel.Fastest) : entry;
                content.Write(Encoding.UTF8.GetBytes(Csv));
            }
        }

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "day.zip", "-o", "out"));
        Assert.Equal(["day.zip", "out/b.parquet", "out/b.parquet.rejected.ndjson", "out/trades-a.parquet", "out/trades-a.parquet.rejected.ndjson"], cli.Files());
        cli.Output.GetStringBuilder().Clear();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("detect", "day.zip", "--json"));
        Assert.Equal(["zip"], cli.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("container").GetString()));
    }

    [Fact]
    public async Task Every_cell_can_be_kept_as_written()
    {
        using var cli = new CommandRun();
        cli.Write("bars.csv", Csv);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "bars.ndjson", "--types", "text", "--threads", "1"));
        Assert.Contains("\"close\":\"267.10\"", File.ReadAllText(Path.Combine(cli.Root, "bars.ndjson")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_and_a_policy_decide_what_fits()
    {
        using var cli = new CommandRun();
        cli.Write("bars.csv", "symbol,close\nAAPL,1.5\nIBM,none\n");
        cli.Write("bars.schema", "# what the warehouse expects\nsymbol string not null\nclose decimal(18,4)\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "a.ndjson", "--schema", "bars.schema", "--policy", "discard-row"));
        Assert.Equal("{\"symbol\":\"AAPL\",\"close\":1.5000}\n", File.ReadAllText(Path.Combine(cli.Root, "a.ndjson")));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "b.ndjson", "--schema", "bars.schema", "--policy", "discard-value"));
        Assert.EndsWith("{\"symbol\":\"IBM\",\"close\":null}\n", File.ReadAllText(Path.Combine(cli.Root, "b.ndjson")), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Unreadable, await cli.RunAsync("convert", "bars.csv", "-o", "c.ndjson", "--schema", "bars.schema", "--policy", "freeze"));
        Assert.DoesNotContain("c.ndjson", cli.Files());
    }

    [Fact]
    public async Task Classic_Parquet_is_larger_and_has_the_same_rows()
    {
        using var cli = new CommandRun();
        cli.Write("ids.csv", "id,day\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"{i * 7},{new DateOnly(2024, 1, 1).AddDays(i):yyyy-MM-dd}\n")));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "ids.csv", "-o", "new.parquet"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "ids.csv", "-o", "old.parquet", "--classic"));
        Assert.True(new FileInfo(Path.Combine(cli.Root, "old.parquet")).Length > new FileInfo(Path.Combine(cli.Root, "new.parquet")).Length);
        foreach (var name in (string[])["new", "old"])
            Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", name + ".parquet", "-o", name + ".csv"));
        Assert.Equal(File.ReadAllText(Path.Combine(cli.Root, "new.csv")), File.ReadAllText(Path.Combine(cli.Root, "old.csv")));
    }

    [Fact]
    public async Task The_schema_that_was_printed_is_a_schema_that_is_read()
    {
        using var cli = new CommandRun();
        cli.Write("bars.csv", Csv);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("schema", "bars.csv", "--json"));
        cli.Write("printed.json", cli.Text);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "bars.csv", "-o", "bars.parquet", "--schema", "printed.json", "--policy", "discard-row"));
    }

    [Fact]
    public async Task Members_of_an_archive_are_inputs_of_their_own_whose_names_lead_nowhere()
    {
        using var cli = new CommandRun();
        await using (var file = File.Create(Path.Combine(cli.Root, "day.tar.gz")))
        await using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
        await using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
        {
            foreach (var name in (string[])["../../a.csv", "__MACOSX/._b.csv", "sub/b.csv"])
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes($"name,x\n{name},1\n")) }, TestContext.Current.CancellationToken);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "link.csv") { LinkName = "/etc/passwd" }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "day.tar.gz", "-o", "out", "--to", "csv"));

        Assert.Equal(["day.tar.gz", "out/-..-a.csv", "out/sub-b.csv"], cli.Files());
        Assert.Contains("day.tar.gz/sub/b.csv", cli.Text, StringComparison.Ordinal);
        Assert.Contains("csv in tar", cli.Text, StringComparison.Ordinal);
        Assert.Contains("The tar archive holds links, which are passed over: 1.", cli.Fault, StringComparison.Ordinal);
        Assert.Contains("1 file that an operating system left in the archive is passed over.", cli.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_of_each_member_is_shown()
    {
        using var cli = new CommandRun();
        await using (var tar = new TarWriter(File.Create(Path.Combine(cli.Root, "day.tar")), TarEntryFormat.Ustar))
        {
            foreach (var name in (string[])["a.csv", "b.csv"])
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("x,y\n1,2\n"u8.ToArray()) }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("schema", "day.tar"));

        Assert.Contains("day.tar/a.csv", cli.Text, StringComparison.Ordinal);
        Assert.Contains("day.tar/b.csv", cli.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("avro", "out.avro"), InlineData("arrow", "out.feather")]
    public async Task What_is_written_can_be_read_again(string format, string output)
    {
        using var cli = new CommandRun();
        cli.Write("a.csv", "symbol,close\nAAPL,265.76\nIBM,133.76\n");

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "a.csv", "-o", output));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", output, "-o", "again.csv", "--format", format));

        Assert.Equal(File.ReadAllText(Path.Combine(cli.Root, "a.csv")), File.ReadAllText(Path.Combine(cli.Root, "again.csv")));
    }

    [Fact]
    public async Task Sheets_of_a_workbook_are_inputs_of_their_own()
    {
        using var cli = new CommandRun();
        Workbook(Path.Combine(cli.Root, "book.xlsx"), "Prices", "Notes 1/2");

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "book.xlsx", "-o", "out", "--to", "csv"));
        Assert.Equal(["book.xlsx", "out/book-Notes 1-2.csv", "out/book-Prices.csv"], cli.Files());
        Assert.Contains("book.xlsx/Prices", cli.Text, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("convert", "book.xlsx", "-o", "one.csv", "--table", "Prices"));
        Assert.Equal("name,Prices\nx,1\ny,2\n", File.ReadAllText(Path.Combine(cli.Root, "one.csv")));

        Assert.Equal(ExitCodes.Unreadable, await cli.RunAsync("convert", "book.xlsx", "-o", "two.csv", "--table", "Price"));
        Assert.Contains("The content has no table 'Price': it holds Prices, Notes 1/2.", cli.Fault, StringComparison.Ordinal);
    }

    static void Workbook(string path, params string[] sheets)
    {
        const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string Relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        Part("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='xml' ContentType='application/xml'/><Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/><Override PartName='/xl/workbook.xml' ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>");
        Part("_rels/.rels", $"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r' Type='{Relation}/officeDocument' Target='xl/workbook.xml'/></Relationships>");
        Part("xl/workbook.xml", $"<workbook xmlns='{Main}' xmlns:r='{Relation}'><sheets>{string.Concat(sheets.Select((s, i) => $"<sheet name='{s}' sheetId='{i + 1}' r:id='r{i}'/>"))}</sheets></workbook>");
        Part("xl/_rels/workbook.xml.rels", $"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{string.Concat(sheets.Select((_, i) => $"<Relationship Id='r{i}' Type='{Relation}/worksheet' Target='worksheets/sheet{i}.xml'/>"))}</Relationships>");
        for (var i = 0; i < sheets.Length; i++)
            Part($"xl/worksheets/sheet{i}.xml", $"<worksheet xmlns='{Main}'><sheetData><row r='1'>{Text("A1", "name")}{Text("B1", sheets[i])}</row><row r='2'>{Text("A2", "x")}<c r='B2'><v>1</v></c></row><row r='3'>{Text("A3", "y")}<c r='B3'><v>2</v></c></row></sheetData></worksheet>");

        void Part(string name, string xml)
        {
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(xml);
        }

        static string Text(string cell, string text) => $"<c r='{cell}' t='inlineStr'><is><t>{text}</t></is></c>";
    }
}
