using System.Globalization;
using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Values;

/// <summary>Dates and timestamps written by a configured pattern instead of ISO 8601.</summary>
internal static class PatternParser
{
    const int MostCharacters = 64;

    /// <summary>A parser for a date or timestamp column.</summary>
    /// <exception cref="ConversionException">The column is of another type, or the pattern is none.</exception>
    public static CellParser Of(DataColumn column, ColumnBuilder builder, string pattern)
    {
        try
        {
            _ = DateTime.UnixEpoch.ToString(pattern, CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            throw new ConversionException($"'{pattern}', the format of column '{column.Name}', is not a pattern of dates: expected one such as MM/dd/yyyy or yyyyMMdd HH:mm:ss.");
        }

        return column.Type.Kind switch
        {
            DataKind.Date => new DateParser((FixedBuilder<int>)builder, pattern),
            DataKind.Timestamp => new TimestampParser((FixedBuilder<long>)builder, pattern, column.Type),
            _ => throw new ConversionException($"Column '{column.Name}' is {column.Type} and has the format '{pattern}': only dates and timestamps can have one."),
        };
    }

    static ReadOnlySpan<char> Characters(ReadOnlySpan<byte> text, Span<char> buffer) =>
        text.Length <= MostCharacters && Encoding.UTF8.TryGetChars(text, buffer, out var length) ? buffer[..length] : default;

    sealed class DateParser(FixedBuilder<int> builder, string pattern) : CellParser
    {
        static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            // Days written as instants are common: the pattern says how, and the day is the one that is written.
            if (!DateTimeOffset.TryParseExact(Characters(text, stackalloc char[MostCharacters]), pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
                return false;
            builder.Append(DateOnly.FromDateTime(moment.DateTime).DayNumber - Epoch);
            return true;
        }
    }

    sealed class TimestampParser(FixedBuilder<long> builder, string pattern, DataType type) : CellParser
    {
        public override bool TryAppend(ReadOnlySpan<byte> text)
        {
            if (!DateTimeOffset.TryParseExact(
                Characters(text, stackalloc char[MostCharacters]), pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
                return false;
            var value = type.IsUtc ? moment.UtcDateTime : moment.DateTime;
            builder.Append(TimestampValue.FromDateTime(value, type.Unit, type.IsUtc).Units);
            return true;
        }
    }
}
