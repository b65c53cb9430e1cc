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
}
