using System.Text;
using DataIngestion.Conversion.Csv;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Tests.Pipeline;

public sealed class RecordEndTests
{
    [Theory]
    [InlineData("a,b\nc,d\ne,", "a,b\nc,d\n")]
    [InlineData("a,\"b\nc\",d\ne,", "a,\"b\nc\",d\n")]
    [InlineData("a,b\nc,\"d\ne\nf", "a,b\n")]
    [InlineData("a,\"b\"\"\nc\"\nd", "a,\"b\"\"\nc\"\n")]
    [InlineData("a,5\" disk\nb\nc", "a,5\" disk\nb\n")]
    [InlineData("a,b", "")]
    [InlineData("", "")]
    public void The_last_line_end_outside_of_quotes_is_taken_for_the_end_of_a_record(string content, string records) =>
        Assert.Equal(records.Length, new CsvBlockFormat(new(",", '"'), new()).FindEnd(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public async Task A_wrong_guess_is_found_out_by_the_one_who_reads_the_block()
    {
        // The stray quote makes the line ends within quotes look like those outside.
        var text = "a,b\n" + string.Concat(Enumerable.Range(0, 40).Select(i => i == 3 ? "5\" disk,x\n" : $"{i},\"one\ntwo\"\n"));
        var format = new CsvBlockFormat(new(",", '"'), new());
        var input = new ConversionInput(new(), new("csv", null, null, null, "utf-8", new(",", '"'), 1, []), _ => new(new MemoryStream()), null);
        var pipeline = new BlockPipeline<ProfiledBlock>(format, new(2, 4, 40, 1000), () => new ProfilingWorker(format, input, ["a", "b"]));
        var rows = 0L;
        await pipeline.RunAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(text)),
            (block, _) =>
            {
                rows += block.Rows;
                return ValueTask.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(40, rows);
        Assert.InRange(pipeline.Repeated, 1, 40);
    }
}
