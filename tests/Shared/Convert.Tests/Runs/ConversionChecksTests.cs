using DataIngestion.Contracts;
using DataIngestion.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Conversion.Tests.Runs;

public sealed class ConversionChecksTests
{
    [Theory]
    [InlineData("    format: { format: json, recordPath: '$.data[' }\n", ":6: ")]
    [InlineData("    format:\n      format: xml\n      recordPath: //a[\n", ":8: ")]
    [InlineData("    columns:\n      day:\n        from: d\n        format: '%'\n", ":9: '%', the format of column 'day', is ")]
    [InlineData("    columns:\n      day: { from: d }\n      name: { from: n, format: yyyy }\n", ":8: Column 'name' is string and has the format 'yyyy': only ")]
    [InlineData("    format:\n      format: cvs\n", ":7: 'cvs' is not a format: did you mean 'csv'?")]
    [InlineData("    format:\n      format: csv\n      table: Sheet1\n", ":8: csv holds one table without a name: leave 'table' out.")]
    [InlineData("    format:\n      format: csv\n      options:\n        delimeter: ';'\n", ":9: csv has no option 'delimeter': did you mean 'delimiter'?")]
    [InlineData("    format:\n      format: csv\n      options:\n        header: false\n        headerRows: 20\n", ":10: the option 'headerRows' of csv is '20': expected a whole number from 0 to 16.")]
    [InlineData("    format:\n      format: csv\n      delimiter: ','\n      options: { delimiter: ';' }\n", ":9: 'delimiter' is given twice, as ',' and as the option ';': leave one of them out.")]
    [InlineData("    format:\n      options: { header: true }\n", ":7: options depend on the format: say which it is with 'format'.")]
    [InlineData("    limits:\n      layers: 17\n", ":7: 'layers' is 17: expected 1 to 16.")]
    public void What_the_converter_cannot_read_is_a_fault_at_start_with_its_line(string offered, string expected)
    {
        using var folder = Configuration(offered);

        var broken = Assert.Throws<ConfigurationException>(() => Load(folder));

        Assert.Contains("sources/alpha.yaml" + expected, Assert.Single(broken.Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_it_can_read_loads()
    {
        using var folder = Configuration(
            "    format: { format: csv, delimiter: '||', quote: none, headerRows: 2, nulls: [n/a], encoding: shift_jis }\n    limits: { recordBytes: 65536, decompressionRatio: 1000 }\n"
            + "    columns:\n      day: { from: d, format: MM/dd/yyyy }\n      name: { from: n }\n");

        var offered = Load(folder).Sources["alpha"].Datasets[0];

        Assert.Equal(("||", "none", 2, 65_536, 1000), (offered.Format.Delimiter, offered.Format.Quote, offered.Format.HeaderRows, offered.Limits.RecordBytes, offered.Limits.DecompressionRatio));
    }

    [Fact]
    public void Specifications_of_the_folder_hold_and_their_faults_are_said_with_the_others()
    {
        using var folder = Configuration("    format:\n      format: csv\n      options:\n        headerRows: 2\n");
        File.WriteAllText(folder.File("format-specifications.yaml"), "formats:\n  csv:\n    summary: Text.\n    options:\n      headerRows: { type: integer, summary: X., maximum: 1 }\n");
        Assert.Contains("sources/alpha.yaml:9: the option 'headerRows' of csv is '2'", Assert.Throws<ConfigurationException>(() => Load(folder)).Message, StringComparison.Ordinal);

        File.WriteAllText(folder.File("format-specifications.yaml"), "formats:\n  cvs: { summary: Text. }\n");
        File.WriteAllText(folder.File("workflows/file.yaml"), "workflow: file\nfor: files\n");
        Assert.Equal(["format-specifications.yaml", "file.yaml"], Assert.Throws<ConfigurationException>(() => Load(folder)).Faults.Select(f => Path.GetFileName(f.File)));
    }

    static PlatformConfiguration Load(TemporaryFolder folder)
    {
        var checks = new ServiceCollection().AddConvert().BuildServiceProvider().GetServices<ConfigurationCheck>();
        return ConfigurationLoader.Load(folder.Path, Path.Combine(folder.Path, "workflows"), checks);
    }

    static TemporaryFolder Configuration(string offered)
    {
        var folder = new TemporaryFolder("formats");
        foreach (var name in (string[])["sources", "datasets", "workflows"])
            Directory.CreateDirectory(folder.File(name));
        File.WriteAllText(folder.File("sources/alpha.yaml"), $"source: alpha\nkind: file\ndatasets:\n  - dataset: bars\n    files: '*'\n{offered}");
        File.WriteAllText(folder.File("datasets/bars.yaml"), "dataset: bars\nkeys: [day]\ncolumns: { day: { type: date }, name: { type: string } }\n");
        File.WriteAllText(folder.File("workflows/file.yaml"), "workflow: file\nfor: file\n");
        return folder;
    }
}
