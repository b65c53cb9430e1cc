using System.Text.RegularExpressions;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Swift;

/// <summary>Statements of many banks.</summary>
[Trait("Category", "corpus")]
public sealed partial class SwiftCorpusTests
{
    [Fact]
    public async Task Every_line_of_every_statement_is_a_row()
    {
        var wrong = new List<string>();
        foreach (var path in Directory.EnumerateFiles(SharedData.Require("swift", "mt940"), "*", SearchOption.AllDirectories).Where(p => Path.GetExtension(p) is ".sta" or ".txt"))
        {
            var content = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            var read = await Conversions.RunAsync(content, new() { Name = Path.GetFileName(path), Hint = new() { Format = "swift-mt", Table = "transactions" } });
            if (read.Rows.Count != Line().Count(System.Text.Encoding.Latin1.GetString(content)) || read.Rejected.Count > 0)
                wrong.Add(Path.GetFileName(path));
        }

        Assert.Empty(wrong);
    }

    [GeneratedRegex("^:61:", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
