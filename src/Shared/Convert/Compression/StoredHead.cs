using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Compression;

/// <summary>The first bytes of an input, of the chosen file where it is a zip archive.</summary>
/// <param name="Bytes">At most <see cref="FormatRecognizer.HeadBytes"/>.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Entry">The file in the archive; null where there is no archive.</param>
internal sealed record StoredHead(byte[] Bytes, string? Name, string? Entry)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="ConversionException">A zip archive cannot be read, or does not say which file.</exception>
    public static async Task<StoredHead> ReadAsync(Func<CancellationToken, ValueTask<Stream>> openInput, ConversionRequest request, CancellationToken cancellationToken)
    {
        await using var input = await openInput(cancellationToken);
        var head = new byte[FormatRecognizer.HeadBytes];
        var length = await input.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (Compressions.Of(head.AsSpan(0, length)) != Compressions.Zip)
            return new(head[..length], request.Name, null);
        await using var again = await openInput(cancellationToken);
        return await Task.Run(() => OfArchive(again, request), cancellationToken);
    }

    /// <summary>The finding about the content, with the archive around it.</summary>
    public FormatFinding Complete(FormatFinding finding) => Entry is null ? finding : finding with
    {
        Compression = finding.Compression is null ? Compressions.Zip : Compressions.Zip + Compressions.Separator + finding.Compression,
        Entry = Entry,
        Evidence = [$"is the file '{Entry}' of a zip archive", .. finding.Evidence],
    };

    static StoredHead OfArchive(Stream input, ConversionRequest request)
    {
        string? name = null;
        using var stored = new CountingStream(input, null);
        using var content = new LayerStream(Compressions.Zip, Open, stored, request.Limits);
        var head = new byte[FormatRecognizer.HeadBytes];
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return new(head[..length], Path.GetFileName(name), name);

        LayerDecoder Open()
        {
            var (decoder, entry) = ZipInput.Open(stored, request.Entry, request.Limits);
            name = entry.Name;
            return decoder;
        }
    }
}
