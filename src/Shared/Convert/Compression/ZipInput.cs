using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Compression;

/// <summary>Finds the one file of a zip archive that a conversion reads.</summary>
internal static class ZipInput
{
    const int Named = 20;

    /// <summary>A decoder of the file; the archive is copied to a temporary file first where it cannot be seeked, because its directory is at its end.</summary>
    /// <exception cref="CompressionDamage">The archive cannot be read.</exception>
    /// <exception cref="ConversionException">The request does not say which file, and there are several; or there is none.</exception>
    public static (LayerDecoder Decoder, ZipEntry Entry) Open(Stream stored, string? entry, ConversionLimits limits)
    {
        var archive = stored.CanSeek ? stored : Spool(stored, limits);
        try
        {
            var chosen = Choose(ZipDirectory.Read(archive, limits.MaxEntries), entry);
            var decoder = new ZipDecoder(archive, chosen);
            return (ReferenceEquals(archive, stored) ? decoder : new Owner(decoder, archive), chosen);
        }
        catch
        {
            if (!ReferenceEquals(archive, stored))
                archive.Dispose();
            throw;
        }
    }

    /// <summary>The files of an archive that are data.</summary>
    public static IReadOnlyList<ZipEntry> Files(Stream archive, ConversionLimits limits) => [.. ZipDirectory.Read(archive, limits.MaxEntries).Where(e => e.IsData)];

    /// <summary>The file that is named, or the only one.</summary>
    public static ZipEntry Choose(IReadOnlyList<ZipEntry> entries, string? name)
    {
        if (entries.Any(e => e.Name == "[Content_Types].xml"))
            throw new ConversionException("The content is an Office document (a zip archive of XML parts), which cannot be converted: save it as CSV.");
        if (name is not null)
        {
            return entries.FirstOrDefault(e => e.Name == name)
                ?? throw new ConversionException($"The zip archive has no file '{name}': it holds {List(entries.Where(e => e.IsData))}.");
        }

        var data = entries.Where(e => e.IsData).ToList();
        return data.Count switch
        {
            1 => data[0],
            0 => throw new ConversionException("The zip archive holds no files."),
            _ => throw new ConversionException($"The zip archive holds {data.Count} files: {List(data)}. Say which one to read."),
        };
    }

    static string List(IEnumerable<ZipEntry> entries)
    {
        var names = entries.Select(e => e.Name).ToList();
        return names.Count == 0 ? "none" : string.Join(", ", names.Take(Named)) + (names.Count > Named ? $" and {names.Count - Named} more" : "");
    }

    static FileStream Spool(Stream stored, ConversionLimits limits)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            var buffer = new byte[1 << 16];
            for (int read; (read = stored.Read(buffer)) > 0;)
            {
                file.Write(buffer, 0, read);
                if (file.Length > limits.MaxDecompressedBytes)
                    throw new ConversionException($"The zip archive is larger than {limits.MaxDecompressedBytes} bytes; the limit 'decompressedBytes' says where to stop.");
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    sealed class Owner(LayerDecoder decoder, Stream archive) : LayerDecoder
    {
        public override int Read(Span<byte> to) => decoder.Read(to);

        protected override void Release()
        {
            decoder.Dispose();
            archive.Dispose();
        }
    }
}
