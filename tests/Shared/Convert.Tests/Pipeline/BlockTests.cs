using System.Security.Cryptography;
using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Pipeline;

public sealed class BlockTests
{
    static readonly int[] BlockSizes = [16, 100, 777, 4096];
    static readonly int[] HeadSizes = [80, 600, 1 << 20];
    static readonly DataType[] Expected =
        [DataType.Int64, DataType.Date, DataType.String, DataType.Decimal(18, 4), DataType.Double, DataType.Boolean, DataType.Timestamp(TimeUnit.Microseconds, isUtc: false)];
    static readonly int[] Chunks = [1, 7, 64, 4096, int.MaxValue];

    /// <summary>Passing over a record that is not there has the input read row by row, one record after another.</summary>
    static ConversionRequest RowWise(ConversionRequest request) => request with { SkipRecords = [1_000_000_000] };

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8), InlineData(9), InlineData(10)]
    public async Task Rows_bytes_and_rejections_do_not_depend_on_blocks_threads_or_how_the_stream_is_split(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 12; round++)
        {
            var text = RandomCsv.Create(random.Next(), random.Next(1, 400), random.GetItems([0, 2, 10, 60], 1)[0]);
            var request = RandomRequest(random);
            var expected = await AttemptAsync(text, RowWise(request), int.MaxValue, new());
            for (var i = 0; i < 4; i++)
            {
                var converter = new Converter { BlockBytes = random.GetItems(BlockSizes, 1)[0], HeadBytes = random.GetItems(HeadSizes, 1)[0] };
                var actual = await AttemptAsync(text, request with { Threads = random.Next(1, 5) }, random.GetItems(Chunks, 1)[0], converter);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public async Task Lines_of_json_give_the_same_however_they_are_cut_and_whenever_a_key_appears(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 8; round++)
        {
            var text = RandomLines.Create(random.Next(), random.Next(1, 300), random.GetItems([0, 5, 40], 1)[0]);
            var request = RandomRequest(random) with { Hint = new() { Format = "ndjson" } };
            var expected = await AttemptAsync(text, RowWise(request), int.MaxValue, new());
            for (var i = 0; i < 3; i++)
            {
                var converter = new Converter { BlockBytes = random.GetItems(BlockSizes, 1)[0], HeadBytes = random.GetItems(HeadSizes, 1)[0] };
                var actual = await AttemptAsync(text, request with { Threads = random.Next(1, 5) }, random.GetItems(Chunks, 1)[0], converter);
                Assert.Equal(expected, actual);
            }
        }
    }

    static ConversionRequest RandomRequest(Random random) => new()
    {
        Hint = new() { Format = "csv", Delimiter = ",", Quote = '"', Header = true },
        Types = random.Next(6) == 0 ? TypesMode.Text : TypesMode.Infer,
        Schema = random.Next(3) == 0 ? new([new("c0", random.GetItems(Expected, 1)[0]), new("c1", random.GetItems(Expected, 1)[0])]) : null,
        Policy = random.GetItems([SchemaPolicy.Evolve, SchemaPolicy.DiscardRow, SchemaPolicy.DiscardValue, SchemaPolicy.Freeze], 1)[0],
        Lineage = random.Next(2) == 0 ? new("s", "r", DateTimeOffset.UnixEpoch) : null,
        Checks = random.Next(3) == 0 ? [new NotText("c0", "1")] : [],
        Limits = random.Next(3) == 0 ? new() { MaxRecordBytes = 90, MaxRawCharacters = 40 } : new(),
    };

    /// <summary>Everything that can be seen of a conversion, as text: its error where it has one.</summary>
    static async Task<string> AttemptAsync(byte[] text, ConversionRequest request, int chunk, Converter converter)
    {
        try
        {
            var converted = await Conversions.RunAsync(text, request, chunk, converter);
            var result = converted.Result;
            var rejected = converted.Rejected.Select(r => r.ToString().Replace("\n", "\\n", StringComparison.Ordinal));
            var columns = result.Columns.Select(c => $"{c.Name} {c.Type} {c.Values} {c.Nulls} {string.Join(' ', c.NullSpellings.OrderBy(s => s.Key, StringComparer.Ordinal))}");
            return $"""
                {result.Schema}
                {result.RowsIn} in, {result.RowsOut} out, {result.RowsRejected} rejected, {result.ValuesDiscarded} discarded, {result.BytesIn} bytes
                {System.Convert.ToHexString(SHA256.HashData(converted.Bytes))}
                {string.Join('\n', rejected)}
                {string.Join('\n', columns)}
                {string.Join('\n', result.Notes)}
                """;
        }
        catch (ConversionException refused)
        {
            return refused.Message;
        }
    }

    [Fact]
    public async Task A_quoted_field_longer_than_many_blocks_is_one_field()
    {
        var lines = string.Concat(Enumerable.Range(0, 500).Select(i => $"line {i}, \"\"x\"\"\n"));
        var text = Encoding.UTF8.GetBytes($"a,b\n1,\"{lines}\"\n2,\"{lines}\"\n3,c\n");
        var converted = await Conversions.RunAsync(text, new() { Threads = 3 }, converter: new() { BlockBytes = 64, HeadBytes = 128 });
        Assert.Equal(3, converted.Rows.Count);
        Assert.Equal(lines.Replace("\"\"", "\"", StringComparison.Ordinal), converted[1, "b"]);
        Assert.Equal("c", converted[2, "b"]);
    }

    [Fact]
    public async Task What_a_line_of_json_does_not_say_is_not_inherited_from_the_line_before()
    {
        var text = string.Concat(Enumerable.Range(0, 100).Select(i => i % 10 == 0 ? $"{{\"day\":\"d{i}\",\"items\":[{{\"v\":{i}}}]}}\n" : $"{{\"items\":[{{\"v\":{i}}}]}}\n"));
        var converted = await Conversions.RunAsync(
            Encoding.UTF8.GetBytes(text), Conversions.As("ndjson", "$.items[*]", "day"), converter: new() { BlockBytes = 64, HeadBytes = 128 });
        Assert.Equal(100, converted.Rows.Count);
        for (var i = 0; i < 100; i++)
            Assert.Equal(i % 10 == 0 ? $"d{i}" : null, converted[i, "day"]);
    }

    [Fact]
    public async Task Places_count_from_the_start_of_the_input()
    {
        var text = "a,b\n" + string.Concat(Enumerable.Range(1, 200).Select(i => i % 50 == 0 ? $"{i},x\n" : i % 60 == 0 ? $"{i}\n" : $"{i},{i}\n"));
        var request = new ConversionRequest
        {
            Schema = new([new("a", DataType.Int64), new("b", DataType.Int64)]),
            Policy = SchemaPolicy.DiscardRow,
            Lineage = new("s", "r", DateTimeOffset.UnixEpoch),
            Threads = 2,
        };
        var converted = await Conversions.RunAsync(Encoding.UTF8.GetBytes(text), request, converter: new() { BlockBytes = 32, HeadBytes = 64 });
        Assert.Equal([50L, 60, 100, 120, 150, 180, 200], converted.Rejected.Select(r => r.Row));
        Assert.All(converted.Rejected, r => Assert.StartsWith(r.Raw + "\n", text[(int)r.ByteOffset..], StringComparison.Ordinal));
        Assert.All(converted.Rejected, r => Assert.Equal(r.Row + 1, r.Line));
        Assert.All(converted.Rows, row => Assert.Equal(row[0], row[converted.Schema.IndexOf("_row")]));
    }

    /// <summary>No value of the column has this text.</summary>
    sealed class NotText(string column, string text) : IRowCheck
    {
        public string? Column => column;

        public string Expected => $"{column} is not {text}";

        public string Breach => $"{column} is {text}";

        public void FindBroken(RecordBatch batch, Action<int> broken)
        {
            for (var row = 0; row < batch.Count; row++)
            {
                if (batch[column].GetText(row) == text)
                    broken(row);
            }
        }
    }
}
