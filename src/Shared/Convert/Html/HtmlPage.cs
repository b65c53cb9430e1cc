using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Html;

/// <summary>A page and its tables.</summary>
internal sealed partial class HtmlPage
{
    /// <summary>The largest page that is held in memory. Its tree takes up to seventy times as much.</summary>
    const int MostBytes = 16 << 20;
    const int MetaBytes = 2_048;

    HtmlPage(IReadOnlyList<HtmlTable> tables, int passedOver) => (Tables, PassedOver) = (tables, passedOver);

    /// <summary>The tables with data, in the order of the page.</summary>
    public IReadOnlyList<HtmlTable> Tables { get; }

    /// <summary>How many tables only lay out the page.</summary>
    public int PassedOver { get; }

    /// <summary>The names of the tables; the one with the most cells is read where none is named.</summary>
    public static TableList List(HtmlPage page) => new([.. page.Tables.Select(t => t.Name)], page.Tables.MaxBy(t => t.Cells)?.Name);

    public static async Task<HtmlPage> ReadAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (bytes.Length + read > MostBytes)
                throw new ConversionException($"The page has more than {MostBytes >> 20} MiB: HTML is held in memory, and larger pages are not read. Split it, or ask its sender for a format of data.");
            bytes.Write(buffer, 0, read);
        }

        var text = Encoding(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), context.Request.Hint.Encoding).GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF');
        HtmlNodes.CheckDepth(text);
        var document = new HtmlParser(new HtmlParserOptions { IsScripting = false, IsKeepingSourceReferences = true }).ParseDocument(text);
        var tables = new List<HtmlTable>();
        var (names, passedOver) = (new HashSet<string>(StringComparer.Ordinal), 0);
        foreach (var element in HtmlNodes.In(document, _ => true).OfType<IElement>().Where(e => e.LocalName == "table"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (HtmlTable.Of(element, context.Request) is not { } table)
            {
                passedOver++;
                continue;
            }

            tables.Add(table);
            var number = string.Create(CultureInfo.InvariantCulture, $"table{tables.Count}");
            table.Name = table.Caption is { Length: > 0 } caption && names.Add(caption) ? caption : number;
            names.Add(number);
        }

        return new(tables, passedOver);
    }

    /// <summary>By the byte order mark, what is configured, what the page declares, and else UTF-8 if it is that (WHATWG, encoding sniffing).</summary>
    static Encoding Encoding(ReadOnlySpan<byte> page, string? configured)
    {
        if (page.StartsWith("\uFEFF"u8))
            return System.Text.Encoding.UTF8;
        if (page.StartsWith([(byte)0xFF, (byte)0xFE]))
            return System.Text.Encoding.Unicode;
        if (page.StartsWith([(byte)0xFE, (byte)0xFF]))
            return System.Text.Encoding.BigEndianUnicode;
        if (configured is not null)
            return InputStreams.Find(configured);
        var declared = Charset().Match(System.Text.Encoding.Latin1.GetString(page[..Math.Min(page.Length, MetaBytes)]));
        if (declared.Success)
        {
            var name = declared.Groups["name"].Value.ToLowerInvariant();
            // Pages that say Latin-1 mean the code page of Windows, and those that say UTF-16 in ASCII letters are not.
            return name is "iso-8859-1" or "latin1" or "us-ascii" or "ascii" ? InputStreams.Find("windows-1252") : name.StartsWith("utf-16", StringComparison.Ordinal) ? System.Text.Encoding.UTF8 : Known(name);
        }

        return System.Text.Unicode.Utf8.IsValid(page) ? System.Text.Encoding.UTF8 : InputStreams.Find("windows-1252");
    }

    static Encoding Known(string name)
    {
        try
        {
            return InputStreams.Find(name);
        }
        catch (ConversionException)
        {
            return System.Text.Encoding.UTF8;
        }
    }

    [GeneratedRegex("""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?(?<name>[\w-]{2,40})""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Charset();
}
