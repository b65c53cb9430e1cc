using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Archives;

/// <summary>An archive, and what is around it.</summary>
/// <param name="Kind"><c>zip</c>, <c>tar</c> or <c>7z</c>.</param>
/// <param name="Layers">Compressions around it, outermost first.</param>
internal sealed record FoundArchive(string Kind, IReadOnlyList<string> Layers);

/// <summary>Finds out whether a content is an archive of files, by its bytes.</summary>
internal static class ArchiveProbe
{
    /// <summary>The parts by which zip archives are one document, not files for their own sake: Office, OpenDocument and EPUB.</summary>
    static readonly string[] PartsOfDocuments = ["[Content_Types].xml", "mimetype"];

    /// <summary>What it is; null where it is no archive, or its compression is damaged. A zip archive may turn out to be a document.</summary>
    public static FoundArchive? Of(Func<Stream> open, ConversionLimits limits)
    {
        var layers = new List<string>();
        while (layers.Count <= limits.MaxLayers)
        {
            var head = Head(open, layers, limits);
            if (IsSevenZip(head))
                return new("7z", layers);
            if (TarHeader.IsStart(head))
                return new("tar", layers);
            switch (Compressions.Of(head))
            {
                case null:
                    return null;
                case Compressions.Zip:
                    return new(Compressions.Zip, layers);
                case var compression:
                    layers.Add(compression);
                    break;
            }
        }

        return null;
    }

    /// <summary>The content without its compressions; closing it closes the stored stream.</summary>
    public static Stream OpenLayers(Stream stored, IReadOnlyList<string> layers, ConversionLimits limits)
    {
        var counted = new CountingStream(stored, null);
        return layers.Count == 0
            ? counted
            : Layers.Open(counted, new("unknown", null, null, string.Join(Compressions.Separator, layers), null, null, 0, []), limits);
    }

    static byte[] Head(Func<Stream> open, List<string> layers, ConversionLimits limits)
    {
        var head = new byte[4 << 10];
        try
        {
            using var content = OpenLayers(open(), layers, limits);
            return head[..content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (ConversionException) when (layers.Count > 0)
        {
            // The conversion will say what is damaged.
            return [];
        }
    }

    /// <summary>Whether the files of a zip archive are the parts of one document.</summary>
    public static bool IsDocument(IReadOnlyList<ZipEntry> entries) => entries.Any(e => PartsOfDocuments.Contains(e.Name));

    /// <summary>Whether a content is neither compressed nor an archive.</summary>
    /// <param name="head">Its first 512 bytes or more.</param>
    public static bool IsPlain(ReadOnlySpan<byte> head) => Compressions.Of(head) is null && !IsSevenZip(head) && !TarHeader.IsStart(head);

    static bool IsSevenZip(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]);
}
