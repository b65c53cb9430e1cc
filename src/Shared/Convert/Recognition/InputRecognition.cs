using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Probes;

namespace DataIngestion.Conversion;

/// <summary>What an input is and what it holds, without converting it.</summary>
public static class InputRecognition
{
    /// <summary>
    /// Recognises an input by its bytes, through every layer of compression. An archive is looked into where the request names a file of it, or where it holds
    /// one file that is data; otherwise the archive is the answer. Never throws on content.
    /// </summary>
    /// <param name="openInput">Opens the input from its start; called once or twice.</param>
    /// <param name="request">The name, the file of an archive, and limits; hints are not looked at.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<FormatFinding> DetectAsync(
        Func<CancellationToken, ValueTask<Stream>> openInput, ConversionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(openInput);
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var head = await StoredHead.ReadAsync(openInput, new FormatRecognizer(), request, cancellationToken);
            if (head.Entry is null || request.Entry is not null || head.Found.Format is not ("unknown" or "text"))
                return head.Complete(head.Found);
            return ZipProbe.Archive([$"holds the file '{head.Entry}', which is no data that is known", .. head.Found.Evidence]);
        }
        catch (ConversionException fault)
        {
            // Several files of which none is named, or one that cannot be opened.
            return ZipProbe.Archive(fault.Message);
        }
    }

    /// <summary>The files of a zip archive that are data, in order; null where the input is no zip archive.</summary>
    /// <param name="input">Seekable, at its start.</param>
    /// <param name="limits">How many entries it may have.</param>
    /// <exception cref="ConversionException">The archive cannot be read.</exception>
    public static IReadOnlyList<string>? FilesOf(Stream input, ConversionLimits limits)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(limits);
        Span<byte> mark = stackalloc byte[4];
        var length = input.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
        if (Compressions.Of(mark[..length]) != Compressions.Zip)
            return null;
        try
        {
            return [.. ZipInput.Files(input, limits).Select(e => e.Name)];
        }
        catch (CompressionDamage damage)
        {
            throw new ConversionException($"The zip compression cannot be read: {damage.Message}.", inner: damage);
        }
    }
}
