using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Compression;

/// <summary>The first bytes of an input, of the chosen file where it is a zip archive, and what they are.</summary>
/// <param name="Bytes">At most <see cref="FormatRecognizer.HeadBytes"/>.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Entry">The file in the archive; null where there is no archive.</param>
/// <param name="Found">What the bytes are, without the archive around them.</param>
internal sealed record StoredHead(byte[] Bytes, string? Name, string? Entry, FormatFinding Found)
{
    /// <summary>Formats that are zip archives themselves.</summary>
    static readonly string[] Packages = ["xlsx", "xlsb", "ods"];

    /// <summary>Reads and recognises it.</summary>
    /// <exception cref="ConversionException">A zip archive cannot be read, or does not say which file.</exception>
    public static async Task<StoredHead> ReadAsync(
        Func<CancellationToken, ValueTask<Stream>> openInput, IFormatRecognizer recognizer, ConversionRequest request, CancellationToken cancellationToken)
    {
        await using var input = await openInput(cancellationToken);
        var head = new byte[input.CanSeek ? Math.Min(input.Length, FormatRecognizer.HeadBytes) : FormatRecognizer.HeadBytes];
        var length = await input.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        var bytes = length == head.Length ? head : head[..length];
        var sample = input.CanSeek ? new ContentSample(bytes, input, request.Name) : new ContentSample(bytes, length < FormatRecognizer.HeadBytes, request.Name);
        var found = recognizer.Recognize(sample);
        var stored = new StoredHead(bytes, request.Name, null, found);
        if (Compressions.Of(bytes) != Compressions.Zip || found.Format != Compressions.Zip || IsPackage(input, request))
            return stored;
        await using var again = await openInput(cancellationToken);
        return await Task.Run(() => OfArchive(again, recognizer, request), cancellationToken);
    }

    /// <summary>The finding about the content, with the archive around it.</summary>
    public FormatFinding Complete(FormatFinding finding) => Entry is null ? finding : finding with
    {
        Compression = finding.Compression is null ? Compressions.Zip : Compressions.Zip + Compressions.Separator + finding.Compression,
        Entry = Entry,
        Evidence = [$"is the file '{Entry}' of a zip archive", .. finding.Evidence],
    };

    /// <summary>Whether configuration says that the archive itself is the content, and it is not one with a single file in it.</summary>
    static bool IsPackage(Stream input, ConversionRequest request)
    {
        if (request.Entry is not null || !Packages.Contains(request.Hint.Format?.ToLowerInvariant()))
            return false;
        try
        {
            return !input.CanSeek || ZipInput.Files(input, request.Limits).Count != 1;
        }
        catch (CompressionDamage)
        {
            return true;
        }
    }

    static StoredHead OfArchive(Stream input, IFormatRecognizer recognizer, ConversionRequest request)
    {
        string? name = null;
        using var stored = new CountingStream(input, null);
        using var content = new LayerStream(Compressions.Zip, Open, stored, request.Limits);
        var head = new byte[FormatRecognizer.HeadBytes];
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var bytes = head[..length];
        return new(bytes, Path.GetFileName(name), name, recognizer.Recognize(new(bytes, length < FormatRecognizer.HeadBytes, Path.GetFileName(name))));

        LayerDecoder Open()
        {
            var (decoder, entry) = ZipInput.Open(stored, request.Entry, request.Limits);
            name = entry.Name;
            return decoder;
        }
    }
}
