using System.Collections.Frozen;
using AngleSharp.Dom;

namespace DataIngestion.Conversion.Html;

/// <summary>Walks pages without recursion and without asking nodes for their siblings, for which AngleSharp searches the parent each time.</summary>
internal static class HtmlNodes
{
    /// <summary>How deep elements may lie in each other. Browsers stop at 512.</summary>
    const int MostDepth = 2_000;

    /// <summary>Elements without content, and those that another of their kind ends.</summary>
    static readonly FrozenSet<string> Ended = new[]
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "caption",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is inside an element, in the order of the page.</summary>
    /// <param name="into">Whether what is inside a node is wanted.</param>
    public static IEnumerable<INode> In(INode root, Func<INode, bool> into)
    {
        var open = new Stack<(INodeList Nodes, int At)>();
        open.Push((root.ChildNodes, 0));
        while (open.TryPop(out var level))
        {
            if (level.At >= level.Nodes.Length)
                continue;
            open.Push((level.Nodes, level.At + 1));
            var node = level.Nodes[level.At];
            yield return node;
            if (node.HasChildNodes && into(node))
                open.Push((node.ChildNodes, 0));
        }
    }

    /// <summary>Refuses pages that would cost the parser a time that grows with the square of their size: tags that nothing ends, thousands deep.</summary>
    /// <exception cref="ConversionException">It is one.</exception>
    public static void CheckDepth(ReadOnlySpan<char> page)
    {
        var lookup = Ended.GetAlternateLookup<ReadOnlySpan<char>>();
        var depth = 0;
        while (page.IndexOf('<') is >= 0 and var at)
        {
            page = page[(at + 1)..];
            var isEnd = page.StartsWith("/");
            var name = isEnd ? page[1..] : page;
            var length = name.IndexOfAnyExcept(TagLetters);
            name = length < 0 ? name : name[..length];
            if (name.IsEmpty || !char.IsAsciiLetter(name[0]) || lookup.Contains(name))
                continue;
            depth = isEnd ? Math.Max(0, depth - 1) : depth + 1;
            if (depth > MostDepth)
                throw new ConversionException($"Elements of the page lie more than {MostDepth} deep in each other, or are not ended: such pages are not read.");
        }
    }

    static readonly System.Buffers.SearchValues<char> TagLetters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:");
}
