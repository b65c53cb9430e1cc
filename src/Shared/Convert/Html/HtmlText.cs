using System.Text;
using AngleSharp.Dom;

namespace DataIngestion.Conversion.Html;

/// <summary>The text of an element as a page shows it: white space is one space, a line break too. Scripts, styles and tables inside have none.</summary>
internal static class HtmlText
{
    public static string Of(IElement element)
    {
        var text = new StringBuilder();
        foreach (var node in HtmlNodes.In(element, n => n is not IElement { LocalName: "script" or "style" or "template" or "table" }))
        {
            if (node is IText characters)
                text.Append(characters.Data);
            else if (node is IElement { LocalName: "br" or "p" or "div" or "li" or "tr" })
                text.Append(' ');
        }

        return Collapse(text);
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
