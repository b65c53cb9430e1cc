using System.Globalization;
using System.Numerics;

namespace DataIngestion.Collect;

/// <summary>
/// Keys of maps. They are text but for literals in templates such as <c>{1: 'open'}</c>, whose keys are kept as text that no JSON name begins with.
/// Numbers that are equal are the same key, as <c>1</c> and <c>1.0</c>.
/// </summary>
internal static class MapKey
{
    const string Mark = "\0#";

    /// <summary>How a value is kept as a key.</summary>
    public static string Of(object? value) => value switch
    {
        string text => text,
        null => Mark + "n",
        bool b => Mark + (b ? "1" : "0"),
        long n => Mark + n.ToString(CultureInfo.InvariantCulture),
        BigInteger n => Mark + n.ToString(CultureInfo.InvariantCulture),
        decimal or double when Numbers.WholeOf(value) is { } whole => Mark + whole.ToString(CultureInfo.InvariantCulture),
        decimal or double => Mark + "d" + PythonText.Str(value),
        DayValue or MomentValue => Mark + "t" + PythonText.Repr(value),
        LowCodeTuple tuple => Mark + "(" + PythonText.Repr(tuple),
        Undefined => Mark + "u",
        _ => throw new ValueTypeException($"{ValueNames.Of(value)} cannot be a key: expected text or a number."),
    };

    /// <summary>The value that a key was.</summary>
    public static object? Value(string key) => !key.StartsWith(Mark, StringComparison.Ordinal) ? key : key[Mark.Length..] switch
    {
        "n" => null,
        ['d', .. var real] => double.Parse(real, CultureInfo.InvariantCulture),
        ['t' or '(', .. var text] => text,
        var whole when BigInteger.TryParse(whole, CultureInfo.InvariantCulture, out var number) => Numbers.Normal(number),
        var other => other,
    };
}
