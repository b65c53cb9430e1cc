using System.Text;
using AngleSharp.Dom;

namespace DataIngestion.Conversion.Html;

/// <summary>The text of an element as a page shows it: white space is one space, a line break too. Scripts, styles and tables inside have none.</summary>
internal static class HtmlText
{
    public static string Of(IElement element)
    {
        var text = new StringBuilder();
        var node = element.FirstChild;
        while (node is not null)
        {
            var isOpaque = false;
            if (node is IText characters)
                text.Append(characters.Data);
            else if (node is IElement inner)
            {
                isOpaque = inner.LocalName is "script" or "style" or "template" or "table";
                if (inner.LocalName is "br" or "p" or "div" or "li" or "tr")
                    text.Append(' ');
            }

            node = Next(node, element, !isOpaque);
        }

        return Collapse(text);
    }

    static INode? Next(INode node, IElement root, bool into)
    {
        if (into && node.FirstChild is { } child)
            return child;
        for (var at = node; at is not null && at != root; at = at.Parent)
        {
            if (at.NextSibling is { } sibling)
                return sibling;
        }

        return null;
    }

    static string Collapse(StringBuilder text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var chunk in text.GetChunks())
        {
            foreach (var character in chunk.Span)
            {
                if (!char.IsWhiteSpace(character))
                    plain.Append(character);
                else if (plain.Length > 0 && plain[^1] != ' ')
                    plain.Append(' ');
            }
        }

        return plain.Length > 0 && plain[^1] == ' ' ? plain.ToString(0, plain.Length - 1) : plain.ToString();
    }
}
