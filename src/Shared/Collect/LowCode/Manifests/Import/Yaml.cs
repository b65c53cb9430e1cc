using System.Text;

namespace DataIngestion.Collect;

/// <summary>Writes values as YAML.</summary>
internal static class Yaml
{
    /// <summary>One line with a name and a text.</summary>
    public static string Entry(int level, string name, string value) => $"{new string(' ', level * 2)}{Text(name)}: {Text(value)}\n";

    /// <summary>A text, in quotes where it could be read as something else.</summary>
    public static string Text(string value)
    {
        var isPlain = value.Length > 0 && char.IsAsciiLetter(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/')
            && value is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n");
        if (isPlain)
            return value;
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                < ' ' or '\x7f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' => quoted.Append($"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
