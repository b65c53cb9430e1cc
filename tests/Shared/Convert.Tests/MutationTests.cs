using System.Text;

namespace DataIngestion.Conversion.Tests;

/// <summary>Damaged files: no crash, no hang, every record accounted for (the conversion helper checks the sum).</summary>
public sealed class MutationTests
{
    const int Inputs = 2000;

    [Theory]
    [InlineData("csv"), InlineData("json"), InlineData("ndjson"), InlineData("xml")]
    public async Task Damaged_input_is_converted_or_refused_with_one_clear_error(string format)
    {
        var good = Good(format);
        var random = new Random(2024);
        var (converted, refused) = (0, 0);
        for (var i = 0; i < Inputs; i++)
        {
            var input = Mutate(good, random);
            try
            {
                await Conversions.RunAsync(input, Request(format, random), random.Next(4) == 0 ? random.Next(1, 50) : int.MaxValue);
                converted++;
            }
            catch (ConversionException clear)
            {
                Assert.NotEmpty(clear.Message);
                refused++;
            }
        }

        Assert.Equal(Inputs, converted + refused);
        Assert.True(converted > 50, $"{converted} converted");
    }

    static ConversionRequest Request(string format, Random random) => new()
    {
        Hint = new() { Format = format, RecordPath = format switch { "json" => "$.rows[*]", "xml" => "//row", _ => null } },
        Limits = new() { MaxRecordBytes = 4000, MaxFieldBytes = 1000, MaxColumns = 40, MaxDepth = 20 },
        Types = random.Next(3) == 0 ? TypesMode.Text : TypesMode.Infer,
    };

    static byte[] Good(string format) => format switch
    {
        "csv" => TestFiles.Messy(20, seed: 1),
        "json" => Encoding.UTF8.GetBytes("{\"rows\":[" + string.Join(",\n", Enumerable.Range(0, 15).Select(Record)) + "]}"),
        "ndjson" => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 15).Select(Record))),
        _ => Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><f at=\"x\">" + string.Concat(Enumerable.Range(0, 15).Select(i => $"<row id=\"{i}\"><p>{i}.5</p><q><d>2024-01-02</d></q></row>\n")) + "</f>"),
    };

    static string Record(int i) => $$"""{"id":{{i}},"p":{{i}}.25,"s":"a\u00e9\"{{i}}","o":{"d":"2024-01-02T10:00:00Z","x":null},"l":[1,{"k":true}]}""";

    static byte[] Mutate(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 2; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(bytes.Count - at, random.Next(1, 30));
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] = (byte)"\",;\n\r\\{}[]<>&0"[random.Next(14)]; break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length)); break;
                case 4: bytes.InsertRange(at, Enumerable.Repeat((byte)"\"[{<,"[random.Next(5)], random.Next(1, 40))); break;
                default: bytes.RemoveRange(at, random.Next(4) == 0 ? bytes.Count - at : 1); break;
            }
        }

        return [.. bytes];
    }
}
