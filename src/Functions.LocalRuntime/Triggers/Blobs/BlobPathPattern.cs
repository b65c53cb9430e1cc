using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.LocalRuntime.Triggers.Blobs;

/// <summary>The path of a blob trigger: <c>container/folder/{name}.csv</c>. A part in braces takes at least one character, as many as it can.</summary>
internal sealed class BlobPathPattern
{
    readonly Regex _blob;

    BlobPathPattern(string text, string container, string prefix, Regex blob, IReadOnlyList<string> names) =>
        (Text, Container, Prefix, _blob, Names) = (text, container, prefix, blob, names);

    public string Text { get; }

    public string Container { get; }

    /// <summary>What every matching blob's name begins with; used to list only those.</summary>
    public string Prefix { get; }

    /// <summary>The words in braces.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Null, after a fault, if the text is not a pattern.</summary>
    public static BlobPathPattern? TryParse(string text, Action<string> fault)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var container = slash < 0 ? text : text[..slash];
        if (container.Length is < 3 or > 63 || container.Contains('{', StringComparison.Ordinal) || container.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '$')))
        {
            fault($"'{text}' does not begin with the name of a container; 'container/{{name}}' was expected, the container in lower-case letters, digits and hyphens.");
            return null;
        }

        var blob = slash < 0 ? "" : text[(slash + 1)..];
        var names = new List<string>();
        var regex = new StringBuilder("^");
        var prefix = new StringBuilder();
        for (var i = 0; i < blob.Length; i++)
        {
            if (blob[i] is '{' or '}' && i + 1 < blob.Length && blob[i + 1] == blob[i])
            {
                Literal(blob[i++]); // doubled braces stand for themselves
            }
            else if (blob[i] == '{')
            {
                var end = blob.IndexOf('}', i);
                var name = end < 0 ? "" : blob[(i + 1)..end];
                if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || char.IsAsciiDigit(name[0]) || names.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    fault($"'{text}': '{blob[i..]}' was found; a new name in braces, such as '{{name}}', was expected.");
                    return null;
                }

                names.Add(name);
                regex.Append("(?<").Append(name).Append(">.+)");
                i = end;
            }
            else if (blob[i] == '}')
            {
                fault($"'{text}': a closing brace without an opening one.");
                return null;
            }
            else
            {
                Literal(blob[i]);
            }
        }

        regex.Append(blob.Length == 0 ? ".+$" : "$");
        return new(text, container, prefix.ToString(), new(regex.ToString(), RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), names);

        void Literal(char c)
        {
            regex.Append(Regex.Escape(c.ToString()));
            if (names.Count == 0)
                prefix.Append(c);
        }
    }

    /// <summary>The values of the words in braces; null if the name does not match.</summary>
    public IReadOnlyDictionary<string, string>? Match(string blob)
    {
        var match = _blob.Match(blob);
        return match.Success ? Names.ToDictionary(n => n, n => match.Groups[n].Value, StringComparer.OrdinalIgnoreCase) : null;
    }
}
