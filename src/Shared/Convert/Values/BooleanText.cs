using System.Text;

namespace DataIngestion.Conversion.Values;

/// <summary>The words for true and false, in pairs; a column uses one pair.</summary>
internal static class BooleanText
{
    /// <summary>The pair that needs no vote: it means nothing else.</summary>
    public const int TrueFalse = 0;

    /// <summary>1 and 0: numbers, unless a schema says that the column is boolean.</summary>
    public const int OneZero = 5;

    static readonly (byte[] True, byte[] False)[] Pairs =
        [Pair("true", "false"), Pair("yes", "no"), Pair("y", "n"), Pair("t", "f"), Pair("on", "off"), Pair("1", "0")];

    static (byte[] True, byte[] False) Pair(string yes, string no) => (Encoding.ASCII.GetBytes(yes), Encoding.ASCII.GetBytes(no));

    /// <summary>A pair as people write it: <c>yes/no</c>.</summary>
    public static string Name(int pair) => $"{Encoding.ASCII.GetString(Pairs[pair].True)}/{Encoding.ASCII.GetString(Pairs[pair].False)}";

    /// <summary>The pair of a name such as <c>yes/no</c>; -1 if there is none.</summary>
    public static int PairOf(string name) => Array.FindIndex(Pairs, p => Name(Array.IndexOf(Pairs, p)).Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A word in any case, and its pair.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out int pair, out bool value)
    {
        (pair, value) = (0, false);
        if (text.Length is 0 or > 5)
            return false;
        (pair, value) = ((text[0] | 0x20), text.Length) switch
        {
            ('t', 4) => (0, true),
            ('f', 5) => (0, false),
            ('y', 3) => (1, true),
            ('n', 2) => (1, false),
            ('y', 1) => (2, true),
            ('n', 1) => (2, false),
            ('t', 1) => (3, true),
            ('f', 1) => (3, false),
            ('o', 2) => (4, true),
            ('o', 3) => (4, false),
            ('1', 1) => (OneZero, true),
            ('0', 1) => (OneZero, false),
            _ => (-1, false),
        };
        return pair >= 0 && Ascii.EqualsIgnoreCase(text, value ? Pairs[pair].True : Pairs[pair].False);
    }
}
