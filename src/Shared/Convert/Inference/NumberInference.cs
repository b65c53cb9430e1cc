using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Inference;

/// <summary>The type of a column of numbers, and how they are spelled.</summary>
internal static class NumberInference
{
    public static ColumnFinding Of(ColumnProfile profile, bool? siblingComma)
    {
        var numbers = profile.Numbers;
        if (numbers.Affix is not { } affix)
            return ColumnFinding.Text("numbers, but not every one has the same currency or percent sign");
        if (numbers.IsListNumbers)
            return ColumnFinding.Open("every value is a number in parentheses: negative, or a list's numbering");
        var readings = numbers.Readings;
        if (readings == 0)
            return ColumnFinding.Text($"numbers whose marks no one format explains, such as {Examples(profile)}");
        if (numbers.IsOpen && siblingComma is { } comma)
            return Under(profile, NumberSpelling.Of(readings & (comma ? NumberSpelling.CommaReadings : NumberSpelling.PointReadings), affix),
                $", as other columns have a decimal {(comma ? "comma" : "point")}");
        if (numbers.IsOpen)
            return ColumnFinding.Open($"numbers such as {Examples(profile)}, but no value tells whether the comma is the decimal mark or groups thousands");
        return Under(profile, NumberSpelling.Of(readings, affix), "");
    }

    static string Examples(ColumnProfile profile) => string.Join(" and ", profile.Examples.Select(e => $"'{e}'"));

    /// <summary>The type under one spelling.</summary>
    public static ColumnFinding Under(ColumnProfile profile, NumberSpelling spelling, string because)
    {
        var (range, pointWritten) = profile.Numbers.Under(spelling);
        var format = new ColumnFormat { Numbers = spelling };
        if ((profile.Seen & TextShape.Scientific) != TextShape.None)
        {
            return range.IsBeyond || range.Digits > NumberText.DoubleDigits
                ? ColumnFinding.Text($"some value is in scientific notation, and others have more than the {NumberText.DoubleDigits} digits that a double holds")
                : new(DataType.Double, format, "some value is in scientific notation");
        }

        var spelled = spelling.IsPlain ? "" : $", written like {spelling}{Meaning(spelling.Affix)}{because}";
        var seen = $"every value is a number of at most {range.Whole} digits before and {range.Fraction} after the point{spelled}";
        return range.ExactType(pointWritten) switch
        {
            null => ColumnFinding.Text($"{seen}, more than the {DataType.MaxPrecision} that an exact decimal holds"),
            { IsInteger: true } type => new(type, format, $"every value is a whole number of at most {range.Whole} digits{spelled}"),
            var type => new(type, format, seen),
        };
    }

    static string Meaning(NumberAffix affix) => affix.Shift == 0 ? "" : $": the value is the fraction, 1 {affix.Name} is 0.{new string('0', affix.Shift - 1)}1";
}
