using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Sas;

/// <summary>SAS data sets, SAS7BDAT: versions 7 to 9, of 32 and 64 bits, both byte orders, compressed or not.</summary>
internal sealed class Sas7bdatFormat : IColumnFormat
{
    public string Name => "sas7bdat";

    public bool IsText => false;

    public bool NeedsSeek => true;

    public async ValueTask<IColumnReader> OpenAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var header = await Sas7bdatHeader.ReadAsync(content, cancellationToken);
        var metadata = await MetadataAsync(content, header, cancellationToken);
        var text = new SasText(context.Options.Text("encoding") ?? context.Request.Hint.Encoding ?? SasEncodings.Of(header.Encoding));
        if (metadata.RowBytes > context.Limits.MaxRecordBytes)
            throw new ConversionException($"A row of the SAS7BDAT file has {metadata.RowBytes} bytes: at most {context.Limits.MaxRecordBytes} are read (recordBytes).");
        if (metadata.Columns > context.Limits.MaxColumns)
            throw new ConversionException($"The SAS7BDAT file has {metadata.Columns} variables: at most {context.Limits.MaxColumns} are read (columns).");
        return new Sas7bdatReader(content, header, metadata, new(metadata.Describe(text), header.Number, text, context), context.Limits);
    }

    /// <summary>Subheaders stand in the first pages, and, of what was changed later, in the last ones.</summary>
    static async ValueTask<Sas7bdatMetadata> MetadataAsync(Stream content, Sas7bdatHeader header, CancellationToken cancellationToken)
    {
        var (metadata, page) = (new Sas7bdatMetadata(header), new Sas7bdatPage(header));
        var first = 0L;
        for (; first < header.Pages; first++)
        {
            await ReadAsync(content, header, first, page, cancellationToken);
            if (page.IsData || (!AddSubheaders(page, metadata) && metadata.IsComplete))
                break;
        }

        var last = new Stack<long>();
        for (var at = header.Pages - 1; at > first; at--)
        {
            await ReadAsync(content, header, at, page, cancellationToken);
            if (!page.HasSubheaders || !HasMetadata(page))
                break;
            last.Push(at);
        }

        foreach (var at in last)
        {
            await ReadAsync(content, header, at, page, cancellationToken);
            AddSubheaders(page, metadata);
        }

        return metadata;
    }

    static bool HasMetadata(Sas7bdatPage page)
    {
        for (var i = 0; i < page.Pointers; i++)
        {
            var pointer = page.Pointer(i);
            if (pointer is { IsVoid: false, IsPacked: false } && Sas7bdatMetadata.IsKnown(page.Signature(pointer)))
                return true;
        }

        return false;
    }

    /// <returns>Whether there was one.</returns>
    static bool AddSubheaders(Sas7bdatPage page, Sas7bdatMetadata metadata)
    {
        var any = false;
        for (var i = 0; page.HasSubheaders && i < page.Pointers; i++)
        {
            var pointer = page.Pointer(i);
            if (pointer.IsVoid || pointer.Compression != 0 || page.Signature(pointer) is var signature && !Sas7bdatMetadata.IsKnown(signature))
                continue;
            metadata.Add(page.Signature(pointer), page.Bytes.Slice(pointer.Offset, pointer.Length));
            any = true;
        }

        return any;
    }

    public static async ValueTask ReadAsync(Stream content, Sas7bdatHeader header, long at, Sas7bdatPage page, CancellationToken cancellationToken)
    {
        content.Position = header.HeaderBytes + (at * header.PageBytes);
        if (await content.ReadAtLeastAsync(page.Memory, header.PageBytes, throwOnEndOfStream: false, cancellationToken) < header.PageBytes)
            throw new InvalidDataException($"The SAS7BDAT file is cut off in its page {at + 1}.");
        page.Open();
    }
}
