using System.Text;
using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Archives.SevenZip;

/// <summary>One step of unpacking, by its identifier in Methods.txt of the LZMA SDK.</summary>
internal sealed record Coder(ulong Method, byte[] Properties);

/// <summary>Files that were packed together, and how.</summary>
/// <param name="Coders">Each of one stream in and one out.</param>
/// <param name="From">For each coder the one whose output it reads; -1 for the packed bytes.</param>
/// <param name="Main">The coder whose output is the content.</param>
internal sealed record Folder(Coder[] Coders, int[] From, int Main)
{
    /// <summary>Bytes that each coder gives.</summary>
    public long[] Sizes { get; set; } = [];

    /// <summary>Checksum of the content where there is one.</summary>
    public uint? Crc { get; set; }

    /// <summary>Bytes and checksums of the files in it.</summary>
    public (long Size, uint? Crc)[] Parts { get; set; } = [];

    /// <summary>Whether the header says how many files are in it.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Where the packed bytes lie.</summary>
    public (long At, long Size) Packed { get; set; }
}

/// <summary>A file of the archive: a part of a folder, or empty.</summary>
internal sealed record SevenZipFile(string Name, bool IsFolder, bool HasContent);

/// <summary>Reads the header of a 7z archive.</summary>
internal static class SevenZipHeader
{
    const int MaxCoders = 8;

    /// <summary>The folders, from the streams of a header.</summary>
    public static Folder[] Streams(ref HeaderReader reader, long origin, long limit)
    {
        Folder[] folders = [];
        (long At, long Size)[] packed = [];
        while (true)
        {
            switch (reader.Byte())
            {
                case 0x00:
                    return Complete(folders, packed);
                case 0x06:
                    packed = PackInfo(ref reader, origin, limit);
                    break;
                case 0x07:
                    folders = Unpack(ref reader);
                    break;
                case 0x08:
                    SubStreams(ref reader, folders);
                    break;
                default:
                    throw HeaderReader.Damaged();
            }
        }
    }

    static Folder[] Complete(Folder[] folders, (long At, long Size)[] packed)
    {
        if (folders.Length != packed.Length)
            throw HeaderReader.Damaged();
        for (var i = 0; i < folders.Length; i++)
        {
            folders[i].Packed = packed[i];
            if (folders[i].Parts.Length == 0 && folders[i].Sizes.Length > 0)
                folders[i].Parts = folders[i].IsCounted ? [] : [(folders[i].Sizes[folders[i].Main], folders[i].Crc)];
        }

        return folders;
    }

    static (long, long)[] PackInfo(ref HeaderReader reader, long origin, long limit)
    {
        var at = origin + reader.Number();
        var streams = new (long At, long Size)[reader.Count()];
        for (var id = reader.Byte(); id != 0; id = reader.Byte())
        {
            if (id == 0x0A)
                reader.Digests(streams.Length);
            else if (id != 0x09)
                throw HeaderReader.Damaged();
            for (var i = 0; id == 0x09 && i < streams.Length; i++)
            {
                streams[i] = (at, reader.Number());
                at += streams[i].Size;
                if (at < 0 || at > limit)
                    throw new CompressionDamage("its packed streams do not lie inside it: it is cut off");
            }
        }

        return streams;
    }

    static Folder[] Unpack(ref HeaderReader reader)
    {
        reader.Expect(0x0B);
        var folders = new Folder[reader.Count()];
        if (reader.Byte() != 0)
            throw HeaderReader.Damaged();
        for (var i = 0; i < folders.Length; i++)
            folders[i] = ReadFolder(ref reader);
        reader.Expect(0x0C);
        foreach (var folder in folders)
        {
            folder.Sizes = new long[folder.Coders.Length];
            for (var i = 0; i < folder.Sizes.Length; i++)
                folder.Sizes[i] = reader.Number();
        }

        var id = reader.Byte();
        if (id == 0x0A)
        {
            var digests = reader.Digests(folders.Length);
            for (var i = 0; i < folders.Length; i++)
                folders[i].Crc = digests[i];
            id = reader.Byte();
        }

        return id == 0 ? folders : throw HeaderReader.Damaged();
    }

    static Folder ReadFolder(ref HeaderReader reader)
    {
        var coders = new Coder[reader.Count()];
        if (coders.Length is 0 or > MaxCoders)
            throw HeaderReader.Damaged();
        for (var i = 0; i < coders.Length; i++)
            coders[i] = ReadCoder(ref reader);
        var from = new int[coders.Length];
        var isRead = new bool[coders.Length];
        Array.Fill(from, -1);
        for (var i = 1; i < coders.Length; i++)
        {
            var (into, outOf) = (reader.Number(), reader.Number());
            if (into >= coders.Length || outOf >= coders.Length || from[into] >= 0 || isRead[outOf])
                throw HeaderReader.Damaged();
            from[into] = (int)outOf;
            isRead[outOf] = true;
        }

        return new(coders, from, Array.IndexOf(isRead, false));
    }

    static Coder ReadCoder(ref HeaderReader reader)
    {
        var flags = reader.Byte();
        if ((flags & 0xC0) != 0 || (flags & 0x0F) > 8)
            throw HeaderReader.Damaged();
        var method = 0UL;
        foreach (var part in reader.Bytes(flags & 0x0F))
            method = (method << 8) | part;
        if ((flags & 0x10) != 0 && (reader.Number(), reader.Number()) != (1, 1))
            throw new CompressionDamage($"it is packed by the method {SevenZipCoders.NameOf(method)} with several streams, which is not supported: pack it anew with LZMA2");
        return new(method, (flags & 0x20) != 0 ? reader.Bytes(reader.Number()).ToArray() : []);
    }

    static void SubStreams(ref HeaderReader reader, Folder[] folders)
    {
        var counts = new int[folders.Length];
        Array.Fill(counts, 1);
        var id = reader.Byte();
        if (id == 0x0D)
        {
            var total = 0L;
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] = (int)Math.Min(reader.Number(), int.MaxValue);
                // Each but the last of a folder has a size of at least a byte here.
                total += Math.Max(0, counts[i] - 1L);
                if (total > reader.Left)
                    throw HeaderReader.Damaged();
                folders[i].IsCounted = true;
            }

            id = reader.Byte();
        }

        for (var i = 0; i < folders.Length; i++)
        {
            var parts = new (long Size, uint? Crc)[counts[i]];
            var left = folders[i].Sizes[folders[i].Main];
            for (var n = 0; n < parts.Length; n++)
            {
                parts[n] = (n == parts.Length - 1 ? left : id == 0x09 ? reader.Number() : throw HeaderReader.Damaged(), null);
                left -= parts[n].Size;
                if (left < 0)
                    throw HeaderReader.Damaged();
            }

            folders[i].Parts = parts;
        }

        if (id == 0x09)
            id = reader.Byte();
        foreach (var folder in folders.Where(f => f.Parts.Length == 1 && f.Crc is not null))
            folder.Parts[0].Crc = folder.Crc;
        if (id == 0x0A)
        {
            var unknown = folders.SelectMany(f => Enumerable.Range(0, f.Parts.Length).Where(n => f.Parts[n].Crc is null).Select(n => (Folder: f, Part: n))).ToList();
            var digests = reader.Digests(unknown.Count);
            for (var i = 0; i < unknown.Count; i++)
                unknown[i].Folder.Parts[unknown[i].Part].Crc = digests[i];
            id = reader.Byte();
        }

        if (id != 0)
            throw HeaderReader.Damaged();
    }

    /// <summary>The files, from the second part of a header.</summary>
    public static SevenZipFile[] Files(ref HeaderReader reader)
    {
        var count = reader.Count();
        var names = new string[count];
        var isEmpty = new bool[count];
        bool[] isEmptyFile = [];
        Array.Fill(names, "");
        for (var id = reader.Byte(); id != 0; id = reader.Byte())
        {
            var property = new HeaderReader(reader.Bytes(reader.Number()));
            switch (id)
            {
                case 0x0E:
                    isEmpty = property.Bits(count);
                    break;
                case 0x0F:
                    isEmptyFile = property.Bits(isEmpty.Count(e => e));
                    break;
                case 0x11:
                    ReadNames(ref property, names);
                    break;
                default:
                    break;
            }
        }

        var files = new SevenZipFile[count];
        var empty = 0;
        for (var i = 0; i < count; i++)
        {
            // What has no content is a folder, unless it is said to be an empty file.
            var isFolder = isEmpty[i] && (empty >= isEmptyFile.Length || !isEmptyFile[empty]);
            empty += isEmpty[i] ? 1 : 0;
            files[i] = new(names[i].Replace('\\', '/'), isFolder, !isEmpty[i]);
        }

        return files;
    }

    static void ReadNames(ref HeaderReader property, string[] names)
    {
        property.Expect(0);
        var all = property.Bytes(property.Left);
        for (var i = 0; i < names.Length; i++)
        {
            var end = 0;
            while (end + 1 < all.Length && (all[end] | all[end + 1]) != 0)
                end += 2;
            if (end + 1 >= all.Length)
                throw HeaderReader.Damaged();
            names[i] = Encoding.Unicode.GetString(all[..end]);
            all = all[(end + 2)..];
        }
    }
}
