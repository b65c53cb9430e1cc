using DataIngestion.Conversion.Excel;
using DataIngestion.Conversion.Excel.Markup;

namespace DataIngestion.Conversion.Ods;

/// <summary>An OpenDocument spreadsheet (ISO/IEC 26300): the part <c>content.xml</c> of a zip archive, or one flat document.</summary>
internal sealed class OdsWorkbook : IWorkbook
{
    const long MostForMerges = 32 << 20;
    const int MostMerges = 100_000;
    readonly Func<MarkupScanner> _open;
    readonly WorkbookOptions _options;
    readonly long _size;
    readonly List<SheetInfo> _sheets = [];
    readonly OdsStyles _styles = new();

    OdsWorkbook(Func<MarkupScanner> open, long size, WorkbookOptions options)
    {
        (_open, _size, _options) = (open, size, options);
        using var scanner = open();
        while (scanner.Read())
        {
            _styles.Take(scanner);
            if (!scanner.Starts("table"u8))
                continue;
            if (_sheets.Count < options.Limits.MaxEntries)
                _sheets.Add(new(scanner.Attribute("name"u8) ?? $"Sheet{_sheets.Count + 1}", _styles.IsHidden(scanner.Attribute("style-name"u8))));
            scanner.SkipElement();
        }
    }

    /// <exception cref="NotSupportedException">It is encrypted.</exception>
    public static OdsWorkbook OfPackage(ZipPackage package, WorkbookOptions options)
    {
        if (package.Has("META-INF/manifest.xml"))
        {
            using var manifest = package.Scan("META-INF/manifest.xml");
            while (manifest.Read())
            {
                if (manifest.Starts("encryption-data"u8))
                    throw new NotSupportedException("The spreadsheet is encrypted: open it with its password and save it without one.");
            }
        }

        return new(() => package.Scan("content.xml"), package.SizeOf("content.xml"), options);
    }

    /// <summary>Whether content may be a flat document: it begins like XML.</summary>
    public static bool IsFlat(ReadOnlySpan<byte> head) => head.TrimStart("\uFEFF \t\r\n"u8).StartsWith("<"u8);

    /// <param name="content">Seekable; left open.</param>
    public static OdsWorkbook OfFlat(Stream content, WorkbookOptions options) => new(
        () => new(new OpenStream(content), "the document", (int)Math.Min(Math.Max(options.Limits.MaxFieldBytes * 2L, 64 << 10), 1 << 30), options.Limits.MaxDepth),
        content.Length,
        options);

    public IReadOnlyList<SheetInfo> Sheets => _sheets;

    public IReadOnlyList<string> Notes => [];

    public IReadOnlyList<CellRange>? Merges(int sheet)
    {
        if (_size > MostForMerges)
            return null;
        using var rows = Rows(sheet);
        var row = new SheetRow(_options.Limits);
        while (rows.Read(row) && rows.Merges.Count < MostMerges)
        {
        }

        return rows.Merges;
    }

    public ISheetRows Open(int sheet) => Rows(sheet);

    OdsRows Rows(int sheet) => new(_open(), sheet, _styles, new(is1904: false, _options.AsShown), _options.Limits);

    public void Dispose()
    {
    }

    /// <summary>A reading of the content of its own, which keeps it open: several may take turns.</summary>
    sealed class OpenStream(Stream content) : Pipeline.ReadOnlyStream
    {
        long _at;

        public override int Read(Span<byte> buffer)
        {
            content.Position = _at;
            var read = content.Read(buffer);
            _at += read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}

/// <summary>What styles say of sheets and cells.</summary>
internal sealed class OdsStyles
{
    const int MostStyles = 1 << 16;
    readonly HashSet<string> _hidden = new(StringComparer.Ordinal);
    readonly Dictionary<string, FormatKind> _formats = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _cells = new(StringComparer.Ordinal);
    string? _style;

    public bool IsHidden(string? style) => style is not null && _hidden.Contains(style);

    /// <summary>Whether cells of a style are shown as text or as elapsed time.</summary>
    public FormatKind KindOf(string? style) => style is not null && _cells.TryGetValue(style, out var format) ? _formats.GetValueOrDefault(format) : FormatKind.Number;

    public void Take(MarkupScanner scanner)
    {
        if (scanner.Token != MarkupToken.Start || _cells.Count + _formats.Count + _hidden.Count > MostStyles)
            return;
        if (scanner.Is("style"u8))
        {
            _style = scanner.Attribute("style:name"u8);
            if (_style is not null && scanner.Attribute("style:data-style-name"u8) is { } format)
                _cells[_style] = format;
        }
        else if (scanner.Is("table-properties"u8) && _style is not null && scanner.Attribute("table:display"u8) == "false")
        {
            _hidden.Add(_style);
        }
        else if (scanner.Is("time-style"u8) && scanner.Attribute("style:name"u8) is { } time && scanner.Attribute("number:truncate-on-overflow"u8) == "false")
        {
            _formats[time] = FormatKind.Duration;
        }
        else if (scanner.Is("text-style"u8) && scanner.Attribute("style:name"u8) is { } text)
        {
            _formats[text] = FormatKind.Text;
        }
    }
}
