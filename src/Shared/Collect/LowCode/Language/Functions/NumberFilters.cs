using System.Globalization;
using System.Numerics;

namespace DataIngestion.Collect;

/// <summary>Filters about numbers.</summary>
internal static class NumberFilters
{
    static readonly string[] Decimal = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    static readonly string[] Binary = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    public static object? Abs(object? value) => Number(value, "abs") switch
    {
        decimal exact => Math.Abs(exact),
        { } whole when Numbers.IsWhole(whole) => Numbers.Normal(BigInteger.Abs(Numbers.Big(whole))),
        var real => Math.Abs(Numbers.Real(real)),
    };

    /// <summary>A whole number of a number or text; what is not one becomes the default.</summary>
    public static object? Int(object? value, CallValues values)
    {
        var otherwise = values.Has(0, "default", out var given) ? given : 0L;
        var radix = values.Int(1, "base", 10);
        return value switch
        {
            Undefined undefined => throw undefined.Fault(),
            string text => Whole(text, radix) ?? (double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? Truncated(real) : otherwise),
            { } number when Numbers.IsWhole(number) => Numbers.Normal(Numbers.Big(number)),
            decimal exact => Numbers.Normal(new BigInteger(decimal.Truncate(exact))),
            double real when double.IsFinite(real) => Truncated(real),
            _ => otherwise,
        };
    }

    /// <summary>A number of a number or text; what is not one becomes the default.</summary>
    public static object? Float(object? value, CallValues values)
    {
        var otherwise = values.Has(0, "default", out var given) ? given : 0.0;
        return value switch
        {
            Undefined undefined => throw undefined.Fault(),
            string text => Real(text) ?? otherwise,
            decimal or double => value,
            { } number when Numbers.Is(number) => Numbers.Real(number),
            _ => otherwise,
        };
    }

    public static object? Round(object? value, CallValues values)
    {
        var number = Number(value, "round");
        var digits = Math.Clamp(values.Int(0, "precision", 0), -300, 300);
        var method = values.Text(1, "method", "common");
        if (method is not ("common" or "ceil" or "floor"))
            throw new TemplateException($"round does not know '{method}': expected common, ceil or floor.");
        // A whole number is rounded as such, and shown without a fraction only where it was whole.
        if (method == "common")
        {
            return Numbers.IsWhole(number) && digits >= 0 ? Numbers.Normal(Numbers.Big(number))
                : number is decimal exact && digits is >= 0 and <= 28 ? decimal.Round(exact, digits, MidpointRounding.ToEven)
                : Rounded(Numbers.Real(number), digits);
        }

        var scale = Math.Pow(10, digits);
        var scaled = Numbers.Real(number) * scale;
        return (method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled)) / scale;
    }

    public static object? FileSize(object? value, CallValues values)
    {
        var bytes = value is string text ? Real(text) ?? 0.0 : Number(value, "filesizeformat");
        var size = Numbers.Real(bytes);
        var isBinary = values.Truth(0, "binary");
        double unit = isBinary ? 1024 : 1000;
        if (size < unit)
            return size == 1 ? "1 Byte" : $"{size.ToString("0", CultureInfo.InvariantCulture)} Bytes";
        var units = isBinary ? Binary : Decimal;
        var i = 0;
        for (var next = unit * unit; size >= next && i < units.Length - 1; next *= unit)
            i++;
        return $"{(size / Math.Pow(unit, i + 1)).ToString("0.0", CultureInfo.InvariantCulture)} {units[i]}";
    }

    /// <summary>The number that a text is, without a fraction, or null.</summary>
    static object? Whole(string text, int radix)
    {
        var digits = text.Trim().Replace("_", "", StringComparison.Ordinal);
        if (digits.Length is 0 or > 4300 || text.Trim().StartsWith('_') || text.Trim().EndsWith('_'))
            return null;
        if (radix == 10)
            return BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Numbers.Normal(number) : null;
        if (radix is < 2 or > 36)
            return null;

        var isNegative = digits[0] == '-';
        digits = digits.TrimStart('-', '+').ToLowerInvariant();
        var prefix = radix switch { 16 => "0x", 8 => "0o", 2 => "0b", _ => "" };
        digits = prefix.Length > 0 && digits.StartsWith(prefix, StringComparison.Ordinal) ? digits[2..] : digits;
        var sum = BigInteger.Zero;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : c is >= 'a' and <= 'z' ? c - 'a' + 10 : radix;
            if (digit >= radix)
                return null;
            sum = (sum * radix) + digit;
        }

        return digits.Length == 0 ? null : Numbers.Normal(isNegative ? -sum : sum);
    }

    static object? Real(string text)
    {
        var digits = text.Trim();
        if (digits.Length is 0 or > 400)
            return null;
        return digits.ToLowerInvariant().TrimStart('+', '-') switch
        {
            "inf" or "infinity" => digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            "nan" => double.NaN,
            _ => double.TryParse(digits.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? Numbers.Read(digits.Replace("_", "", StringComparison.Ordinal)) : null,
        };
    }

    static object Truncated(double real) => Numbers.Normal(new BigInteger(Math.Truncate(real)));

    static double Rounded(double number, int digits)
    {
        if (digits is >= 0 and <= 15)
            return Math.Abs(number) < 1e13 ? (double)decimal.Round((decimal)number, digits, MidpointRounding.ToEven) : number;
        var scale = Math.Pow(10, digits);
        return Math.Round(number * scale, MidpointRounding.ToEven) / scale;
    }

    static object Number(object? value, string filter) => value switch
    {
        Undefined undefined => throw undefined.Fault(),
        { } number when Numbers.Is(number) => number,
        _ => throw new ValueTypeException($"{filter} takes a number, not {ValueNames.Of(value)}."),
    };
}
