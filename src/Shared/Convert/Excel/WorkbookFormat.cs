using DataIngestion.Conversion.Excel.Biff;
using DataIngestion.Conversion.Excel.Markup;
using DataIngestion.Conversion.Excel.OpenXml;
using DataIngestion.Conversion.Excel.Xlsb;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Ods;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel;

/// <summary>Workbooks: each sheet is a table. Which kind it is follows from the content, whatever the name says.</summary>
internal sealed class WorkbookFormat(string name) : IRowFormat, ITableFormat
{
    public string Name => name;

    public bool IsText => false;

    public bool NeedsSeek => true;

    public IRowReader CreateReader(FormatContext context) => new SheetRowReader(context, Open);

    public ValueTask<TableList> TablesAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        using var workbook = Open(content, WorkbookOptions.Of(context));
        return new(WorkbookTables.List(workbook, context.Limits));
    }

    /// <summary>Opens a workbook.</summary>
    /// <param name="content">Seekable; left open.</param>
    /// <exception cref="InvalidDataException">It is damaged, or none.</exception>
    /// <exception cref="NotSupportedException">It is encrypted.</exception>
    public static IWorkbook Open(Stream content, WorkbookOptions options)
    {
        content.Position = 0;
        var head = new byte[8];
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        content.Position = 0;
        if (head.AsSpan(0, length).StartsWith("PK"u8))
            return OpenPackage(new(content, options.Limits), options);
        if (head.AsSpan(0, length).StartsWith(CompoundFile.Mark))
            return OpenCompound(new(content), options);
        if (OdsWorkbook.IsFlat(head.AsSpan(0, length)))
            return OdsWorkbook.OfFlat(content, options);
        if (BiffWorkbook.IsBegin(head.AsSpan(0, length)))
            return new BiffWorkbook(content, options);
        throw new InvalidDataException("The content is no workbook: it is neither a zip archive nor a compound file nor a stream of BIFF records.");
    }

    static BiffWorkbook OpenCompound(CompoundFile file, WorkbookOptions options)
    {
        if ((file.Find("Workbook") ?? file.Find("Book")) is { } records)
            return new(records, options);
        var encryption = file.Find("EncryptionInfo");
        if (encryption is not null && file.Find("EncryptedPackage") is not null)
            throw new NotSupportedException($"The workbook is encrypted ({Encryption(encryption)}): open it with its password and save it without one.");
        throw new InvalidDataException($"The compound file holds no workbook but {string.Join(", ", file.Names.Take(10).Select(n => $"'{n.TrimStart((char)1, (char)5)}'"))}.");
    }

    /// <summary>How a package is encrypted ([MS-OFFCRYPTO] 2.3.4).</summary>
    static string Encryption(Stream info)
    {
        var version = new byte[4];
        return info.ReadAtLeast(version, 4, throwOnEndOfStream: false) < 4 ? "unknown encryption" : (version[0], version[2]) switch
        {
            (4, 4) => "agile encryption",
            (_, 3) => "extensible encryption",
            _ => "standard encryption",
        };
    }

    static IWorkbook OpenPackage(ZipPackage package, WorkbookOptions options)
    {
        if (package.Has("content.xml"))
            return OdsWorkbook.OfPackage(package, options);
        var main = package.Relations("").Values.FirstOrDefault(r => r.Type == "officeDocument").Target;
        if (main is null || !package.Has(main))
            main = package.Has("xl/workbook.xml") ? "xl/workbook.xml" : "xl/workbook.bin";
        if (!package.Has(main))
            throw new InvalidDataException("The zip archive holds no workbook: neither xl/workbook.xml nor xl/workbook.bin nor content.xml.");
        return main.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? new XlsbWorkbook(package, main, options) : new OpenXmlWorkbook(package, main, options);
    }
}
