using DataIngestion.Tabular.Tests.Conformance;
using DataIngestion.TestKit;

namespace DataIngestion.Tabular.Tests;

[Trait("Category", "corpus")]
public sealed class ParquetCorpusTests
{
    [Theory]
    [InlineData("parquet-testing", 38), InlineData("arrow-testing", 2), InlineData("arrow-testing-fuzz-malformed", 0), InlineData("sec_reference", 1)]
    public async Task Every_file_is_as_others_read_it_or_refused_as_it_should_be(string folder, int right)
    {
        var root = SharedData.Require("parquet");
        var all = new List<Conformance.Conformance>();
        foreach (var file in ParquetConformance.Files(Path.Combine(root, folder)))
            all.Add(await ParquetConformance.CheckAsync(root, file, TestContext.Current.CancellationToken));

        Assert.DoesNotContain(all, c => c.Verdict == Verdict.Wrong);
        Assert.True(all.Count(c => c.Verdict == Verdict.Right) >= right, $"{all.Count(c => c.Verdict == Verdict.Right)} files were compared by value");
    }
}
