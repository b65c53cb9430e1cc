using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>
/// What a value without quotes is: as YAML 1.1 says, which manifests are written for (<c>yes</c> is true, <c>010</c> is 8). Days stay text.
/// </summary>
internal static partial class ManifestScalars
{
    /// <summary>Null, bool, long, BigInteger, decimal, double or the text itself.</summary>
    public static object? Read(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        ".inf" or ".Inf" or ".INF" or "+.inf" => double.PositiveInfinity,
        "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
        ".nan" or ".NaN" or ".NAN" => double.NaN,
        _ when text.Length > 400 || !(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.') => text,
        _ when Whole().IsMatch(text) => Numbers.Normal(BigInteger.Parse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        _ when Octal().IsMatch(text) => Based(text, 1, 8),
        _ when Hex().IsMatch(text) => Based(text, 2, 16),
        _ when Real().IsMatch(text) => Numbers.Read(text.Replace("_", "", StringComparison.Ordinal)),
        _ => text,
    };

    static object Based(string text, int prefix, int radix)
    {
        var isNegative = text[0] == '-';
        var sum = BigInteger.Zero;
        foreach (var c in text.TrimStart('-', '+')[prefix..].Where(c => c != '_'))
            sum = (sum * radix) + Convert.ToInt32(c.ToString(), 16);
        return Numbers.Normal(isNegative ? -sum : sum);
    }

    [GeneratedRegex(@"\A[-+]?(0|[1-9][0-9_]*)\z", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A[-+]?0[0-7_]+\z", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Octal();

    [GeneratedRegex(@"\A[-+]?0x[0-9a-fA-F_]+\z", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Hex();

    [GeneratedRegex(@"\A[-+]?([0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9][0-9_]*([eE][-+][0-9]+)?)\z", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Real();
}
