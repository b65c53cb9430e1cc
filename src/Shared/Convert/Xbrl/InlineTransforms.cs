using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>
/// The transformations of the Inline XBRL registry (versions 1 to 5), by local name, as far as they are for numbers, truth, nothing, and dates of
/// numbers or English months. The names of version 1 lack the dashes of later ones.
/// </summary>
internal static class InlineTransforms
{
    const int TwentiethCentury = 1900;
    static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>Orders of days, months and years by the name without dashes, <c>-en</c> and <c>-roman</c>.</summary>
    static readonly FrozenDictionary<string, string> Dates = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["datedaymonthyear"] = "dmy",
        ["datedaymonthyearen"] = "dmy",
        ["datedaymonthnameyearen"] = "dmy",
        ["datelonguk"] = "dmy",
        ["dateshortuk"] = "dmy",
        ["dateslasheu"] = "dmy",
        ["datedoteu"] = "dmy",
        ["datemonthdayyear"] = "mdy",
        ["datemonthdayyearen"] = "mdy",
        ["datemonthnamedayyearen"] = "mdy",
        ["datelongus"] = "mdy",
        ["dateshortus"] = "mdy",
        ["dateslashus"] = "mdy",
        ["datedotus"] = "mdy",
        ["dateyearmonthday"] = "ymd",
        ["dateyearmonthnamedayen"] = "ymd",
        ["datedaymonth"] = "dm",
        ["datedaymonthen"] = "dm",
        ["datedaymonthnameen"] = "dm",
        ["datelongdaymonthuk"] = "dm",
        ["dateshortdaymonthuk"] = "dm",
        ["dateslashdaymontheu"] = "dm",
        ["datemonthday"] = "md",
        ["datemonthdayen"] = "md",
        ["datemonthnamedayen"] = "md",
        ["datelongmonthdayus"] = "md",
        ["dateshortmonthdayus"] = "md",
        ["dateslashmonthdayus"] = "md",
        ["datemonthyear"] = "my",
        ["datemonthyearen"] = "my",
        ["datemonthnameyearen"] = "my",
        ["datelongmonthyear"] = "my",
        ["dateshortmonthyear"] = "my",
        ["datequarterend"] = "",
        ["dateyearmonth"] = "ym",
        ["dateyearmonthnameen"] = "ym",
        ["dateyearmonthen"] = "ym",
        ["datelongyearmonth"] = "ym",
        ["dateshortyearmonth"] = "ym",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The value behind a displayed text.</summary>
    /// <param name="format">With or without prefix.</param>
    /// <returns>Null where the transformation is not known or the text is not what it is for.</returns>
    public static string? Apply(string format, string text)
    {
        var name = format[(format.IndexOf(':', StringComparison.Ordinal) + 1)..].Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        var shown = text.Trim(' ', '\t', '\r', '\n', '\u00A0');
        switch (name)
        {
            case "numdotdecimal" or "numcommadot" or "numspacedot" or "numdotdecimalin" or "numdotdecimalapos":
                return Digits(shown, '.');
            case "numcommadecimal" or "numdotcomma" or "numspacecomma" or "numcomma" or "numcommadecimalapos":
                return Digits(shown, ',');
            case "numunitdecimal" or "numunitdecimalin":
                return Units(shown);
            case "zerodash" or "fixedzero" or "numdash":
                return "0";
            case "nocontent" or "fixedempty":
                return "";
            case "booleanfalse" or "fixedfalse":
                return "false";
            case "booleantrue" or "fixedtrue":
                return "true";
            case "numwordsen":
                return NumberWords.Read(shown);
            case "boolballotbox":
                return shown switch { "\u2610" or "\u2610\uFE0E" => "false", "\u2611" or "\u2612" or "\u00FE" or "\u2611\uFE0E" or "\u2612\uFE0E" => "true", _ => null };
            default:
                return Dates.TryGetValue(name, out var order) ? Date(order, shown) : null;
        }
    }

    /// <summary>A number with groups.</summary>
    static string? Digits(string text, char point)
    {
        var number = new StringBuilder();
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character))
                number.Append(character);
            else if (character == point)
                number.Append('.');
            else if (character is not (' ' or '\u00A0' or '\u202F' or '\u2009' or ',' or '.' or '\'' or '\u2019'))
                return null;
        }

        return Markup.FieldTexts.Number(number.ToString());
    }

    /// <summary>A number whose units are words: <c>5 dollars 30 cents</c>.</summary>
    static string? Units(string text)
    {
        var runs = new List<string>();
        var run = new StringBuilder();
        foreach (var character in text + " ")
        {
            if (char.IsAsciiDigit(character))
                run.Append(character);
            else if (run.Length > 0 && character is not (',' or '.'))
            {
                runs.Add(run.ToString());
                run.Clear();
            }
        }

        return runs is [var whole, var part] ? Markup.FieldTexts.Number($"{whole}.{part.PadLeft(2, '0')}") : null;
    }

    static string? Date(string order, string text)
    {
        var words = Words(text);
        if (order.Length == 0 || words.Count != order.Length)
            return null;
        int? day = null, month = null, year = null;
        foreach (var (part, word) in order.Zip(words))
        {
            var number = part == 'm' && !char.IsAsciiDigit(word[0]) ? Array.FindIndex(Months, m => word.StartsWith(m, StringComparison.OrdinalIgnoreCase)) + 1 : Whole(word);
            if (number is not > 0)
                return null;
            if (part == 'd')
                day = number;
            else if (part == 'm')
                month = number;
            else
                year = word.Length <= 2 ? number + TwentiethCentury + 100 : number;
        }

        // A leap year stands in where the year is not said.
        if (month is null or > 12 || day > DateTime.DaysInMonth(year is null or > 9999 ? 2000 : year.Value, month.Value) || year > 9999)
            return null;
        return year is null ? string.Create(CultureInfo.InvariantCulture, $"--{month:00}-{day:00}") : day is null
            ? string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}") : string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{day:00}");
    }

    static int? Whole(string word)
    {
        var digits = word.AsSpan().TrimEnd("stndrhSTNDRH");
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var character in text + " ")
        {
            if (char.IsLetterOrDigit(character))
                word.Append(character);
            else if (word.Length > 0)
            {
                if (!word.Equals("of") && !word.Equals("the"))
                    words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }
}
