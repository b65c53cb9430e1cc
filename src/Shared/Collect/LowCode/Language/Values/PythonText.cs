using System.Globalization;
using System.Numerics;
using System.Text;

namespace DataIngestion.Collect;

/// <summary>Values as text, as Python's <c>str</c> and <c>repr</c> write them.</summary>
internal static class PythonText
{
    const int MaxDepth = 64;

    /// <summary>The text of a value as it appears in an output.</summary>
    public static string Str(object? value) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Repr(value),
    };

    /// <summary>The value as it would be written in a program: text in quotes, lists in brackets.</summary>
    public static string Repr(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    static void Write(StringBuilder text, object? value, int depth)
    {
        if (depth > MaxDepth)
            throw new TemplateException($"a value is nested deeper than {MaxDepth} levels.");
        if (text.Length > TemplateBudget.MaxText)
            throw new TemplateException($"a text became longer than {TemplateBudget.MaxText} characters.");
        switch (value)
        {
            case null: text.Append("None"); break;
            case bool truth: text.Append(truth ? "True" : "False"); break;
            case long number: text.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case BigInteger number: text.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: text.Append(Numbers.Show(number)); break;
            case decimal number: text.Append(Numbers.Show(number)); break;
            case string words: Quote(text, words); break;
            case Undefined: text.Append("Undefined"); break;
            case LowCodeMap map: Entries(text, map, depth); break;
            case List<object?> list: Items(text, list, '[', ']', depth); break;
            case LowCodeTuple tuple: Items(text, tuple, '(', ')', depth); break;
            case ICallable callable: text.Append(CultureInfo.InvariantCulture, $"<function {callable.Name}>"); break;
            default: text.Append(value); break;
        }
    }

    static void Entries(StringBuilder text, LowCodeMap map, int depth)
    {
        text.Append('{');
        var isFirst = true;
        foreach (var (key, value) in map)
        {
            if (!isFirst)
                text.Append(", ");
            isFirst = false;
            Write(text, MapKey.Value(key), depth + 1);
            text.Append(": ");
            Write(text, value, depth + 1);
        }

        text.Append('}');
    }

    static void Items(StringBuilder text, IReadOnlyList<object?> items, char open, char close, int depth)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            Write(text, items[i], depth + 1);
        }

        if (open == '(' && items.Count == 1)
            text.Append(',');
        text.Append(close);
    }

    static void Quote(StringBuilder text, string words)
    {
        var quote = words.Contains('\'', StringComparison.Ordinal) && !words.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var c in words)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when c == quote => text.Append('\\').Append(c),
                < ' ' or '\x7f' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                >= '\x80' and < '\xa1' or '\xad' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ when c is '\u2028' or '\u2029' or '\u3000' or (>= '\u2000' and <= '\u200f') => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append(quote);
    }
}
