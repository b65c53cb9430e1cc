using System.Globalization;
using System.Numerics;

namespace DataIngestion.Collect;

/// <summary>Numbers as the language reckons with them: whole ones without bounds, others as IEEE doubles; what is only passed on stays exact (decimal).</summary>
internal static class Numbers
{
    /// <summary>Bits of a whole number beyond which reckoning stops.</summary>
    const int MaxBits = 65_536;

    /// <summary>Whether it is a number; truth values are.</summary>
    public static bool Is(object? value) => value is long or double or decimal or BigInteger or bool;

    /// <summary>Whether it is a whole number; truth values are.</summary>
    public static bool IsWhole(object? value) => value is long or BigInteger or bool;

    /// <summary>The smallest type that holds it.</summary>
    public static object Normal(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    /// <summary>A whole number as such.</summary>
    public static BigInteger Big(object value) => value switch
    {
        long n => n,
        bool b => b ? 1 : 0,
        BigInteger n => n,
        _ => throw new ValueTypeException($"expected a whole number, got {ValueNames.Of(value)}."),
    };

    /// <summary>A number as a double.</summary>
    public static double Real(object value) => value switch
    {
        long n => n,
        double d => d,
        decimal m => Nearest(m),
        bool b => b ? 1 : 0,
        BigInteger n => (double)n,
        _ => throw new ValueTypeException($"expected a number, got {ValueNames.Of(value)}."),
    };

    /// <summary>An index or count.</summary>
    public static int Int(object? value, string what)
    {
        if (value is Undefined undefined)
            throw undefined.Fault();
        if (!IsWhole(value))
            throw new ValueTypeException($"{what} is {ValueNames.Of(value)}: expected a whole number.");
        var big = Big(value!);
        return big > int.MaxValue ? int.MaxValue : big < int.MinValue ? int.MinValue : (int)big;
    }

    /// <summary>The whole number that a number equals; null where it has a fraction.</summary>
    public static BigInteger? WholeOf(object? value) => value switch
    {
        long n => n,
        bool b => b ? 1 : 0,
        BigInteger n => n,
        decimal m when decimal.Truncate(m) == m => new BigInteger(m),
        double d when double.IsFinite(d) && Math.Truncate(d) == d => new BigInteger(d),
        _ => null,
    };

    /// <summary>Order of two numbers; null where one is not a number (NaN).</summary>
    public static int? Compare(object left, object right)
    {
        if (left is decimal or long && right is decimal or long)
            return Exact(left).CompareTo(Exact(right));
        if (WholeOf(left) is { } a && WholeOf(right) is { } b)
            return a.CompareTo(b);
        double x = Real(left), y = Real(right);
        return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);
    }

    public static object Add(object left, object right) =>
        left is long a && right is long b && !Overflows(a, b) ? a + b
        : IsWhole(left) && IsWhole(right) ? Bounded(Big(left) + Big(right))
        : Real(left) + Real(right);

    public static object Subtract(object left, object right) =>
        IsWhole(left) && IsWhole(right) ? Bounded(Big(left) - Big(right)) : Real(left) - Real(right);

    public static object Multiply(object left, object right) =>
        IsWhole(left) && IsWhole(right) ? Bounded(Big(left) * Big(right)) : Real(left) * Real(right);

    public static object Divide(object left, object right)
    {
        NotZero(right);
        return Real(left) / Real(right);
    }

    public static object FloorDivide(object left, object right)
    {
        NotZero(right);
        if (!IsWhole(left) || !IsWhole(right))
            return Math.Floor(Real(left) / Real(right));
        var quotient = BigInteger.DivRem(Big(left), Big(right), out var rest);
        return Normal(!rest.IsZero && rest.Sign != Big(right).Sign ? quotient - 1 : quotient);
    }

    /// <summary>The rest, with the sign of the divisor.</summary>
    public static object Modulo(object left, object right)
    {
        NotZero(right);
        if (IsWhole(left) && IsWhole(right))
        {
            var rest = BigInteger.Remainder(Big(left), Big(right));
            return Normal(!rest.IsZero && rest.Sign != Big(right).Sign ? rest + Big(right) : rest);
        }

        double divisor = Real(right), real = Real(left) % divisor;
        return real != 0 && Math.Sign(real) != Math.Sign(divisor) ? real + divisor : real;
    }

    public static object Power(object left, object right)
    {
        if (!IsWhole(left) || !IsWhole(right) || Big(right).Sign < 0)
            return Math.Pow(Real(left), Real(right));
        BigInteger number = Big(left), exponent = Big(right);
        if (exponent > MaxBits || number.GetBitLength() * (long)exponent > MaxBits)
            throw new TemplateException($"{number} to the power of {exponent} is too large.");
        return Normal(BigInteger.Pow(number, (int)exponent));
    }

    public static object Negate(object value) => value switch
    {
        decimal m => -m,
        _ when IsWhole(value) => Normal(-Big(value)),
        _ => -Real(value),
    };

    /// <summary>The shortest text that reads as the same double, as the language shows it: <c>1.0</c>, <c>0.1</c>, <c>1e-07</c>, <c>1e+16</c>.</summary>
    public static string Show(double value)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        if (value == 0)
            return double.IsNegative(value) ? "-0.0" : "0.0";

        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = Exponent(shortest);
        var sign = value < 0 ? "-" : "";
        var digits = Digits(shortest);
        if (exponent is < -4 or >= 16)
        {
            var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
            return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>As a double is shown, unless digits would be lost.</summary>
    public static string Show(decimal value)
    {
        var real = Show(Nearest(value));
        if (decimal.TryParse(real, NumberStyles.Float, CultureInfo.InvariantCulture, out var back) && back == value)
            return real;
        var text = value.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    /// <summary>A number with a fraction or exponent from its text: exact where a decimal holds it, else a double.</summary>
    public static object Read(string text)
    {
        if (text.Length <= 29 && !text.Contains('e', StringComparison.OrdinalIgnoreCase)
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact))
        {
            return exact;
        }

        return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    // A cast may be one off in the last place.
    static double Nearest(decimal value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    static object Bounded(BigInteger value) => value.GetBitLength() <= MaxBits ? Normal(value) : throw new TemplateException("a number became too large.");

    static bool Overflows(long a, long b) => b > 0 ? a > long.MaxValue - b : a < long.MinValue - b;

    static decimal Exact(object value) => value is decimal m ? m : (long)value;

    static void NotZero(object value)
    {
        if (Real(value) == 0)
            throw new TemplateException("division by zero.");
    }

    // The power of ten of the first significant digit.
    static int Exponent(string shortest)
    {
        var parts = shortest.TrimStart('-').Split('E');
        var power = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? parts[0] : parts[0][..point];
        return whole.TrimStart('0').Length > 0
            ? power + whole.Length - 1
            : power - 1 - (parts[0][(point + 1)..].Length - parts[0][(point + 1)..].TrimStart('0').Length);
    }

    // The significant digits of a number without sign, point, exponent and zeros at either end.
    static string Digits(string shortest)
    {
        var mantissa = shortest.Split('E')[0].Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        return mantissa.TrimStart('0').TrimEnd('0');
    }
}
