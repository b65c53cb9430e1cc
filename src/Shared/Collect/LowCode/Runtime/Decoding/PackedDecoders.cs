using System.IO.Compression;

namespace DataIngestion.Collect;

/// <summary>What is packed with gzip, where it is: some sources pack only what is large.</summary>
internal sealed class GzipDecoder(Decoder inner) : Decoder
{
    const long MaxBytes = 8L << 30;

    public override IEnumerable<object?> Read(Stream body)
    {
        Span<byte> head = stackalloc byte[2];
        var isPacked = body.ReadAtLeast(head, 2, throwOnEndOfStream: false) == 2 && head[0] == 0x1f && head[1] == 0x8b;
        body.Position = 0;
        return isPacked ? Unpacked(body) : inner.Read(body);
    }

    public override void Check(Stream body)
    {
    }

    IEnumerable<object?> Unpacked(Stream body)
    {
        using var unpacked = Unpack(() => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true));
        foreach (var value in inner.Read(unpacked))
            yield return value;
    }

    /// <summary>Unpacks into a file that goes away, so that the content has a length and can be read twice.</summary>
    public static Stream Unpack(Func<Stream> open)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"ingest-{Path.GetRandomFileName()}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 64 << 10,
        });
        try
        {
            using var packed = open();
            var buffer = new byte[64 << 10];
            for (int read; (read = packed.Read(buffer)) > 0;)
            {
                file.Write(buffer, 0, read);
                if (file.Length > MaxBytes)
                    throw new UnexpectedContentException($"unpacks to more than {MaxBytes >> 30} GiB");
            }

            file.Position = 0;
            return file;
        }
        catch (InvalidDataException wrong)
        {
            file.Dispose();
            throw new UnexpectedContentException($"cannot be unpacked ({wrong.Message})");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

/// <summary>The files of an archive, one after another.</summary>
internal sealed class ZipDecoder(Decoder inner) : Decoder
{
    const int MaxEntries = 10_000;

    public override IEnumerable<object?> Read(Stream body)
    {
        using var archive = Open(body);
        foreach (var entry in archive.Entries.Where(e => !e.FullName.EndsWith('/')).Take(MaxEntries))
        {
            using var unpacked = GzipDecoder.Unpack(entry.Open);
            foreach (var value in inner.Read(unpacked))
                yield return value;
        }
    }

    public override void Check(Stream body)
    {
        using var archive = Open(body);
    }

    static ZipArchive Open(Stream body)
    {
        try
        {
            return new(body, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException wrong)
        {
            throw new UnexpectedContentException($"is no archive ({wrong.Message})");
        }
    }
}
