using System.Buffers.Binary;
using System.IO.Hashing;
using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Archives.SevenZip;

/// <summary>Unpacks the files of a 7z archive one behind the other; each is checked by its checksum.</summary>
internal static class SevenZipArchive
{
    const int MaxHeader = 64 << 20;
    const int MaxHeaders = 4;
    const int Start = 32;

    /// <summary>The files, with where each lies in the spool.</summary>
    /// <param name="open">Opens the archive, seekable.</param>
    /// <param name="spool">Where the content goes.</param>
    /// <param name="budget">Counts entries and bytes.</param>
    /// <exception cref="CompressionDamage">It is damaged, or uses something that is not read.</exception>
    public static IReadOnlyList<ArchiveFile> Unpack(Func<Stream> open, SpoolFile spool, ArchiveBudget budget)
    {
        var header = Header(open);
        if (header.Length == 0)
            return [];
        var reader = new HeaderReader(header);
        reader.Expect(0x01);
        Folder[] folders = [];
        SevenZipFile[] files = [];
        for (var id = reader.Byte(); id != 0; id = reader.Byte())
        {
            if (id == 0x04)
                folders = SevenZipHeader.Streams(ref reader, Start, Length(open));
            else if (id == 0x05)
                files = SevenZipHeader.Files(ref reader);
            else
                throw HeaderReader.Damaged();
        }

        var entries = new List<ArchiveFile>();
        var parts = Parts(open, folders, spool, budget).GetEnumerator();
        foreach (var file in files)
        {
            budget.TakeEntry();
            if (file.HasContent)
                entries.Add(parts.MoveNext() ? new(file.Name, parts.Current.At, parts.Current.Size) : throw HeaderReader.Damaged());
            else if (!file.IsFolder)
                entries.Add(new(file.Name, 0, 0));
        }

        return entries;
    }

    static IEnumerable<(long At, long Size)> Parts(Func<Stream> open, Folder[] folders, SpoolFile spool, ArchiveBudget budget)
    {
        foreach (var folder in folders)
        {
            using var content = SevenZipCoders.Open(open(), folder);
            foreach (var (size, crc) in folder.Parts)
            {
                var at = spool.Length;
                if (spool.Append(content, size, budget, out var found) < size)
                    throw new CompressionDamage("its content is shorter than its header says");
                if (crc is { } expected && expected != found)
                    throw new CompressionDamage("the checksum of a file is not that of its content");
                yield return (at, size);
            }
        }
    }

    static byte[] Header(Func<Stream> open)
    {
        using var archive = open();
        Span<byte> start = stackalloc byte[Start];
        if (archive.ReadAtLeast(start, Start, throwOnEndOfStream: false) < Start)
            throw CompressionDamage.CutOff("its start");
        if (start[6] != 0)
            throw new CompressionDamage($"it has the version {start[6]}.{start[7]}, which is not supported");
        if (Crc32.HashToUInt32(start[12..]) != BinaryPrimitives.ReadUInt32LittleEndian(start[8..]))
            throw new CompressionDamage("the checksum of its start is wrong");
        var (at, size) = (BinaryPrimitives.ReadInt64LittleEndian(start[12..]), BinaryPrimitives.ReadInt64LittleEndian(start[20..]));
        if (size == 0)
            return [];
        if (at < 0 || size is < 0 or > MaxHeader || at > archive.Length - Start - size)
            throw new CompressionDamage("its header does not lie inside it: it is cut off");
        var header = new byte[size];
        archive.Position = Start + at;
        archive.ReadExactly(header);
        if (Crc32.HashToUInt32(header) != BinaryPrimitives.ReadUInt32LittleEndian(start[28..]))
            throw new CompressionDamage("the checksum of its header is wrong");
        for (var i = 0; header is [0x17, ..]; i++)
            header = i < MaxHeaders ? Unpacked(open, header, archive.Length) : throw HeaderReader.Damaged();
        return header;
    }

    static byte[] Unpacked(Func<Stream> open, byte[] packed, long length)
    {
        var reader = new HeaderReader(packed.AsSpan(1));
        var folder = SevenZipHeader.Streams(ref reader, Start, length) is [var only] ? only : throw HeaderReader.Damaged();
        var size = folder.Sizes[folder.Main];
        if (size is <= 0 or > MaxHeader)
            throw new CompressionDamage($"its header has {size} bytes: at most {MaxHeader} are read");
        using var content = SevenZipCoders.Open(open(), folder);
        using var header = new MemoryStream();
        var buffer = new byte[1 << 14];
        for (int read; header.Length < size && (read = content.Read(buffer, 0, (int)Math.Min(buffer.Length, size - header.Length))) > 0;)
            header.Write(buffer, 0, read);
        var bytes = header.ToArray();
        return bytes.Length == size && (folder.Crc is null || folder.Crc == Crc32.HashToUInt32(bytes)) ? bytes : throw new CompressionDamage("its packed header is damaged");
    }

    static long Length(Func<Stream> open)
    {
        using var archive = open();
        return archive.Length;
    }
}
