using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>Values written by a configured format instead of one that was found.</summary>
internal static class FormatParser
{
    /// <summary>A parser for a column whose format is configured.</summary>
    /// <param name="format">
    /// Dates and timestamps: a .NET pattern such as <c>MM/dd/yyyy</c>, or a count since 1970: <c>epoch-s</c>, <c>epoch-ms</c>, <c>epoch-us</c>, <c>epoch-ns</c>,
    /// also called <c>unix-seconds</c>, <c>unix-milliseconds</c>, <c>unix-microseconds</c>, <c>unix-nanoseconds</c> as in cursors; dates also <c>period</c>, see <see cref="PeriodParser"/>.
    /// Numbers: one of them that leaves nothing open, such as <c>1.234,56</c>, <c>12,34,567.8</c>, <c>€ 1.234,56</c> or <c>1.5 %</c>.
    /// Booleans: <c>yes/no</c>, <c>1/0</c>. Binary: <c>base64</c> or <c>hex</c>.
    /// </param>
    /// <exception cref="ConversionException">The column is of another type, or the format is none.</exception>
    public static CellParser Of(DataColumn column, ColumnBuilder builder, string format)
    {
        if (column.Type.Kind is DataKind.Date && format == PeriodParser.Name)
            return new PeriodParser((FixedBuilder<int>)builder);
        if (column.Type.Kind is DataKind.Date or DataKind.Timestamp && Epoch(format) is null && !format.StartsWith("epoch", StringComparison.Ordinal) && !format.StartsWith("unix", StringComparison.Ordinal))
            return PatternParser.Of(column, builder, format);
        return CellParser.For(column.Type, builder, Read(column, format));
    }

    static ColumnFormat Read(DataColumn column, string format)
    {
        var (found, expected) = column.Type.Kind switch
        {
            DataKind.Date or DataKind.Timestamp => (Epoch(format), "a pattern, or epoch-s, epoch-ms, epoch-us or epoch-ns"),
            DataKind.Boolean => (BooleanText.PairOf(format) is >= 0 and var words ? new ColumnFormat { Words = words } : null, "true/false, yes/no, y/n, t/f, on/off or 1/0"),
            DataKind.Binary => (format switch { "hex" => new ColumnFormat { Binary = BinaryForm.Hexadecimal }, "base64" => ColumnFormat.Default, _ => null }, "hex or base64"),
            _ when column.Type.IsExactNumber || column.Type.Kind is DataKind.Double or DataKind.Float => (Number(format), "a number that leaves nothing open, such as 1.234,56"),
            _ => ((ColumnFormat?)null, ""),
        };
        if (found is null && expected.Length == 0)
            throw new ConversionException($"Column '{column.Name}' is {column.Type} and has the format '{format}': only dates, timestamps, numbers, booleans and binary can have one.");
        return found ?? throw new ConversionException($"'{format}', the format of column '{column.Name}', is none for {column.Type}: expected {expected}.");
    }

    static ColumnFormat? Epoch(string format) => format switch
    {
        "epoch-s" or "unix-seconds" => new() { EpochCount = 1_000_000_000 },
        "epoch-ms" or "unix-milliseconds" => new() { EpochCount = 1_000_000 },
        "epoch-us" or "unix-microseconds" => new() { EpochCount = 1_000 },
        "epoch-ns" or "unix-nanoseconds" => new() { EpochCount = 1 },
        _ => null,
    };

    static ColumnFormat? Number(string format)
    {
        if (!SpelledNumber.TryRead(System.Text.Encoding.UTF8.GetBytes(format), out var number))
            return null;
        var isOpen = number.HasMarks && (number.Readings & NumberSpelling.CommaReadings) != 0 && (number.Readings & NumberSpelling.PointReadings) != 0;
        return isOpen ? null : new ColumnFormat { Numbers = NumberSpelling.Of(number.Readings, number.Affix) };
    }
}
