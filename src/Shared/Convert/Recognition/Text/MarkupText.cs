using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion.Texts;

/// <summary>Text that begins with '&lt;': XML, HTML, and what looks like them.</summary>
internal static class MarkupText
{
    /// <summary>Elements that only HTML has, or that stand for it.</summary>
    static readonly string[] HtmlNames =
    [
        "html", "head", "body", "title", "meta", "table", "div", "span", "p", "br", "h1", "h2", "h3", "h4", "ul", "ol", "li", "a", "img", "b", "i", "font", "center", "script", "style", "form", "section",
        "article", "nav", "header", "footer", "main", "pre", "hr", "td", "tr", "tbody", "thead", "frameset", "link", "base", "button", "input", "iframe", "label", "em", "strong",
    ];

    /// <summary>A verdict about text that begins with '&lt;'; null where it is no markup.</summary>
    public static Verdict? Find(TextSample text)
    {
        var start = text.Start;
        if (start.Length < 3 || start[0] != '<')
            return null;
        if (start.StartsWith("<?php"u8) || start.StartsWith("<?="u8))
            return new("php", 0.95, "starts with the mark of PHP");
        if (start.StartsWith("<%"u8))
            return new("asp", 0.7, "starts with the mark of a server page");
        if (TextSample.Begins(start, "<!doctype html"u8) || TextSample.Begins(start, "<html"u8))
            return Html(text, 1, "starts with the root of HTML");
        if (!XmlRoot.TryFind(start, out var root))
            return start[1] is (byte)'!' or (byte)'?' ? LooseHtml(text) ?? BrokenXml(start) : LooseHtml(text);
        if (root.Name.Equals("html", StringComparison.OrdinalIgnoreCase) && !start.StartsWith("<?OFX"u8))
            return Html(text, 1, "has the root of HTML");
        // A fragment of HTML names no namespace, and its elements are HTML's.
        var isDeclared = start.StartsWith("<?xml"u8);
        if (!isDeclared && root.Name.Length > 1 && root.Prefix.Length == 0 && root.Namespace.Length == 0 && HtmlNames.Contains(root.Name, StringComparer.OrdinalIgnoreCase) && HtmlShare(text.Near) is var (html, all) && html >= Math.Max(1, all * 0.6))
            return Html(text, all >= 4 ? 0.95 : 0.8, "is made of the elements of HTML");
        return IsProse(root) ? null : XmlDialects.Find(start, root);
    }

    /// <summary>HTML that begins in the middle, or behind other text.</summary>
    public static Verdict? LooseHtml(TextSample text)
    {
        var near = text.Near;
        if (near.IndexOf((byte)'<') < 0)
            return null;
        var (html, all) = HtmlShare(near);
        var hasRoot = IndexOfIgnoreCase(near, "<html"u8) >= 0 || IndexOfIgnoreCase(near, "<!doctype html"u8) >= 0 || IndexOfIgnoreCase(near, "</html>"u8) >= 0;
        // Markdown and prose may hold some elements; a page has them everywhere.
        return html >= 3 && html >= all * 0.7 && html * 400 > near.Length && (hasRoot || near[0] == '<' || (html >= 6 && html * 120 > near.Length))
            ? Html(text, hasRoot ? 0.9 : 0.75, "is made of the elements of HTML") : null;
    }

    static Verdict Html(TextSample text, double confidence, string evidence)
    {
        var all = text.Start;
        if (all.IndexOf("<ix:"u8) >= 0 || all.IndexOf("inlineXBRL"u8) >= 0)
            return new("ixbrl", all.IndexOf("<ix:"u8) >= 0 ? 1 : 0.95, "is HTML with the elements of inline XBRL", XmlDialects.Taxonomy(all));
        var near = text.Near;
        var isX = near.IndexOf("http://www.w3.org/1999/xhtml"u8) >= 0;
        return new("html", confidence, evidence, isX ? "XHTML" : TextSample.Begins(near, "<!doctype html>"u8) ? "5" : null);
    }

    static Verdict? BrokenXml(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("<?xml"u8))
            return new("xml", 0.9, "starts with an XML declaration, but its root is not to be found");
        return start.StartsWith("<!DOCTYPE"u8) || start.StartsWith("<!ENTITY"u8) || start.StartsWith("<!ELEMENT"u8) ? new("xml", 0.7, "starts with a document type", "DTD") : null;
    }

    /// <summary>Text may begin with a name in angle brackets, as addresses and templates do.</summary>
    static bool IsProse(in XmlRoot root) =>
        root.Tag.Length == 0 || root.Tag[^1] != '>' && root.After.IsEmpty && root.Tag.IndexOf((byte)'=') < 0
        || root.Tag.IndexOf((byte)'=') < 0 && root.Tag.IndexOf((byte)' ') > 0 && root.Tag.TrimEnd("/> \t\r\n"u8).IndexOf((byte)' ') > 0 && root.Tag[^2] != '/' && !HasCloseOrChild(root)
        || root.Tag.IndexOf((byte)'\n') > 0 && root.Tag.IndexOf((byte)'=') < 0;

    static bool HasCloseOrChild(in XmlRoot root) => root.After.IndexOf("</"u8) >= 0;

    /// <summary>Elements of HTML among all.</summary>
    static (int Html, int All) HtmlShare(ReadOnlySpan<byte> near)
    {
        var (html, all) = (0, 0);
        for (var rest = near; rest.IndexOf((byte)'<') is >= 0 and var at && all < 200;)
        {
            rest = rest[(at + 1)..];
            var name = rest.StartsWith("/"u8) ? rest[1..] : rest;
            var length = 0;
            while (length < name.Length && char.IsAsciiLetterOrDigit((char)name[length]))
                length++;
            if (length is 0 or > 12)
                continue;
            if (length < name.Length && name[length] is not ((byte)'>' or (byte)' ' or (byte)'/' or (byte)'\r' or (byte)'\n' or (byte)'\t'))
            {
                all++;
                continue;
            }

            all++;
            var word = Field.Text(name[..length]);
            html += HtmlNames.Contains(word, StringComparer.OrdinalIgnoreCase) ? 1 : 0;
        }

        return (html, all);
    }

    static int IndexOfIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (var at = 0; text[at..].IndexOf(word[0]) is >= 0 and var found; at += found + 1)
        {
            if (TextSample.Begins(text[(at + found)..], word))
                return at + found;
        }

        return -1;
    }
}
