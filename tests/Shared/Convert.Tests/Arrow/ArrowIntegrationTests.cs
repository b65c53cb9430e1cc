using DataIngestion.Benchmarks.ConformanceBoard.Arrow;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Arrow;

/// <summary>Arrow's own files: what other implementations wrote, and what fuzzers made of it.</summary>
public sealed class ArrowIntegrationTests
{
    [Fact]
    public async Task Files_and_streams_hold_what_their_JSON_says()
    {
        var folder = SharedData.Require("arrow", "integration");
        foreach (var json in Directory.EnumerateFiles(folder, "*.json*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var stem = json[..json.LastIndexOf(".json", StringComparison.Ordinal)];
            foreach (var path in new[] { stem + ".arrow_file", stem + ".stream" })
            {
                var read = await Conversions.RunAsync(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), Conversions.As("arrow"));

                Assert.Null(ArrowJson.Load(json).Compare(read.Schema, read.Rows) is { } difference ? $"{path}: {difference}" : null);
            }
        }
    }

    [Fact]
    public async Task Malformed_files_are_refused_with_a_sentence_or_read()
    {
        var folder = SharedData.Require("arrow", "fuzz_malformed");
        foreach (var path in Directory.EnumerateFiles(folder).Where(p => !p.EndsWith(".tsv", StringComparison.Ordinal)))
        {
            try
            {
                await Conversions.RunAsync(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), Conversions.As("arrow"));
            }
            catch (ConversionException sentence)
            {
                Assert.NotEmpty(sentence.Message);
            }
        }
    }
}
