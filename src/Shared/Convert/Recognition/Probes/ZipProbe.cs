using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Probes;

/// <summary>A zip archive as a document, or as an archive.</summary>
internal static class ZipProbe
{
    /// <summary>The document that the content is; null for a mere archive, and for what is no zip.</summary>
    public static Verdict? Document(ContentSample sample, ConversionLimits limits)
    {
        if (sample.Seekable() is { } archive)
        {
            try
            {
                return ZipDocuments.Find(ZipDirectory.Read(archive, Math.Max(limits.MaxEntries, 1)), (entry, most) => Start(archive, entry, most));
            }
            catch (Exception fault) when (fault is CompressionDamage or IOException)
            {
                // Damaged or cut off: what its start holds may still say what it was.
            }
        }

        return ZipDocuments.FindInHead(sample.Head);
    }

    /// <summary>A mere archive.</summary>
    public static FormatFinding Archive(params string[] evidence) => new("zip", null, Compressions.Zip, null, null, null, 1, ["starts with the mark of a zip archive", .. evidence]);

    static byte[]? Start(Stream archive, ZipEntry entry, int most)
    {
        try
        {
            using var decoder = new ZipDecoder(archive, entry);
            var content = new byte[(int)Math.Clamp(entry.Size, 1, most)];
            var length = 0;
            for (int read; length < content.Length && (read = decoder.Read(content.AsSpan(length))) > 0;)
                length += read;
            return content[..length];
        }
        catch (CompressionDamage)
        {
            return null;
        }
    }
}
