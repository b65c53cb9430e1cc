using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Cli.Describing;

/// <summary>Writes Markdown pages.</summary>
internal sealed partial class Markdown
{
    readonly StringBuilder _text = new();

    /// <summary>A heading, with an empty line around it.</summary>
    public Markdown Heading(int level, string text) => Block($"{new string('#', level)} {text}");

    /// <summary>A paragraph, list or anything that has an empty line before it.</summary>
    public Markdown Block(string text)
    {
        if (_text.Length > 0)
            _text.Append('\n');
        _text.Append(text.Trim().ReplaceLineEndings("\n")).Append('\n');
        return this;
    }

    /// <summary>A block of code.</summary>
    public Markdown Code(string language, string text) => Block($"```{language}\n{text.TrimEnd()}\n```");

    /// <summary>A table; nothing when it has no rows.</summary>
    public Markdown Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var lines = rows.Select(Row).ToList();
        return lines.Count == 0 ? this : Block(string.Join('\n', [Row(head), $"|{string.Concat(Enumerable.Repeat("---|", head.Count))}", .. lines]));
    }

    /// <summary>The page.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Text as code.</summary>
    public static string Quote(string text) => text.Contains('`', StringComparison.Ordinal) ? $"`` {text} ``" : $"`{text}`";

    /// <summary>A page's text with its links put right for a page in another folder, and its headings a level lower.</summary>
    /// <param name="text">The page.</param>
    /// <param name="from">Its folder.</param>
    /// <param name="to">The folder of the page that takes it.</param>
    public static string Moved(string text, string from, string to)
    {
        var links = Links().Replace(text, link =>
        {
            var parts = link.Groups["target"].Value.Split('#', 2);
            var target = Path.GetRelativePath(to, Path.GetFullPath(parts[0], from)).Replace('\\', '/');
            return $"]({target}{(parts.Length > 1 ? "#" + parts[1] : "")})";
        });
        return Headings().Replace(links, "#$0");
    }

    static string Row(IReadOnlyList<string?> cells) => $"| {string.Join(" | ", cells.Select(Cell))} |";

    static string Cell(string? text) => (text ?? "").ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Trim();

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)(?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Links();

    [GeneratedRegex("^#+ ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Headings();
}
