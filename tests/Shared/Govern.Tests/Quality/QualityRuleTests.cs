using DataIngestion.Contracts;

namespace DataIngestion.Govern.Tests;

public sealed class QualityRuleTests
{
    static readonly DatasetDefinition Bars = new()
    {
        Dataset = "bars",
        Keys = ["symbol"],
        Columns = new Dictionary<string, ColumnDefinition>
        {
            ["symbol"] = new() { Type = ColumnKind.String },
            ["low"] = new() { Type = ColumnKind.Decimal },
            ["high"] = new() { Type = ColumnKind.Float },
            ["day"] = new() { Type = ColumnKind.Date },
        },
    };

    [Theory]
    [InlineData("low <= high", -1, true)]
    [InlineData("low<=high", 0, true)]
    [InlineData("low <= high", 1, false)]
    [InlineData("low < high", 0, false)]
    [InlineData(" low = high ", 0, true)]
    [InlineData("low = high", 1, false)]
    [InlineData("low >= high", 0, true)]
    [InlineData("low > 0", 1, true)]
    [InlineData("-1.5e3 < low", -1, true)]
    public void A_rule_says_how_its_sides_compare(string text, int order, bool holds)
    {
        var rule = QualityRule.Parse(text, Bars, out var fault);
        Assert.Null(fault);
        Assert.Equal(holds, rule!.Holds(order));
    }

    [Theory]
    [InlineData("", "has no comparison")]
    [InlineData("low", "has no comparison")]
    [InlineData("low != high", "has the comparison '!=' at character 5")]
    [InlineData("low == high", "has the comparison '=='")]
    [InlineData("low =< high", "has the comparison '=<'")]
    [InlineData("0 < low < high", "has a second comparison at character 9")]
    [InlineData("low <", "lacks a side")]
    [InlineData("<= high", "lacks a side")]
    [InlineData("close > 0", "names 'close', which is neither a number nor one of the columns symbol, low, high, day")]
    [InlineData("low > 1,5", "names '1,5'")]
    [InlineData("1 < 2", "compares two numbers")]
    [InlineData("symbol > 0", "compares 'symbol' (text) with the number 0")]
    [InlineData("day < low", "compares 'day' (a day) with 'low' (a number)")]
    public void A_rule_that_makes_no_sense_says_why(string text, string fault) =>
        Assert.Contains(fault, Assert.Single(QualityRules.Validate(Bars with { Quality = new() { Rules = [text] } })), StringComparison.Ordinal);

    [Fact]
    public void All_faults_of_a_dataset_are_told_at_once()
    {
        var columns = new Dictionary<string, ColumnDefinition>(Bars.Columns) { ["day"] = new() { Type = ColumnKind.Date, Minimum = 1 } };
        var faults = QualityRules.Validate(Bars with { Columns = columns, Quality = new() { Rules = ["low > 0", "a > b", "low ~ 1"] } });
        Assert.Equal(3, faults.Count);
        Assert.Contains("'day' has a minimum or maximum and is Date", faults[0], StringComparison.Ordinal);
    }
}
