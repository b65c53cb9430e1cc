using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion;

/// <summary>What an input is and what it holds, without converting it.</summary>
public static class InputRecognition
{
    /// <summary>Recognises an input by its bytes, through every layer of compression.</summary>
    /// <param name="openInput">Opens the input from its start; called once or twice.</param>
    /// <param name="request">The name, the file of an archive, and limits; hints are not looked at.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ConversionException">The input is a zip archive that cannot be read, or holds several files and the request names none.</exception>
    public static async Task<FormatFinding> DetectAsync(
        Func<CancellationToken, ValueTask<Stream>> openInput, ConversionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(openInput);
        ArgumentNullException.ThrowIfNull(request);
        var head = await StoredHead.ReadAsync(openInput, request, cancellationToken);
        return head.Complete(new FormatRecognizer().Recognize(head.Bytes, head.Name));
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
