using System.Text;
using System.Text.Json;
using CsCheck;
using DataIngestion.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests.LowCode;

/// <summary>Broken templates and texts fail as such and as nothing else.</summary>
public sealed class TemplateFuzzTests
{
    static readonly string[] Sources = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/Shared/Collect.Tests/LowCode/template-cases.json")))
        .RootElement.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("t").GetString()!)];

    static readonly string[] Pieces = ["{{", "}}", "{%", "%}", "{#", "#}", "'", "\"", "\\", "(", ")", "[", "]", "{", "}", "|", ".", ",", ":", "~", "-", "not ", " in ", " is ", " if ", " else ", "for x in ", "endfor", "set x = ", "config", "record", "0", "1e999", "\0", "\ud83d", "\n", "é"];

    [Fact]
    public void Changed_templates_give_a_value_or_a_fault()
    {
        var random = new Random(20240105);
        var context = Context();
        for (var i = 0; i < 20_000; i++)
        {
            var source = Changed(Sources[random.Next(Sources.Length)], random);
            try
            {
                var template = Template.Parse(source);
                template.Evaluate(context);
                template.Holds(context);
            }
            catch (TemplateException)
            {
                // what a broken template is meant to give
            }
            catch (Exception other)
            {
                Assert.Fail($"{JsonSerializer.Serialize(source)}: {other}");
            }
        }
    }

    [Fact]
    public void A_value_that_is_written_is_read_as_the_same_value() =>
        Values(3).Sample(
            value =>
            {
                var text = PythonText.Repr(value);
                return LiteralText.TryRead(text, out var read) && Operators.Same(read, value) && PythonText.Repr(read) == text;
            },
            seed: "0N0XIzNsQ0O2", iter: 5_000, threads: 1);

    [Fact]
    public void Numbers_are_shown_in_the_shortest_form_that_reads_back() =>
        Gen.Double.Where(double.IsFinite).Sample(
            number => BitConverter.DoubleToInt64Bits(double.Parse(Numbers.Show(number), System.Globalization.CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(number),
            seed: "0N0XIzNsQ0O2", iter: 20_000, threads: 1);

    [Fact]
    public void A_time_that_is_written_is_read_as_the_same_time()
    {
        var formats = new[] { "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S.%f", "%epoch_microseconds", "%d/%b/%Y:%H:%M:%S.%f %z", "%Y%j%H%M%S%f" };
        Gen.Long[-2_000_000_000_000_000, 4_000_000_000_000_000].Select(Gen.Int[0, formats.Length - 1]).Sample(
            (micros, format) =>
            {
                var time = MomentValue.Of(DateTimeOffset.UnixEpoch.AddTicks(micros * 10));
                return TimeReader.Read(TimeFormat.Write(time, formats[format]), formats[format])?.Utc == time.Utc;
            },
            seed: "0N0XIzNsQ0O2", iter: 5_000, threads: 1);
    }

    static Gen<object?> Values(int depth)
    {
        var scalars = Gen.OneOf(
            Gen.Const((object?)null), Gen.Bool.Select(b => (object?)b), Gen.Long.Select(n => (object?)n),
            Gen.Double.Where(double.IsFinite).Select(n => (object?)n), Gen.String[Gen.Char["abc '\"\\\n\t{}[]:,é€\u2028"], 0, 8].Select(s => (object?)s));
        return depth == 0 ? scalars : Gen.OneOf(
            scalars,
            Values(depth - 1).List[0, 4].Select(l => (object?)l),
            Values(depth - 1).List[0, 4].Select(l => (object?)new LowCodeTuple(l)),
            Gen.Dictionary(Gen.String[Gen.Char["abc'\""], 0, 4], Values(depth - 1))[0, 4].Select(d => (object?)new LowCodeMap(d)));
    }

    static string Changed(string source, Random random)
    {
        var text = new StringBuilder(source);
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            switch (random.Next(4))
            {
                case 0 when at < text.Length:
                    text.Remove(at, Math.Min(random.Next(1, 4), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2 when at < text.Length:
                    text[at] = (char)random.Next(32, 127);
                    break;
                default:
                    var other = Sources[random.Next(Sources.Length)];
                    text.Insert(at, other[..random.Next(other.Length + 1)]);
                    break;
            }
        }

        return text.ToString();
    }

    static TemplateContext Context()
    {
        using var table = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/Shared/Collect.Tests/LowCode/template-cases.json")));
        var variables = ((LowCodeMap)JsonText.Read(table.RootElement.GetProperty("variables"))!).ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
        return new(variables, new FakeTimeProvider(new(2024, 1, 5, 10, 0, 0, TimeSpan.Zero)), new Random(7));
    }
}
