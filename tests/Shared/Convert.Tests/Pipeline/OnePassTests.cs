using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Pipeline;

public sealed class OnePassTests
{
    static readonly Converter Short = new() { BlockBytes = 256, HeadBytes = 256 };
    static readonly ConversionRequest Commas = new() { Hint = new() { Format = "csv", Delimiter = ",", Header = true } };

    static byte[] Column(params (int Count, string Cell)[] cells) =>
        Encoding.UTF8.GetBytes("id,v\n" + string.Concat(cells.SelectMany(c => Enumerable.Repeat(c.Cell, c.Count)).Select((cell, i) => $"{i + 1},{cell}\n")));

    [Theory]
    [InlineData("1", "2.5", "decimal(18,1)")]
    [InlineData("1.5", "2.125", "decimal(18,3)")]
    [InlineData("1.50", "12345678901234567.1", "decimal(38,2)")]
    [InlineData("1", "007", "string")]
    [InlineData("1", "99999999999999999999", "decimal(38,0)")]
    [InlineData("1.5", "1e3", "double")]
    [InlineData("", "5", "int64")]
    [InlineData("true", "maybe", "string")]
    [InlineData("2024-01-01", "2024-01-01T10:00:00", "string")]
    [InlineData("2024-01-01T10:00:00", "2024-01-01T10:00:00.123456789", "timestamp(ns)")]
    [InlineData("2024-01-01T10:00:00.123456789", "1500-01-01T10:00:00", "string")]
    [InlineData("05/04/2024", "25/04/2024", "date")]
    [InlineData("25/04/2024", "04/25/2024", "string")]
    [InlineData("10:00", "10:00:00.1234567", "time(ns)")]
    public async Task A_late_value_of_another_type_gives_the_schema_and_bytes_of_a_whole_inference(string early, string late, string type)
    {
        foreach (var text in new[] { Column((400, early), (1, late), (50, early)), Column((400, early), (1, "NA"), (1, late)) })
        {
            var foreseen = await Conversions.RunAsync(text, Commas, converter: Short);
            var profiled = await Conversions.RunAsync(text, Commas with { ProfileFirst = true }, converter: Short);
            Assert.Equal(type, foreseen.TypeOf("v"));
            Assert.Equal(profiled.Schema, foreseen.Schema);
            Assert.Equal(profiled.Bytes, foreseen.Bytes);
            Assert.Equal(
                profiled.Result.Columns.Select(c => string.Join(' ', c.NullSpellings)),
                foreseen.Result.Columns.Select(c => string.Join(' ', c.NullSpellings)));
        }
    }

    [Fact]
    public async Task The_report_says_on_which_rows_a_type_rests()
    {
        var converted = await Conversions.RunAsync(Column((500, "1.5")), converter: Short);
        Assert.Contains("every later value was checked", converted.Result.Columns[1].Evidence, StringComparison.Ordinal);
        var profiled = await Conversions.RunAsync(Column((500, "1.5")), new() { ProfileFirst = true }, converter: Short);
        Assert.DoesNotContain("later", profiled.Result.Columns[1].Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Types_that_the_first_rows_foresee_need_one_reading_and_others_two()
    {
        Assert.Equal([2], await PassesAsync(Column((500, "1.5")), new MemoryStream()));
        Assert.Equal([1, 2], await PassesAsync(Column((500, "1.5")), new UnseekableStream()));
        // Each of these values needs another plan, until there were too many.
        var ever = Column((60, "1"), (60, "1.5"), (60, "1.25"), (60, "1.125"), (60, "1.0625"), (60, "1.03125"), (60, "x"));
        Assert.Equal([2, 1, 2], await PassesAsync(ever, new MemoryStream()));
    }

    static async Task<List<int>> PassesAsync(byte[] text, Stream output)
    {
        var passes = new List<int>();
        var progress = new Passes(pass =>
        {
            lock (passes)
            {
                if (passes.Count == 0 || passes[^1] != pass)
                    passes.Add(pass);
            }
        });
        await Short.ConvertAsync(_ => new(new MemoryStream(text)), output, (_, _) => ValueTask.CompletedTask, new(), progress, TestContext.Current.CancellationToken);
        return passes;
    }

    [Fact]
    public async Task Rejected_rows_are_told_once_although_the_conversion_began_anew()
    {
        var text = Column((100, "1"), (1, "1,2"), (300, "1"), (1, "2.5"), (1, "1,2,3"));
        var converted = await Conversions.RunAsync(text, converter: Short);
        Assert.Equal("decimal(18,1)", converted.TypeOf("v"));
        Assert.Equal([101L, 403], converted.Rejected.Select(r => r.Row));
    }

    sealed class Passes(Action<int> told) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value) => told(value.Pass);
    }

    sealed class UnseekableStream : MemoryStream
    {
        public override bool CanSeek => false;
    }
}
