using DataIngestion.Conversion.Inference;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Inference;

/// <summary>The rule that one pass with guessed types stands on (docs/formats/types.md).</summary>
public sealed class StrictnessTests
{
    /// <summary>Cells that go together, so that columns of them are often of one type; and some of everything.</summary>
    static readonly string[][] Families =
    [
        ["1", "-2", "+3", "0", "123456789012345678", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "5-", "(7)"],
        ["1", "1.5", "-0.25", ".5", "5.", "1.234", "0.123", "12.345", "1.2500", "123456789012345.678", "1234567890123456789.5", "0.123456789012345678", "0.00000000000000000001", "12345678901234567890123456789012345678", "0.12345678901234567890123456789012345678", "123456789012345678901234567890.123456789"],
        ["1,234", "1.234", "1,234.5", "1.234,5", "1,5", "12,34,567", "1,234,567", "1.234.567", "123,456", "1234", "0,123", "12.5", "1 234", "1 234,5", "1\u00a0234", "1'234", "1'234.5", "5"],
        ["$5", "$1,234.50", "($3.25)", "-$7", "$-7", "$ 8", "€5", "5 €", "EUR 5", "5 EUR", "5"],
        ["5%", "12.5%", "-0.25 %", "12,5%", "5", "(3%)", "25 bps"],
        ["1e5", "2.5E-3", "1e999", "1e-999", "5", "2.5", "12345678901234567", "123456789012345678", "0.1234567890123456789"],
        ["true", "FALSE", "yes", "No", "Y", "n", "T", "f", "on", "off", "1", "0"],
        ["2024-01-02", "2024-1-2", "2024/01/02", "2024.01.02", "20240102", "20241399", "18500101", "2024-02-30", "9999-12-31", "0001-01-01"],
        ["01/02/2024", "13/02/2024", "02/13/2024", "05/05/2024", "01-02-2024", "13-02-2024", "31.12.2024", "02-Jan-2024", "Jan 2, 2024"],
        ["2024-01-02T10:00:00", "2024-01-02 10:00", "2024-01-02T10:00:00.123456", "2024-01-02T10:00:00.1234567", "1600-01-01T00:00:00", "2300-01-01T00:00:00", "2024-01-02T10:00:00Z", "2024-01-02T10:00:00+01:00", "2024-01-02T23:59:60Z", "2024-01-02 3:04 PM"],
        ["01/02/2024 10:00", "13/02/2024 10:00", "02/13/2024 10:00:00", "20240102 10:00:00", "20240102153000", "20240102153000.123", "20240102", "20240102-10:00:00.123"],
        ["Tue, 02 Jan 2024 15:04:05 +0000", "02 Jan 2024 15:04:05 GMT", "Tue, 2 Jan 2024 15:04:05 EST", "Jan 2, 2024 3:04 PM", "2024-01-02T10:00:00Z"],
        ["10:00:00", "9:30", "9:30 AM", "10:00:00.123456", "10:00:00.1234567", "24:00:00", "30:15:00", "-01:00:00", "9999999:00:00", "PT5M", "PT1.5S", "PT0.1234567S", "P300W", "P16000W", "P1Y"],
        ["007", "7", "abc", "NA", "", "null", "x", "2024-01-02"],
    ];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void A_column_has_the_type_of_a_part_of_it_exactly_if_every_other_value_passes_the_strict_parser(int seed)
    {
        var random = new Random(seed);
        var (kept, changed) = (0, 0);
        for (var round = 0; round < 3_000; round++)
        {
            var family = random.Next(8) == 0 ? [.. Families.SelectMany(f => f)] : Families[random.Next(Families.Length)];
            var alphabet = random.GetItems(family, random.Next(1, 5));
            var sample = random.GetItems(alphabet, random.Next(0, 6));
            var rest = random.GetItems(random.Next(2) == 0 ? alphabet : family, random.Next(1, 4));

            var plan = Columns.Plan(Columns.Profile(sample));
            var passes = !Columns.Read(plan, strict: true, rest).Contains("refused");
            var whole = Columns.Plan(Columns.Profile([.. sample, .. rest]));

            var same = whole.Column.Type == plan.Column.Type && (whole.Format == plan.Format || plan.Column.Type == DataType.String);
            var text = $"'{string.Join("' '", sample)}' is {plan.Column.Type} {plan.Format} ({plan.Evidence}), then '{string.Join("' '", rest)}': {whole.Column.Type} {whole.Format} ({whole.Evidence})";
            if (passes)
                Assert.True(same, "passed, but the type changed: " + text);
            // Text that is open may be refused without need: what decides is compared, not the type.
            if (same && plan.Open is null)
                Assert.True(passes, "refused, but the type is the same: " + text);
            (kept, changed) = same ? (kept + 1, changed) : (kept, changed + 1);
        }

        Assert.True(kept > 500 && changed > 500);
    }

    [Theory]
    [InlineData(11), InlineData(12), InlineData(13), InlineData(14)]
    public void Every_value_of_a_column_is_one_of_its_type_and_the_strict_and_the_ordinary_parser_agree(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var family = Families[random.Next(Families.Length)];
            var cells = random.GetItems(random.GetItems(family, random.Next(1, 5)), random.Next(1, 8));
            var plan = Columns.Plan(Columns.Profile(cells));

            var strict = Columns.Read(plan, strict: true, cells);
            Assert.DoesNotContain("refused", strict);
            Assert.Equal(strict, Columns.Read(plan, strict: false, cells));
        }
    }
}
