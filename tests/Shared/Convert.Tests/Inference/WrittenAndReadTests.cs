using System.Globalization;
using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Inference;

/// <summary>What is written in a format is read back as it was.</summary>
public sealed class WrittenAndReadTests
{
    static readonly (string Mark, string Group, bool Indian)[] Formats =
        [(".", "", false), (".", ",", false), (",", "", false), (",", ".", false), (".", "\u00a0", false), (",", "\u202f", false), (".", "'", false), (",", "’", false), (".", ",", true)];

    static readonly string[] Affixes = ["", "$0", "€ 0", "0 €", "0 USD", "JPY 0", "0%", "0 bps", "0 zł"];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Numbers_in_any_format_are_read_back_exactly(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var (mark, group, indian) = Formats[random.Next(Formats.Length)];
            var affix = Affixes[random.Next(Affixes.Length)];
            var shift = affix.EndsWith('%') ? 2 : affix.EndsWith("bps", StringComparison.Ordinal) ? 4 : 0;
            var (whole, fraction) = (random.Next(1, 28), random.Next(1, 7));
            // The first number leaves no doubt about the marks; the others are any.
            Int128[] numbers = [Int128.Parse("1234567" + new string('8', fraction)), .. Enumerable.Range(0, 6).Select(_ => Any(random, whole + fraction))];
            var cells = numbers.Select(n => Write(n, fraction, mark, group, indian, affix, random)).ToArray();

            var plan = Columns.Plan(Columns.Profile(cells));
            var expected = numbers.Select(n => new ExactDecimal(n, fraction + shift)).ToArray();
            var read = Columns.Read(plan, strict: true, cells).Select(v => v is decimal d ? ExactDecimal.FromDecimal(d) : (ExactDecimal)v!).ToArray();

            Assert.True(plan.Column.Type.Kind == DataKind.Decimal && plan.Column.Type.Scale == fraction + shift, $"{plan.Column.Type}: {string.Join(" | ", cells)}");
            Assert.Equal(expected, read);
        }
    }

    static Int128 Any(Random random, int digits)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, digits + 1); i > 0; i--)
            text.Append((char)('0' + random.Next(10)));
        return Int128.Parse(text.ToString()) * (random.Next(3) == 0 ? -1 : 1);
    }

    static string Write(Int128 unscaled, int fraction, string mark, string group, bool indian, string affix, Random random)
    {
        var digits = Int128.Abs(unscaled).ToString().PadLeft(fraction + 1, '0');
        var (whole, rest) = (digits[..^fraction], digits[^fraction..]);
        var grouped = new StringBuilder();
        for (var i = 0; i < whole.Length; i++)
        {
            var left = whole.Length - i;
            if (i > 0 && (indian ? left == 3 || (left > 3 && left % 2 == 1) : left % 3 == 0))
                grouped.Append(group);
            grouped.Append(whole[i]);
        }

        var number = affix.Length == 0 ? $"{grouped}{mark}{rest}" : affix.Replace("0", $"{grouped}{mark}{rest}", StringComparison.Ordinal);
        return unscaled >= 0 ? number : random.Next(4) switch { 0 => $"({number})", 1 => $"\u2212{number}", 2 when affix.Length == 0 => number + "-", _ => "-" + number };
    }

    [Theory]
    [InlineData("yyyy-MM-dd"), InlineData("yyyy/MM/dd"), InlineData("yyyy.MM.dd"), InlineData("yyyyMMdd"), InlineData("dd/MM/yyyy"), InlineData("M/d/yyyy"), InlineData("dd-MM-yyyy"), InlineData("dd.MM.yyyy")]
    [InlineData("dd-MMM-yyyy"), InlineData("MMMM d, yyyy"), InlineData("d MMM yyyy")]
    public void Dates_in_any_format_are_read_back(string format)
    {
        var random = new Random(format.Length);
        DateOnly[] days = [new(2023, 11, 30), .. Enumerable.Range(0, 300).Select(_ => DateOnly.FromDayNumber(random.Next(new DateOnly(1900, 1, 1).DayNumber, new DateOnly(2099, 12, 31).DayNumber)))];
        var cells = days.Select(d => d.ToString(format, CultureInfo.InvariantCulture)).ToArray();

        var plan = Columns.Plan(Columns.Profile(cells));

        Assert.Equal(DataType.Date, plan.Column.Type);
        Assert.Equal(days.Cast<object?>(), Columns.Read(plan, strict: true, cells));
    }

    [Theory]
    [InlineData("yyyy-MM-ddTHH:mm:ss.fffffffK"), InlineData("yyyy-MM-dd HH:mm:ss.ffffffzzz"), InlineData("yyyyMMddTHHmmss.fffzz"), InlineData("ddd, dd MMM yyyy HH:mm:ss zzz"), InlineData("d/M/yyyy h:mm:ss.ff tt zzz")]
    [InlineData("yyyyMMddHHmmss.fff"), InlineData("yyyyMMdd-HH:mm:ss.fff"), InlineData("dd.MM.yyyy HH:mm:ss"), InlineData("MM/dd/yyyy hh:mm:ss tt")]
    public void Timestamps_in_any_format_are_read_back(string format)
    {
        var random = new Random(format.Length);
        var zoned = format.EndsWith('K') || format.EndsWith('z');
        var moments = Enumerable.Range(0, 300).Select(_ =>
        {
            var ticks = random.NextInt64(new DateTime(1970, 1, 1).Ticks, new DateTime(2090, 1, 1).Ticks);
            var offset = zoned && !format.EndsWith("zz", StringComparison.Ordinal) ? TimeSpan.Zero : zoned ? TimeSpan.FromHours(random.Next(-11, 12)) : TimeSpan.Zero;
            var text = new DateTimeOffset(new DateTime(ticks), offset).ToString(format, CultureInfo.InvariantCulture);
            return (Text: text, Moment: DateTimeOffset.ParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        }).ToArray();
        var plan = Columns.Plan(Columns.Profile(moments.Select(m => m.Text)));

        Assert.Equal((DataKind.Timestamp, zoned), (plan.Column.Type.Kind, plan.Column.Type.IsUtc));
        var read = Columns.Read(plan, strict: true, moments.Select(m => m.Text)).Select(v => ((TimestampValue)v!).ToDateTime().Ticks);
        Assert.Equal(moments.Select(m => m.Moment.UtcTicks), read);
    }
}
