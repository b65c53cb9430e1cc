using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Collect;

/// <summary>Filters with regular expressions, written as Python's. A search that takes long is stopped.</summary>
internal static class PatternFilters
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>The first group of the first match; empty where nothing matches or there is no group.</summary>
    public static object? Search(object? value, CallValues values)
    {
        var pattern = values.Text(0, "regex");
        return Guarded(pattern, () => Of(pattern).Match(Text(value)) is { Success: true, Groups.Count: > 1 } match ? (match.Groups[1].Success ? match.Groups[1].Value : (object?)null) : "");
    }

    /// <summary>The text with every match replaced; <c>\1</c> and <c>\g&lt;name&gt;</c> stand for groups.</summary>
    public static object? Replace(object? value, CallValues values)
    {
        var pattern = values.Text(0, "regex");
        var replacement = values.Text(1, "replacement");
        return Guarded(pattern, () => values.Budget.Text(Of(pattern).Replace(Text(value), match => Filled(replacement, match))));
    }

    static string Text(object? value) => value switch
    {
        string text => text,
        Undefined undefined => throw undefined.Fault(),
        _ => throw new ValueTypeException($"expected text to search in, got {ValueNames.Of(value)}."),
    };

    static Regex Of(string pattern)
    {
        if (pattern.Length > 2000)
            throw new TemplateException("a pattern has more than 2000 characters.");
        var net = pattern.Replace("(?P<", "(?<", StringComparison.Ordinal).Replace(@"\Z", @"\z", StringComparison.Ordinal);
        net = Regex.Replace(net, @"\(\?P=(\w+)\)", @"\k<$1>", RegexOptions.None, Longest);
        return new(net, RegexOptions.CultureInvariant, Longest);
    }

    static T Guarded<T>(string pattern, Func<T> search)
    {
        try
        {
            return search();
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TemplateException($"the pattern '{pattern}' took longer than {Longest.TotalSeconds} s: expected one without nested repetitions.");
        }
        catch (ArgumentException wrong)
        {
            throw new TemplateException($"'{pattern}' is not a regular expression: {wrong.Message}");
        }
    }

    static string Filled(string replacement, Match match)
    {
        var text = new StringBuilder();
        for (var i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] != '\\' || i + 1 == replacement.Length)
            {
                text.Append(replacement[i]);
            }
            else if (char.IsAsciiDigit(replacement[i + 1]))
            {
                var digits = i + 2 < replacement.Length && char.IsAsciiDigit(replacement[i + 2]) ? 2 : 1;
                text.Append(match.Groups[replacement.Substring(i + 1, digits)].Value);
                i += digits;
            }
            else if (replacement[i + 1] == 'g' && replacement.IndexOf('>', i) is > 0 and var end && replacement[i + 2] == '<')
            {
                text.Append(match.Groups[replacement[(i + 3)..end]].Value);
                i = end;
            }
            else if (!Escapes.TryRead(replacement, ref i, text))
            {
                text.Append('\\');
            }
            else
            {
                i--;
            }
        }

        return text.ToString();
    }
}
