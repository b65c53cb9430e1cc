using System.Numerics;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Values.Kernels;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Values.Kernels;

public sealed class KernelTests
{
    const int Texts = 4_000;

    [Theory]
    [InlineData(18, 4), InlineData(18, 0), InlineData(18, 8), InlineData(18, 17), InlineData(18, 18), InlineData(9, 2), InlineData(3, 1)]
    public void Decimals_are_what_the_slow_parser_and_inference_make_of_them(int precision, int scale)
    {
        var type = DataType.Decimal(precision, scale);
        var seen = scale == 0 ? "1." : (precision == 18 && scale == 18 ? "" : "0") + "." + new string('1', scale);
        // Only decimals of 18 digits are inferred; a strict kernel of another type is never asked for.
        var oracle = new KernelOracle<long, DecimalKernel>(type, new(type, false), new(precision == 18 ? type : DataType.Decimal(18, scale), precision == 18), seen) { HasInference = precision == 18 };
        foreach (var text in AdversarialTexts.Numbers(Texts, precision + scale, 22))
            oracle.Check(text);
        Assert.True(oracle.Quick > Texts / 20);
    }

    [Theory]
    [InlineData(4), InlineData(0), InlineData(18), InlineData(37)]
    public void Wide_decimals_are_what_the_slow_parser_and_inference_make_of_them(int scale)
    {
        var type = DataType.Decimal(38, scale);
        var oracle = new KernelOracle<Int128, WideDecimalKernel>(type, new(type, false), new(type, true), new string('1', Math.Max(1, 19 - scale)) + "." + new string('1', scale));
        foreach (var text in AdversarialTexts.Numbers(Texts, scale, 40))
            oracle.Check(text);
        Assert.True(oracle.Quick > Texts / 20);
    }

    [Fact]
    public void Whole_numbers_are_what_the_slow_parser_and_inference_make_of_them()
    {
        Check<sbyte>(DataType.Int8, 4, false);
        Check<short>(DataType.Int16, 6, false);
        Check<int>(DataType.Int32, 11, false);
        Check<long>(DataType.Int64, 21, true);

        static void Check<T>(DataType type, int digits, bool isInferred)
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        {
            var oracle = new KernelOracle<T, IntegerKernel<T>>(type, new(false), new(isInferred), "1") { HasInference = isInferred };
            foreach (var text in AdversarialTexts.Numbers(Texts, digits, digits))
                oracle.Check(text);
            Assert.True(oracle.Quick > Texts / 20);
        }
    }

    [Fact]
    public void Doubles_are_the_nearest_ones()
    {
        var oracle = new KernelOracle<double, DoubleKernel>(DataType.Double, new(false), new(true), "1e3");
        foreach (var text in AdversarialTexts.Numbers(Texts * 2, 5, 18))
            oracle.Check(text);
        Assert.True(oracle.Quick > Texts / 2);
    }

    [Theory]
    [InlineData(TimeUnit.Nanoseconds, false, "2024-01-01 00:00:00.1234567"), InlineData(TimeUnit.Microseconds, false, "2024-01-01 00:00:00")]
    [InlineData(TimeUnit.Nanoseconds, true, "2024-01-01 00:00:00.1234567Z"), InlineData(TimeUnit.Microseconds, true, "2024-01-01 00:00:00Z")]
    [InlineData(TimeUnit.Milliseconds, false, ""), InlineData(TimeUnit.Milliseconds, true, "")]
    public void Timestamps_are_what_the_slow_parser_and_inference_make_of_them(TimeUnit unit, bool isUtc, string seen)
    {
        var type = DataType.Timestamp(unit, isUtc);
        var oracle = new KernelOracle<long, TimestampKernel>(type, new(type, false), new(type, unit != TimeUnit.Milliseconds), seen) { HasInference = unit != TimeUnit.Milliseconds };
        foreach (var text in AdversarialTexts.Times(Texts, 11))
            oracle.Check(text);
        Assert.True(oracle.Quick > Texts / 20);
    }

    [Theory]
    [InlineData(TimeUnit.Nanoseconds, "12:00:00.1234567"), InlineData(TimeUnit.Microseconds, "12:00"), InlineData(TimeUnit.Milliseconds, "")]
    public void Times_of_day_are_what_the_slow_parser_and_inference_make_of_them(TimeUnit unit, string seen)
    {
        var type = DataType.Time(unit);
        var oracle = new KernelOracle<long, TimeKernel>(type, new(type, false), new(type, unit != TimeUnit.Milliseconds), seen) { HasInference = unit != TimeUnit.Milliseconds };
        foreach (var text in AdversarialTexts.Times(Texts, 12))
            oracle.Check(text);
        Assert.True(oracle.Quick > Texts / 40);
    }

    [Fact]
    public void Dates_are_what_the_slow_parser_and_inference_make_of_them()
    {
        var oracle = new KernelOracle<int, DateKernel>(DataType.Date, default, new(TextShape.IsoDate), "2024-01-01");
        foreach (var text in AdversarialTexts.Times(Texts * 2, 13))
            oracle.Check(text);
        for (var day = new DateOnly(1899, 12, 1); day < new DateOnly(2100, 4, 1); day = day.AddDays(1))
            oracle.Check(day.ToString("yyyy-MM-dd"));
        Assert.True(oracle.Quick > 70_000);
    }

    [Fact]
    public void Booleans_are_what_the_slow_parser_and_inference_make_of_them()
    {
        var oracle = new KernelOracle<bool, BooleanKernel>(DataType.Boolean, default, new(true), "true");
        var random = new Random(3);
        string[] words = ["true", "false", "TRUE", "False", "tRuE", "falsy", "trux", "truee", "fals", "T", "1", "", " true", "false\n", "TRUÉ", "\u0054RUE", "&ALSE", "falsE"];
        foreach (var word in words)
            oracle.Check(word);
        for (var i = 0; i < Texts; i++)
        {
            var letters = words[random.Next(5)].ToCharArray();
            letters[random.Next(letters.Length)] ^= (char)(1 << random.Next(7));
            oracle.Check(new(letters));
        }

        Assert.True(oracle.Quick > 100);
    }

    [Fact]
    public void Usual_texts_take_the_quick_way()
    {
        var price = DataType.Decimal(18, 4);
        var moment = DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: false);
        var utc = DataType.Timestamp(TimeUnit.Microseconds, isUtc: true);
        AssertQuick<long, DecimalKernel>(new(price, true), ["123.4567", "-0.5", "12", "99999999999.9999", ".5", "0", "0.0001", "-12345678901234.5678"]);
        AssertQuick<long, DecimalKernel>(new(DataType.Decimal(18, 17), true), ["0.12345678901234567", "-1.1"]);
        AssertQuick<Int128, WideDecimalKernel>(new(DataType.Decimal(38, 9), true), ["123456789012345678901.123456789", "-1.5", "0"]);
        AssertQuick<long, IntegerKernel<long>>(new(true), ["0", "7", "-1234567", "1704205800123456789"]);
        AssertQuick<double, DoubleKernel>(new(true), ["1.5e-7", "123.4567", "-2E10", "3"]);
        AssertQuick<int, DateKernel>(default, ["2024-02-29", "1969-12-31"]);
        AssertQuick<long, TimeKernel>(new(DataType.Time(TimeUnit.Microseconds), true), ["09:30", "23:59:59", "00:00:00.123456"]);
        AssertQuick<long, TimestampKernel>(new(moment, true), ["2024-01-02 14:30:00.012345678", "2024-01-02T14:30:00", "2024-01-02T14:30", "1999-12-31 23:59:59.5"]);
        AssertQuick<long, TimestampKernel>(new(utc, true), ["2024-01-02T14:30:00.012Z", "2024-01-02 14:30:00Z", "2024-01-02T14:30:00.012+00:00", "2024-01-02T14:30:00-05:30"]);

        static void AssertQuick<T, TKernel>(TKernel kernel, string[] texts)
            where T : unmanaged
            where TKernel : struct, ICellKernel<T>
        {
            foreach (var text in texts)
                Assert.True(kernel.TryRead(System.Text.Encoding.UTF8.GetBytes(new string(',', 32) + text + new string(',', 32)), 32, text.Length, out _), text);
        }
    }
}
