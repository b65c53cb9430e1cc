using System.Text;
using System.Xml;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Xml;

/// <summary>XML readers that resolve nothing and allow no document type.</summary>
internal static class XmlReaders
{
    /// <param name="known">Prefixes that need no declaration; null for none.</param>
    /// <param name="passesDocumentType">Whether a document type is passed over, unread, instead of refused; entities it declares stay unknown.</param>
    public static XmlReader Open(Stream content, FormatFinding finding, XmlParserContext? known = null, bool passesDocumentType = false)
    {
        content = new MarkupStart(content);
        var settings = new XmlReaderSettings
        {
            Async = true,
            DtdProcessing = passesDocumentType ? DtdProcessing.Ignore : DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = false,
        };
        // The reader itself knows the Unicode encodings; code pages are ours to find.
        return finding.Encoding is null or "unknown" || finding.Encoding.StartsWith("utf-", StringComparison.Ordinal)
            ? XmlReader.Create(content, settings, known)
            : XmlReader.Create(new StreamReader(content, InputStreams.Find(finding.Encoding)), settings, known);
    }

    public static ConversionException Error(XmlException wrong) =>
        new("This is not well-formed XML that may be read (document types are refused): " + Plain(wrong), Math.Max(1, wrong.LineNumber), Math.Max(1, wrong.LinePosition), wrong);

    /// <summary>The message without the place, which is said before it.</summary>
    static string Plain(XmlException wrong) => wrong.Message.IndexOf(" Line ", StringComparison.Ordinal) is > 0 and var at ? wrong.Message[..at] : wrong.Message;

    public static XmlFrame Frame(XmlReader reader)
    {
        var frame = new XmlFrame(reader.LocalName, reader.NamespaceURI);
        while (reader.MoveToNextAttribute())
        {
            if (reader.Prefix.Length == 0 && reader.LocalName != "xmlns")
                frame.Attributes.Add((reader.LocalName, reader.Value));
        }

        reader.MoveToElement();
        return frame;
    }

    /// <summary>Whether the element says that it has no value (<c>xsi:nil</c>, OData's <c>m:null</c>).</summary>
    public static bool IsNil(XmlReader reader)
    {
        var nil = reader.GetAttribute("nil", "http://www.w3.org/2001/XMLSchema-instance")
            ?? reader.GetAttribute("null", "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata");
        return nil is "true" or "1";
    }
}
