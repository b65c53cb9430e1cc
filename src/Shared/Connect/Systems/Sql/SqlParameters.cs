using System.Globalization;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Values as drivers want them, and the parameters of a query.</summary>
internal static partial class SqlParameters
{
    /// <summary>The value of a text: a number as a number, exact, a time as a time where the column's driver type is one.</summary>
    public static object Parse(SqlValue value, Type? type)
    {
        var text = value.Text;
        var invariant = CultureInfo.InvariantCulture;
        if (type == typeof(DateTimeOffset) && DateTimeOffset.TryParse(text, invariant, DateTimeStyles.AssumeUniversal, out var instant))
            return instant;
        if (type == typeof(DateTime) && DateTimeOffset.TryParse(text, invariant, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return time.DateTime;
        if (type == typeof(DateOnly) && DateOnly.TryParse(text, invariant, out var day))
            return day;
        if (type == typeof(Guid) && Guid.TryParse(text, out var id))
            return id;
        if (type == typeof(byte[]))
            return Convert.FromBase64String(text);
        var isNumeric = value.IsNumber || (type is not null && IsNumeric(type));
        if (!isNumeric)
            return text;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var whole))
            return whole;
        if (ulong.TryParse(text, NumberStyles.None, invariant, out var large))
            return large;
        if (type == typeof(double) || type == typeof(float))
            return double.Parse(text, invariant);
        return decimal.TryParse(text, NumberStyles.Float, invariant, out var exact) && exact.ToString(invariant) == text ? exact
            : type is null && double.TryParse(text, invariant, out var near) ? near
            : text;
    }

    /// <summary>
    /// A query with its <c>{from}</c> and <c>{to}</c> replaced by parameters.
    /// </summary>
    /// <param name="query">The query as configured.</param>
    /// <param name="dialect">Writes the parameters.</param>
    /// <param name="from">Value of <c>{from}</c>.</param>
    /// <param name="to">Value of <c>{to}</c>; null for the database's time.</param>
    /// <param name="type">Type of the cursor.</param>
    /// <param name="bindings">The values, in the order of the parameters.</param>
    public static string Replace(string query, SqlDialect dialect, SqlValue? from, SqlValue? to, CursorType? type, out IReadOnlyList<SqlBinding> bindings)
    {
        var bound = new List<SqlBinding>();
        var text = Placeholders.Replace(query.Trim().TrimEnd(';'), match =>
        {
            if (match.Value == "{to}" && to is null)
                return dialect.NowSql;
            var binding = new SqlBinding(match.Value == "{from}" ? from : to, null);
            bound.Add(binding);
            return dialect.Parameter(bound.Count - 1, binding, type is { } known ? dialect.TypeOf(known) : null);
        });
        bindings = bound;
        return text;
    }

    static bool IsNumeric(Type type) => type.IsPrimitive || type == typeof(decimal);

    [GeneratedRegex(@"\{(from|to)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholders { get; }
}
