using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Specifications;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Specifications;

public sealed class FormatSpecificationsTests
{
    [Fact]
    public void Every_format_that_is_read_is_specified_and_no_other() => Assert.Equal(FormatCatalog.Names, FormatSpecifications.Standard.Names);

    [Fact]
    public void The_limits_that_are_specified_are_those_of_the_code()
    {
        var (code, specified) = (new ConversionLimits(), FormatSpecifications.Standard.Bound(new()));

        Assert.Equal(code.MaxRecordBytes, specified.MaxRecordBytes);
        Assert.Equal(code.MaxFieldBytes, specified.MaxFieldBytes);
        Assert.Equal(code.MaxColumns, specified.MaxColumns);
        Assert.Equal(code.MaxDepth, specified.MaxDepth);
        Assert.Equal(code.MaxDecompressedBytes, specified.MaxDecompressedBytes);
        Assert.Equal(code.MaxDecompressionRatio, specified.MaxDecompressionRatio);
        Assert.Equal(code.MaxLayers, specified.MaxLayers);
        Assert.Equal(code.MaxEntries, specified.MaxEntries);
    }

    [Fact]
    public void Every_example_is_allowed()
    {
        foreach (var name in FormatSpecifications.Standard.Names)
        {
            foreach (var (option, declared) in FormatSpecifications.Standard.Find(name)!.Options)
                Assert.True(declared.Example is null || FormatSpecifications.Standard.Fault(name, option, declared.Example) is null, $"{name}.{option}");
        }
    }

    [Fact]
    public void Every_format_has_a_page_that_the_index_names()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "DataIngestion.sln")))
            root = root.Parent;
        var docs = Path.Combine(root.FullName, "docs", "formats");
        var rows = File.ReadAllLines(Path.Combine(docs, "README.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal)).ToList();

        Assert.All(FormatSpecifications.Standard.Names, name =>
        {
            var row = rows.SingleOrDefault(r => r.Split('|')[1].Contains($"`{name}`", StringComparison.Ordinal));
            Assert.True(row is not null, $"docs/formats/README.md does not name '{name}'");
            var page = row.Split("](")[1].Split(')', '#')[0];
            Assert.True(File.Exists(Path.Combine(docs, page)), $"docs/formats/{page}, the page of '{name}', is missing");
        });
    }

    [Fact]
    public void A_folder_without_the_file_has_what_is_built_in()
    {
        using var folder = new TemporaryFolder("specifications");

        Assert.Equal(FormatSpecifications.Standard.Names, FormatSpecifications.Load(folder.Path).Names);
    }

    [Fact]
    public async Task A_folder_changes_limits_and_defaults()
    {
        using var folder = Folder("""
            limits:
              columns: { summary: Columns., default: 3, minimum: 1, maximum: 10 }
            formats:
              csv:
                summary: Text.
                options:
                  skipLines: { type: integer, summary: Lines., default: 1, maximum: 5 }
                limits: { recordBytes: 2048 }
            """);
        var specifications = FormatSpecifications.Load(folder.Path);

        var asked = specifications.Complete("csv", new() { Limits = new() { MaxColumns = 4_000 } });
        var plain = specifications.Complete("csv", new());
        var json = specifications.Complete("json", new());

        Assert.Equal((4_000, 2_048, "1"), (asked.Limits.MaxColumns, asked.Limits.MaxRecordBytes, asked.Hint.Options["skipLines"]));
        Assert.Equal((3, 3, 16 << 20), (plain.Limits.MaxColumns, json.Limits.MaxColumns, json.Limits.MaxRecordBytes));
        Assert.Equal("the option 'skipLines' of csv is '6': expected a whole number from 0 to 5.", specifications.Fault("csv", "skipLines", "6"));
        var converter = new Converter(new FormatRecognizer(), specifications);
        var wide = await Assert.ThrowsAsync<ConversionException>(() => converter.ConvertAsync(
            _ => new(new MemoryStream("a,b,c,d\n1,2,3,4\n5,6,7,8\n"u8.ToArray())), new MemoryStream(), (_, _) => ValueTask.CompletedTask, new(), null, TestContext.Current.CancellationToken));
        Assert.Contains("column", wide.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("formats:\n  cvs: { summary: Text. }\n", ":2: 'cvs' is not a format that can be read: did you mean 'csv'?")]
    [InlineData("formats:\n  csv:\n    summary: Text.\n    options:\n      delimeter: { type: text, summary: X. }\n", ":5: csv has no option 'delimeter': did you mean 'delimiter'?")]
    [InlineData("formats:\n  csv:\n    summary: Text.\n    options:\n      header: { type: txt, summary: X. }\n", ":5: 'type' is 'txt': expected one of text, integer, boolean, word, file (did you mean 'text'?).")]
    [InlineData("formats:\n  csv:\n    summary: Text.\n    options:\n      header: { type: text, summary: X. }\n", ":5: the type is text: expected boolean, which is what is read.")]
    [InlineData("formats:\n  csv:\n    summary: Text.\n    options:\n      headerRows:\n        type: integer\n        summary: X.\n        minimum: 1\n        maximum: 2\n        default: 3\n", ":10: 'default' is '3': expected a whole number from 1 to 2.")]
    [InlineData("formats:\n  csv:\n    summary: Text.\n    options:\n      headerRows: { type: integer, summary: X., maximum: 17 }\n", ":5: 'maximum' is 17: expected at most 16.")]
    [InlineData("formats:\n  json:\n    summary: Text.\n    options:\n      nesting: { type: word, summary: X. }\n", ":5: 'words' is missing: a word is one of a list.")]
    [InlineData("formats:\n  json:\n    summary: Text.\n    options:\n      nesting: { type: word, words: [flat], summary: X. }\n", ":5: the word 'flat' is not known: expected some of flatten, nested.")]
    [InlineData("formats:\n  csv: { summary: Text., tables: true }\n", ":2: 'tables' is true, but csv holds one table.")]
    [InlineData("formats:\n  csv: { summary: Text., limits: { colums: 5 } }\n", ":2: there is no limit 'colums': did you mean 'columns'?")]
    [InlineData("formats:\n  csv: { summary: Text., limits: { columns: 0 } }\n", ":2: 'columns' is 0: expected 1 to 100000.")]
    [InlineData("limits:\n  colums: { summary: X., default: 1, minimum: 1, maximum: 1 }\n", ":2: there is no limit 'colums': did you mean 'columns'?")]
    [InlineData("limits:\n  columns: { summary: X., default: 1, minimum: 1, maximum: 1000000 }\n", ":2: the range 1 to 1000000 is wider than what can be read: expected within 1 to 100000.")]
    [InlineData("limits:\n  columns: { summary: X., default: 11, minimum: 1, maximum: 10 }\n", ":2: 'default' is 11: expected 1 to 10.")]
    public void What_is_wrong_is_said_with_its_line(string text, string expected)
    {
        using var folder = Folder(text);

        var wrong = Assert.Throws<ConfigurationException>(() => FormatSpecifications.Load(folder.Path));

        Assert.EndsWith(FormatSpecifications.FileName + expected, Assert.Single(wrong.Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_said_at_once()
    {
        using var folder = Folder("limits:\n  a: { summary: X., default: 1, minimum: 1, maximum: 1 }\nformats:\n  b: { summary: X. }\n  csv: { summary: X., options: { c: { type: text, summary: X. } }, colour: red }\n");

        Assert.Equal([2, 4, 5, 5], Assert.Throws<ConfigurationException>(() => FormatSpecifications.Load(folder.Path)).Faults.Select(f => f.Line));
    }

    [Theory]
    [InlineData("csv", "colour", "red", "Csv has no option 'colour': ")]
    [InlineData("csv", "header", "maybe", "The option 'header' of csv is 'maybe': expected true or false.")]
    [InlineData("csv", "skipLines", "-1", "The option 'skipLines' of csv is '-1': expected a whole number from 0 to 100000.")]
    [InlineData("json", "nesting", "nestd", "The option 'nesting' of json is 'nestd': expected one of flatten, nested (did you mean 'nested'?).")]
    [InlineData("parquet", "header", "true", "Parquet has no option 'header': there is none.")]
    public async Task An_option_that_is_not_allowed_fails_a_conversion(string format, string option, string value, string expected)
    {
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => ConvertAsync("a;b\n1;2\n", new() { Format = format, Options = new Dictionary<string, string> { [option] = value } }));

        Assert.StartsWith(expected, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dialect_can_be_given_as_options()
    {
        var options = new Dictionary<string, string> { ["delimiter"] = "tab", ["header"] = "false", ["skipLines"] = "1", ["comment"] = "%" };

        var result = await ConvertAsync("title\n% note\na,b\tc\nd,e\tf\n", new() { Options = options });

        Assert.Equal((2, 2L), (result.Schema.Count, result.RowsOut));
    }

    [Fact]
    public async Task What_is_said_twice_has_to_be_the_same()
    {
        var options = new Dictionary<string, string> { ["delimiter"] = ";" };

        var wrong = await Assert.ThrowsAsync<ConversionException>(() => ConvertAsync("a;b\n", new() { Delimiter = ",", Options = options }));

        Assert.Equal("'delimiter' is given twice, as ',' and as the option ';': leave one of them out.", wrong.Message);
        Assert.Equal(2, (await ConvertAsync("a;b\n1;2\n", new() { Delimiter = ";", Options = options })).Schema.Count);
    }

    [Fact]
    public async Task A_table_is_named_only_where_there_are_several()
    {
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => ConvertAsync("a;b\n1;2\n", new() { Table = "Sheet1" }));

        Assert.Contains("csv holds one table without a name", wrong.Message, StringComparison.Ordinal);
    }

    static Task<ConversionResult> ConvertAsync(string content, FormatHint hint) => new Converter().ConvertAsync(
        _ => new(new MemoryStream(Encoding.UTF8.GetBytes(content))), new MemoryStream(), (_, _) => ValueTask.CompletedTask, new() { Hint = hint }, null, TestContext.Current.CancellationToken);

    static TemporaryFolder Folder(string text)
    {
        var folder = new TemporaryFolder("specifications");
        File.WriteAllText(folder.File(FormatSpecifications.FileName), text);
        return folder;
    }
}
