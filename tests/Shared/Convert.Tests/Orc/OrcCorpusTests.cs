using System.IO.Compression;
using DataIngestion.Benchmarks.ConformanceBoard;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Orc;

public sealed class OrcCorpusTests
{
    [Theory]
    [InlineData("TestOrcFile.test1"), InlineData("TestOrcFile.metaData"), InlineData("TestOrcFile.testUnionAndTimestamp"), InlineData("TestVectorOrcFile.testLzo")]
    [InlineData("over1k_bloom"), InlineData("orc_split_elim_new"), InlineData("orc_split_elim_cpp"), InlineData("TestOrcFile.testStringAndBinaryStatistics")]
    public async Task Example_files_of_Apache_have_the_rows_that_its_tools_print(string stem)
    {
        var folder = SharedData.Require("orc", "examples");
        var converted = await Conversions.RunAsync(await File.ReadAllBytesAsync(Path.Combine(folder, stem + ".orc"), TestContext.Current.CancellationToken), Conversions.As("orc"));

        await using var packed = new GZipStream(File.OpenRead(Path.Combine(folder, "expected", stem + ".jsn.gz")), CompressionMode.Decompress);
        using var lines = new StreamReader(packed);
        for (var row = 0; await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line; row++)
            Assert.Null(OrcRowComparison.Difference(line, converted.Schema, converted.Rows[row]));
    }
}
