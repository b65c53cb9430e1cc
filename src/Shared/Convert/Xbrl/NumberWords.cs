using System.Globalization;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>Whole numbers in English words, up to billions: <c>twenty-one thousand and five</c>, <c>no</c>.</summary>
internal static class NumberWords
{
    static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    /// <summary>The number; null where it is none.</summary>
    public static string? Read(string text)
    {
        long sum = 0, group = 0;
        var words = text.ToLowerInvariant().Split([' ', '-', ',', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        if (words is ["no" or "none" or "nil"])
            return "0";
        foreach (var word in words)
        {
            if (word == "and")
                continue;
            if (Array.IndexOf(Small, word) is >= 0 and var small)
                group += small;
            else if (word.Length > 0 && Array.IndexOf(Tens, word) is >= 2 and var ten)
                group += ten * 10;
            else if (word == "hundred")
                group *= 100;
            else if (word is "thousand" or "million" or "billion")
                (sum, group) = (sum + (group * (word == "thousand" ? 1_000 : word == "million" ? 1_000_000 : 1_000_000_000)), 0);
            else
                return null;
            if (group > 1_000_000 || sum > 1_000_000_000_000_000)
                return null;
        }

        return words.Length == 0 ? null : (sum + group).ToString(CultureInfo.InvariantCulture);
    }
}
