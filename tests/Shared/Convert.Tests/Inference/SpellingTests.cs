using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests.Inference;

/// <summary>Columns as they are written in different places, with the type and the values that they have.</summary>
public sealed class SpellingTests
{
    [Theory]
    [InlineData("1.234,56|-0,5|7", "decimal(18,2)", "1234.56|-0.5|7"), InlineData("1,234.56|12|1,234,567", "decimal(18,2)", "1234.56|12|1234567")]
    [InlineData("1\u00a0234,56|2\u202f000,00|-3\u2009000,1", "decimal(18,2)", "1234.56|2000|-3000.1"), InlineData("1 234|56 789", "int64", "1234|56789")]
    [InlineData("1'234.56|9’876.5", "decimal(18,2)", "1234.56|9876.5"), InlineData("12,34,567.89|1,234|5", "decimal(18,2)", "1234567.89|1234|5")]
    [InlineData("12.5%|-3 %|100%", "decimal(18,3)", "0.125|-0.03|1"), InlineData("25 bps|-0.5bps", "decimal(18,5)", "0.0025|-0.00005")]
    [InlineData("12,5 %|0,25 %", "decimal(18,4)", "0.125|0.0025")]
    [InlineData("$1,234.50|($3.25)|-$7", "decimal(18,2)", "1234.5|-3.25|-7"), InlineData("1.234,50 €|-2,00 €", "decimal(18,2)", "1234.5|-2")]
    [InlineData("EUR 5|EUR 1,234,567|EUR -6", "int64", "5|1234567|-6"), InlineData("5 kr|7 kr", "int64", "5|7"), InlineData("CHF 1'000.05|CHF 2", "decimal(18,2)", "1000.05|2")]
    [InlineData("(1,234.50)|5-|+7|\u22128", "decimal(18,2)", "-1234.5|-5|7|-8"), InlineData("(5)|6", "int64", "-5|6")]
    [InlineData("1,5|2", "decimal(18,1)", "1.5|2"), InlineData("0,123|1,234", "decimal(18,3)", "0.123|1.234"), InlineData("1.234|5.678", "decimal(18,3)", "1.234|5.678")]
    [InlineData("1.234|1.234.567", "int64", "1234|1234567"), InlineData("1.234|0,5", "decimal(18,1)", "1234|0.5"), InlineData("1,234|1.5", "decimal(18,1)", "1234|1.5")]
    [InlineData("18446744073709551615|0", "uint64", "18446744073709551615|0"), InlineData("18446744073709551616|0", "decimal(38,0)", "18446744073709551616|0")]
    [InlineData("-9223372036854775808|9223372036854775807", "int64", "-9223372036854775808|9223372036854775807"), InlineData("-1|9223372036854775808", "decimal(38,0)", "-1|9223372036854775808")]
    [InlineData("99999999999999999999999999999999999999|-99999999999999999999999999999999999999", "decimal(38,0)", "99999999999999999999999999999999999999|-99999999999999999999999999999999999999")]
    [InlineData("0.00000000000000000000000000000000000001|-.5", "decimal(38,38)", "0.00000000000000000000000000000000000001|-0.5")]
    [InlineData("1,234,567,890,123,456,789,012,345.678|1.5", "decimal(38,3)", "1234567890123456789012345.678|1.5")]
    [InlineData("1e5|-2.5E-3|12345678901234567", "double", "100000|-0.0025|12345678901234568")]
    [InlineData("yes|NO|Yes", "boolean", "True|False|True"), InlineData("Y|n", "boolean", "True|False"), InlineData("t|F", "boolean", "True|False"), InlineData("on|off", "boolean", "True|False")]
    public void Numbers_and_booleans_have_one_exact_value(string cells, string type, string values) => Holds(cells, type, values);

    [Theory]
    [InlineData("2024-02-29|1999-1-2", "date", "2024-02-29|1999-01-02"), InlineData("2024/02/29|1999/1/2", "date", "2024-02-29|1999-01-02"), InlineData("2024.02.29", "date", "2024-02-29")]
    [InlineData("20240229|19991231", "date", "2024-02-29|1999-12-31"), InlineData("31.12.2024|1.2.2024", "date", "2024-12-31|2024-02-01")]
    [InlineData("31/12/2024|01/02/2024", "date", "2024-12-31|2024-02-01"), InlineData("12/31/2024|01/02/2024", "date", "2024-12-31|2024-01-02"), InlineData("31-12-2024|01-02-2024", "date", "2024-12-31|2024-02-01")]
    [InlineData("05-Jan-2024|6 February 2024|07MAR2024|Apr 8, 2024|Sept. 9, 2024", "date", "2024-01-05|2024-02-06|2024-03-07|2024-04-08|2024-09-09")]
    [InlineData("0001-01-01|9999-12-31", "date", "0001-01-01|9999-12-31")]
    [InlineData("2024-01-02T03:04:05|2024-01-02 03:04|2024-01-02 03:04:05.123456", "timestamp(us)", "2024-01-02T03:04:05|2024-01-02T03:04:00|2024-01-02T03:04:05.123456")]
    [InlineData("2024-01-02T03:04:05.000000001Z|2024-01-02 05:04:05+02:00|2024-01-02T03:04:05 UTC|2024-01-01T22:04:05-0500|2024-01-02T03:04:05+00", "timestamp(ns,utc)", "2024-01-02T03:04:05.000000001Z|2024-01-02T03:04:05Z|2024-01-02T03:04:05Z|2024-01-02T03:04:05Z|2024-01-02T03:04:05Z")]
    [InlineData("20240102030405|20240102030405.5|20240102 03:04:05|20240102T030405|20240102-03:04:05.25", "timestamp(us)", "2024-01-02T03:04:05|2024-01-02T03:04:05.5|2024-01-02T03:04:05|2024-01-02T03:04:05|2024-01-02T03:04:05.25")]
    [InlineData("Tue, 02 Jan 2024 03:04:05 +0000|2 Jan 2024 03:04 GMT|Mon, 1 Jan 2024 22:04:05 EST|Mon, 1 Jan 2024 20:04:05 PDT", "timestamp(us,utc)", "2024-01-02T03:04:05Z|2024-01-02T03:04:00Z|2024-01-02T03:04:05Z|2024-01-02T03:04:05Z")]
    [InlineData("1/13/2024 3:04 PM|12/1/2024 12:00:00 AM|2/3/2024 12:30 pm", "timestamp(us)", "2024-01-13T15:04:00|2024-12-01T00:00:00|2024-02-03T12:30:00")]
    [InlineData("13.01.2024 15:04|01.02.2024 00:00:00,5", "timestamp(us)", "2024-01-13T15:04:00|2024-02-01T00:00:00.5")]
    // Clocks go forward and back: offsets say which of two equal hours is meant, and the moment is exact.
    [InlineData("2024-10-27T02:30:00+02:00|2024-10-27T02:30:00+01:00|2024-03-31T03:00:00+02:00", "timestamp(us,utc)", "2024-10-27T00:30:00Z|2024-10-27T01:30:00Z|2024-03-31T01:00:00Z")]
    [InlineData("1677-09-21T00:00:00|2262-04-12T00:00:00", "timestamp(us)", "1677-09-21T00:00:00|2262-04-12T00:00:00")]
    [InlineData("09:30:00|9:30|9:30 PM|12:00 AM", "time(us)", "09:30:00|09:30:00|21:30:00|00:00:00"), InlineData("09:30:00.123456789", "time(ns)", "09:30:00.123456789")]
    [InlineData("30:15:00|09:30:00.5|-01:00:00", "duration(us)", "30:15:00|09:30:00.5|-01:00:00"), InlineData("PT1H30M|P2D|-PT0.5S|P1W", "duration(us)", "01:30:00|48:00:00|-00:00:00.5|168:00:00")]
    public void Dates_and_times_are_the_same_whatever_way_they_are_written(string cells, string type, string values) => Holds(cells, type, values);

    static void Holds(string cells, string type, string values)
    {
        var texts = cells.Split('|');
        var plan = Columns.Plan(Columns.Profile(texts));

        Assert.Equal(type, plan.Column.Type.ToString());
        Assert.Equal(values, string.Join('|', Columns.Read(plan, strict: true, texts).Select(Text)));
    }

    static string? Text(object? value) => value switch
    {
        DateOnly day => day.ToString("yyyy-MM-dd"),
        ExactDecimal number => number.Normalize().ToString(),
        decimal number => ExactDecimal.FromDecimal(number).Normalize().ToString(),
        DurationValue length => Length(length),
        _ => value?.ToString(),
    };

    static string Length(DurationValue length)
    {
        var perSecond = length.Unit == TimeUnit.Nanoseconds ? 1_000_000_000 : 1_000_000;
        var (seconds, fraction) = Math.DivRem(Math.Abs(length.Units), perSecond);
        var end = fraction == 0 ? "" : "." + (fraction + perSecond).ToString()[1..].TrimEnd('0');
        return $"{(length.Units < 0 ? "-" : "")}{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}{end}";
    }

    [Theory]
    [InlineData("1,234|567", "no value tells whether the comma"), InlineData("1,234|1.234", "no value tells whether the comma"), InlineData("01/02/2024|05/05/2024", "the day or the month")]
    [InlineData("01/02/2024 10:00", "the day or the month"), InlineData("N|N|n", "one of y/n, and the other was not seen"), InlineData("(1)|(2)", "a list's numbering"), InlineData("NA||null", "no value was seen")]
    public void What_one_more_value_could_decide_is_open_and_stays_text(string cells, string because)
    {
        var found = Columns.Profile(cells.Split('|')).Infer();
        Assert.Equal(DataType.String, found.Type);
        Assert.True(found.IsOpen);
        Assert.Contains(because, found.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,5|1.5|2.000,5", "whose marks no one format explains"), InlineData("$5|€5", "currency"), InlineData("$5|5", "currency"), InlineData("5%|5", "percent"), InlineData("5%|5 bp", "percent")]
    [InlineData("007|8", "starts with zeros"), InlineData("EUR100|EUR200", "is text"), InlineData("1,2345|1,234.5", "no one format"), InlineData("1.234.56", "is text"), InlineData("100+", "is text")]
    [InlineData("13/01/2024|01/13/2024", "some with the day and some with the month first"), InlineData("01/02/24", "is text"), InlineData("2024-02-30", "is text"), InlineData("0000-01-01", "is text"), InlineData("10000-01-01", "is text")]
    [InlineData("2016-12-31T23:59:60Z", "is text"), InlineData("2024-01-01T24:00:00", "is text"), InlineData("2024-01-01 10:00 America/New_York", "is text"), InlineData("2024-01-01T10:00:00+19:00", "is text")]
    [InlineData("2024-01-01 10:00 EST", "is text"), InlineData("2024-01-01T10:00:00|2024-01-01T10:00:00Z", "several kinds"), InlineData("2024-01-01|01.02.2024", "several kinds"), InlineData("P1Y|PT5M", "is text")]
    [InlineData("1600-01-01T00:00:00|2024-01-01T00:00:00.123456789", "outside the years"), InlineData("yes|true", "words of"), InlineData("true|1", "several kinds"), InlineData("9:30|30:00:00", "several kinds")]
    [InlineData("123456789012345678901234567890123456789|1", "more than the 38"), InlineData("1e5|123456789012345678", "17 digits"), InlineData("1e999|1", "is text"), InlineData("1e-999", "is text")]
    public void What_no_type_holds_exactly_is_text_and_the_evidence_says_why(string cells, string because)
    {
        var found = Columns.Profile(cells.Split('|')).Infer();
        Assert.Equal(DataType.String, found.Type);
        Assert.False(found.IsOpen);
        Assert.Contains(because, found.Evidence, StringComparison.Ordinal);
    }
}
