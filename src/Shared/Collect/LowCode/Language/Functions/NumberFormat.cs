using System.Globalization;
using System.Numerics;

namespace DataIngestion.Collect;

/// <summary>One value in a field of a format: <c>&gt;10</c>, <c>05d</c>, <c>,.2f</c>, <c>x</c>.</summary>
internal sealed record NumberFormat
{
    public char Fill { get; init; } = ' ';

    public char? Align { get; init; }

    public char Sign { get; init; } = '-';

    public bool IsAlternate { get; init; }

    public int Width { get; init; }

    public char? Grouping { get; init; }

    public int? Precision { get; init; }

    public char Kind { get; init; }

    /// <summary>The value in its field.</summary>
    public string Apply(object? value)
    {
        if (Width > 10_000 || Precision > 1000)
            throw new TemplateException("a field of a format is wider than 10000 characters.");
        var isNumber = value is not null && Numbers.Is(value) && (value is not bool || Kind != '\0');
        if (!isNumber || Kind is 's' or 'r')
        {
            if (Kind is not ('\0' or 's' or 'r'))
                throw value is Undefined undefined ? undefined.Fault() : new ValueTypeException($"the format '{Kind}' takes a number, not {ValueNames.Of(value)}.");
            var text = Kind == 'r' ? PythonText.Repr(value) : PythonText.Str(value);
            return Padded(Precision is { } most && most < text.Length ? text[..most] : text, "", '<');
        }

        var (sign, digits) = Digits(value!);
        return Padded(digits, sign < 0 ? "-" : Sign is '+' or ' ' ? Sign.ToString() : "", '>');
    }

    (int Sign, string Digits) Digits(object value)
    {
        switch (Kind)
        {
            case 'd' or 'i' or 'u' or 'n' or '\0' when Numbers.IsWhole(value):
                return Whole(Numbers.Big(value), 10);
            case 'x' or 'X' or 'o' or 'b' when Numbers.IsWhole(value):
                return Whole(Numbers.Big(value), Kind switch { 'o' => 8, 'b' => 2, _ => 16 });
            case 'c' when Numbers.IsWhole(value):
                return (1, char.ConvertFromUtf32(Numbers.Int(value, "a character")));
            case 'd' or 'i' or 'u' or 'n' or 'x' or 'X' or 'o' or 'b' or 'c':
                throw new ValueTypeException($"the format '{Kind}' takes a whole number, not {ValueNames.Of(value)}.");
        }

        var real = Numbers.Real(value);
        if (!double.IsFinite(real))
            return (real < 0 ? -1 : 1, double.IsNaN(real) ? "nan" : "inf");
        var size = Math.Abs(real);
        var text = Kind switch
        {
            'f' or 'F' => Fixed(value, Precision ?? 6),
            '%' => Fixed(size * 100, Precision ?? 6) + "%",
            'e' or 'E' => Exponential(size, Precision ?? 6),
            '\0' when Precision is null => Numbers.Show(size),
            _ => General(size, Math.Max(1, Precision ?? 6)),
        };
        text = Kind is 'E' or 'G' ? text.ToUpperInvariant() : text;
        return (real < 0 || double.IsNegative(real) ? -1 : 1, Grouping is { } separator ? Grouped(text, separator) : text);
    }

    (int Sign, string Digits) Whole(BigInteger value, int radix)
    {
        var size = BigInteger.Abs(value);
        var digits = "";
        if (radix == 10)
        {
            digits = size.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            for (var rest = size; !rest.IsZero; rest /= radix)
                digits = "0123456789abcdef"[(int)(rest % radix)] + digits;
            digits = (IsAlternate ? radix switch { 16 => "0x", 8 => "0o", _ => "0b" } : "") + (digits.Length == 0 ? "0" : digits);
        }

        digits = Kind == 'X' ? digits.ToUpperInvariant() : digits;
        if (Precision is { } least)
            digits = digits.PadLeft(least, '0');
        return (value.Sign, Grouping is { } separator ? Grouped(digits, separator) : digits);
    }

    static string Fixed(object value, int precision)
    {
        if (value is decimal exact && precision <= 28)
            return Math.Round(Math.Abs(exact), precision, MidpointRounding.ToEven).ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Abs(Numbers.Real(value)).ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    static string Exponential(double size, int precision)
    {
        var text = size.ToString("e" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var at = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{text[..at]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    static string General(double size, int precision)
    {
        if (size == 0)
            return "0";
        var scientific = Exponential(size, precision - 1);
        var exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('e', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent >= -4 && exponent < precision)
            return Short(Fixed(size, precision - 1 - exponent));
        var mantissa = scientific[..scientific.IndexOf('e', StringComparison.Ordinal)];
        return Short(mantissa) + scientific[mantissa.Length..];
    }

    static string Short(string digits) => digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;

    static string Grouped(string digits, char separator)
    {
        var end = digits.IndexOfAny(['.', 'e', '%']);
        var whole = end < 0 ? digits : digits[..end];
        for (var at = whole.Length - 3; at > 0; at -= 3)
            whole = whole.Insert(at, separator.ToString());
        return end < 0 ? whole : whole + digits[end..];
    }

    string Padded(string text, string sign, char usual)
    {
        var missing = Width - text.Length - sign.Length;
        if (missing <= 0)
            return sign + text;
        return (Align ?? usual) switch
        {
            '<' => (sign + text).PadRight(Width, Fill),
            '^' => (sign + text).PadLeft(sign.Length + text.Length + (missing / 2), Fill).PadRight(Width, Fill),
            '=' => sign + text.PadLeft(Width - sign.Length, Fill),
            _ => (sign + text).PadLeft(Width, Fill),
        };
    }
}
