using System.Globalization;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>Cells as values for people and programs, and the way back.</summary>
internal static class Cells
{
    /// <summary>A value as in <see cref="SnapshotPage.Rows"/>.</summary>
    public static object? ValueOf(ColumnVector column, int row) => column.GetValue(row) switch
    {
        null => null,
        string or bool or long or ulong or decimal or float or double => column.GetValue(row),
        _ => column.GetText(row),
    };

    /// <summary>One cell with the value that a text says, to compare a column's cells with; null when the text is not of the type.</summary>
    public static ColumnVector? Parse(DataType type, string text)
    {
        var (like, value) = ReadAs(type, text);
        if (value is null)
            return null;
        var builder = ColumnBuilder.For(like);
        try
        {
            builder.AppendValue(value);
        }
        catch (ArgumentException)
        {
            return null;
        }

        return builder.Detach();
    }

    /// <summary>A number to compare a column's cells with.</summary>
    public static ColumnVector NumberOf(decimal number)
    {
        var exact = ExactDecimal.FromDecimal(number);
        var builder = ColumnBuilder.For(DataType.Decimal(DataType.MaxPrecision, exact.Scale));
        builder.AppendValue(exact);
        return builder.Detach();
    }

    /// <summary>Compares two cells that have values; exact numbers with floating ones as floating.</summary>
    public static int Compare(ColumnVector left, int leftRow, ColumnVector right, int rightRow)
    {
        var mixed = left.Type != right.Type && left.Type.IsFloating != right.Type.IsFloating;
        return mixed ? NumberOf(left, leftRow).CompareTo(NumberOf(right, rightRow)) : left.Compare(leftRow, right, rightRow);
    }

    /// <summary>Whether two columns can be compared by <see cref="Compare"/>.</summary>
    public static bool AreComparable(DataType left, DataType right) =>
        left.IsNested ? left == right : left.Kind == right.Kind ? left.IsUtc == right.IsUtc : IsNumber(left) && IsNumber(right);

    public static bool IsNumber(DataType type) => type.IsExactNumber || type.IsFloating;

    static double NumberOf(ColumnVector column, int row) =>
        column switch
        {
            FixedColumn<double> floating => floating.Values[row],
            FixedColumn<float> single => single.Values[row],
            _ => double.Parse(column.GetText(row)!, CultureInfo.InvariantCulture),
        };

    static (DataType Like, object? Value) ReadAs(DataType type, string text)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        switch (type.Kind)
        {
            case DataKind.String:
                return (type, text);
            case DataKind.Boolean:
                return (type, bool.TryParse(text, out var flag) ? flag : null);
            case DataKind.Double:
                return (type, double.TryParse(text, CultureInfo.InvariantCulture, out var floating) ? floating : null);
            case DataKind.Float:
                return (type, float.TryParse(text, CultureInfo.InvariantCulture, out var single) ? single : null);
            case DataKind.Date:
                return (type, DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null);
            case DataKind.Timestamp when type.IsUtc:
                return (type, DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var moment) ? moment : null);
            default:
                if (!type.IsExactNumber || !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                    return (type, null);
                var exact = ExactDecimal.FromDecimal(number);
                return (DataType.Decimal(DataType.MaxPrecision, exact.Scale), exact); // compares by number, whatever the column's scale
        }
    }
}
