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
