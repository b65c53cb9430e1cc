using System.Text;
using System.Xml;
using DataIngestion.Conversion.Markup;

namespace DataIngestion.Conversion.Xbrl;

/// <summary>Collects the content of inline elements that are open, each in each other: as text, or as markup without the inline elements.</summary>
internal sealed class InlineTexts(ConversionLimits limits)
{
    readonly List<Open> _open = [];
    int _excluded = int.MaxValue;

    /// <summary>An element whose content is collected.</summary>
    /// <param name="Of">What it is for its taker.</param>
    internal sealed record Open(int Depth, object Of, bool IsMarkup, int Line)
    {
        public StringBuilder Collected { get; } = new();

        public string Text => Collected.ToString();
    }

    /// <summary>The innermost element that is collected; null where none is.</summary>
    public Open? Innermost => _open.Count > 0 ? _open[^1] : null;

    public void Begin(int depth, object of, bool isMarkup, int line) => _open.Add(new(depth, of, isMarkup, line));

    /// <summary>What is inside an element is in none of the texts.</summary>
    public void Exclude(int depth) => _excluded = Math.Min(_excluded, depth);

    /// <summary>An element of the page begins.</summary>
    public void Markup(XmlReader reader)
    {
        if (_open.Count == 0 || _excluded != int.MaxValue || !_open.Exists(o => o.IsMarkup))
            return;
        var tag = new StringBuilder("<").Append(reader.LocalName);
        while (reader.MoveToNextAttribute())
        {
            if (reader.Prefix.Length == 0 && reader.LocalName != "xmlns")
                Escape(tag.Append(' ').Append(reader.LocalName).Append("=\""), reader.Value, isAttribute: true).Append('"');
        }

        reader.MoveToElement();
        tag.Append(reader.IsEmptyElement ? "/>" : ">");
        AppendMarkup(tag);
    }

    /// <summary>An element ends: the one that was collected, if it was.</summary>
    public Open? End(XmlReader reader)
    {
        if (reader.Depth == _excluded)
            _excluded = int.MaxValue;
        if (_open.Count > 0 && _open[^1].Depth == reader.Depth)
        {
            var done = _open[^1];
            _open.RemoveAt(_open.Count - 1);
            return done;
        }

        if (_excluded == int.MaxValue && !XbrlSpaces.IsInline(reader.NamespaceURI) && _open.Exists(o => o.IsMarkup))
            AppendMarkup(new StringBuilder("</").Append(reader.LocalName).Append('>'));
        return null;
    }

    /// <summary>Character data, if the reader stands on it.</summary>
    public void Character(XmlReader reader, MarkupTrees trees)
    {
        if (_open.Count == 0 || _excluded != int.MaxValue || reader.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace))
            return;
        foreach (var element in _open)
        {
            if (element.IsMarkup)
                Escape(element.Collected, reader.Value, isAttribute: false);
            else
                element.Collected.Append(reader.Value);
            if (element.Collected.Length > limits.MaxFieldBytes)
                throw new ConversionException($"A text is longer than {limits.MaxFieldBytes} characters.", trees.Line, trees.Column);
        }
    }

    void AppendMarkup(StringBuilder markup)
    {
        foreach (var element in _open.Where(o => o.IsMarkup))
        {
            element.Collected.Append(markup);
            if (element.Collected.Length > limits.MaxFieldBytes)
                throw new ConversionException($"A text is longer than {limits.MaxFieldBytes} characters.", Math.Max(1, element.Line));
        }
    }

    static StringBuilder Escape(StringBuilder to, string text, bool isAttribute)
    {
        foreach (var character in text)
        {
            _ = character switch
            {
                '&' => to.Append("&amp;"),
                '<' => to.Append("&lt;"),
                '>' => to.Append("&gt;"),
                '"' when isAttribute => to.Append("&quot;"),
                _ => to.Append(character),
            };
        }

        return to;
    }
}
