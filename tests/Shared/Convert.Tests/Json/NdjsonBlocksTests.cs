using System.Globalization;
using System.Text;

namespace DataIngestion.Conversion.Tests.Json;

/// <summary>Lines read in blocks, on threads, by the fast parser where it can: the result is that of reading them one by one.</summary>
public sealed class NdjsonBlocksTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public async Task Blocks_threads_and_the_fast_parser_change_nothing(int seed)
    {
        var random = new Random(seed);
        for (var file = 0; file < 8; file++)
        {
            var input = Lines(random, random.Next(5, 300));
            var request = Conversions.As("ndjson") with
            {
                Hint = new() { Format = "ndjson", Nesting = NestingMode.Flatten },
                Types = random.Next(4) == 0 ? TypesMode.Text : TypesMode.Infer,
                Limits = new() { MaxRecordBytes = 2_000 },
                ProfileFirst = true,
                Threads = 1,
            };
            // One block that begins the content is read row by row.
            var rows = await Conversions.RunAsync(input, request, int.MaxValue, new() { BlockBytes = 1 << 22 });
            foreach (var (block, first, threads) in new[] { (100, true, 1), (700, true, 2), (700, false, 2), (3000, false, 3) })
            {
                var blocks = await Conversions.RunAsync(input, request with { ProfileFirst = first, Threads = threads }, random.Next(1, 500), new() { BlockBytes = block });
                Assert.Equal(rows.Schema, blocks.Schema);
                Assert.Equal(rows.Rejected, blocks.Rejected);
                Assert.Equal(rows.Result.Notes, blocks.Result.Notes);
                Assert.Equal(rows.Bytes, blocks.Bytes);
                Assert.Equal(rows.Result.Columns.Select(c => (c.Name, c.Values, c.Nulls, Spelled(c))), blocks.Result.Columns.Select(c => (c.Name, c.Values, c.Nulls, Spelled(c))));
            }
        }
    }

    [Theory]
    [InlineData(SchemaPolicy.DiscardRow), InlineData(SchemaPolicy.Evolve)]
    public async Task Keys_that_only_some_blocks_have_do_not_move_the_others(SchemaPolicy policy)
    {
        var text = string.Concat(Enumerable.Range(0, 200).Select(i => i % 7 == 3 ? $"{{\"new{i}\":1,\"b\":\"b{i}\",\"a\":{i},\"other\":2}}\n" : $"{{\"a\":{i},\"b\":\"b{i}\"}}\n"));
        var request = Conversions.As("ndjson") with { Schema = new([new("a", Tabular.DataType.Int64), new("b", Tabular.DataType.String)]), Policy = policy, Threads = 1 };
        var converted = await Conversions.RunAsync(Encoding.UTF8.GetBytes(text), request, int.MaxValue, new() { BlockBytes = 120 });
        Assert.Equal(Enumerable.Range(0, 200).Select(i => ((long)i, $"b{i}")), converted.Rows.Select(r => ((long)r[0]!, (string)r[1]!)));
    }

    static string Spelled(ColumnReport column) => string.Join(';', column.NullSpellings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"));

    static byte[] Lines(Random random, int count)
    {
        var lateKey = random.Next(3) == 0 ? random.Next(count) : int.MaxValue;
        var wider = random.Next(2) == 0 ? random.Next(count) : int.MaxValue;
        var bytes = new List<byte>();
        for (var i = 0; i < count; i++)
        {
            var line = Encoding.UTF8.GetBytes(Record(random, i, i >= lateKey, i >= wider)).ToList();
            switch (random.Next(40))
            {
                case 0: line.RemoveAt(random.Next(line.Count)); break;
                case 1: line[random.Next(line.Count)] = (byte)random.Next(11, 256); break;
                case 2: line.Clear(); break;
                case 3: line = [.. new string(' ', random.Next(5)).Select(c => (byte)c)]; break;
                case 4: line.AddRange(line); break;
                case 5: line = [.. "{\"t\":\""u8, .. Enumerable.Repeat((byte)'x', 2_500), .. "\"}"u8]; break;
            }

            bytes.AddRange(line);
            if (random.Next(4) == 0)
                bytes.Add((byte)'\r');
            if (i < count - 1 || random.Next(2) == 0)
                bytes.Add((byte)'\n');
        }

        return [.. bytes];
    }

    static string Record(Random random, int i, bool hasLateKey, bool isWider)
    {
        var blank = random.Next(8) == 0 ? " " : "";
        var values = new List<string>
        {
            $"\"time\":{blank}\"2024-01-02 14:30:{i % 60:00}.{random.Next(1_000_000):000000}{(isWider ? "123" : "")}\"",
            $"\"n\":{(isWider && random.Next(5) == 0 ? "\"007\"" : random.Next(1000).ToString(CultureInfo.InvariantCulture))}",
            $"\"price\":{random.Next(1000)}.{random.Next(100):00}{(isWider && random.Next(5) == 0 ? "125" : "")}",
            $"\"quoted\":\"{(random.Next(6) == 0 ? "NA" : random.Next(6) == 0 ? "" : $"{random.Next(99)}.5")}\"",
            $"\"t\":\"{(random.Next(3) == 0 ? "a\\u00e9\\n" : "S" + random.Next(5).ToString(CultureInfo.InvariantCulture))}\"",
            $"\"o\":{{\"d\":\"2024-01-{random.Next(1, 29):00}\",{blank}\"e\":{(random.Next(4) == 0 ? "null" : "true")}}}",
            $"\"l\":[{random.Next(9)},{blank}\"x\"]",
        };
        if (hasLateKey)
            values.Add($"\"late\":{i}");
        if (random.Next(5) == 0)
            values.RemoveAt(random.Next(values.Count));
        if (random.Next(12) == 0)
            values.Add(values[0]);
        return $"{{{string.Join($",{blank}", values)}}}";
    }
}
