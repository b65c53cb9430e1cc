using System.Xml;

namespace DataIngestion.Conversion.Markup;

/// <summary>Reads elements of an XML document as trees of bounded depth and size.</summary>
internal sealed class MarkupTrees(XmlReader reader, ConversionLimits limits)
{
    /// <summary>What an element costs beside its text.</summary>
    const int ElementBytes = 16;

    /// <summary>Where the reader stands.</summary>
    public int Line => Math.Max(1, ((IXmlLineInfo)reader).LineNumber);

    public int Column => Math.Max(1, ((IXmlLineInfo)reader).LinePosition);

    /// <summary>Reads the element that the reader stands on to its end.</summary>
    /// <param name="apart">The name of elements inside that are records of their own: they are not kept, but given away one by one.</param>
    /// <param name="take">Takes them, with the element as far as it was read.</param>
    /// <exception cref="ConversionException">It is nested too deep or too large.</exception>
    public async ValueTask<MarkupElement> ReadAsync(string? apart = null, Func<MarkupElement, MarkupElement, ValueTask>? take = null)
    {
        var root = Begin();
        if (reader.IsEmptyElement)
            return root;
        var open = new Stack<MarkupElement>();
        open.Push(root);
        long size = 0;
        while (open.Count > 0 && await reader.ReadAsync())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when apart is not null && reader.LocalName == apart:
                    await take!(root, await ReadAsync());
                    break;
                case XmlNodeType.Element:
                    CheckDepth();
                    var child = Begin();
                    size += ElementBytes + child.Size;
                    open.Peek().Add(child);
                    if (!reader.IsEmptyElement)
                        open.Push(child);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    size += reader.Value.Length;
                    if (reader.Value.Length > limits.MaxFieldBytes)
                        throw new ConversionException($"A text is longer than {limits.MaxFieldBytes} characters.", Line, Column);
                    open.Peek().AddText(reader.Value);
                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                default:
                    break;
            }

            if (size > limits.MaxRecordBytes)
                throw new ConversionException($"The element <{root.Name}>, which begins in line {root.Line}, is larger than {limits.MaxRecordBytes} bytes: a larger limit reads it.", Line, Column);
        }

        return root;
    }

    /// <summary>The element that the reader stands on, without what is inside.</summary>
    public MarkupElement Begin()
    {
        var element = new MarkupElement(reader.LocalName, reader.NamespaceURI, Line);
        while (reader.MoveToNextAttribute())
        {
            // Prefixed attributes (xsi:type, schema locations) and namespace declarations are about the markup, not data.
            if (reader.Prefix.Length == 0 && reader.LocalName != "xmlns")
                element.AddAttribute(reader.LocalName, reader.Value);
        }

        reader.MoveToElement();
        return element;
    }

    public void CheckDepth()
    {
        if (reader.Depth >= limits.MaxDepth)
            throw new ConversionException($"Elements are nested more than {limits.MaxDepth} deep.", Line, Column);
    }
}
