using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Conversion.Compression;

/// <summary>One file in a zip archive, as the directory at its end says.</summary>
/// <param name="Name">With folders, separated by <c>/</c>.</param>
/// <param name="Method">How it is compressed.</param>
/// <param name="IsEncrypted">Whether it needs a password.</param>
/// <param name="Crc">CRC-32 of its content.</param>
/// <param name="Packed">Its compressed bytes.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="HeaderAt">Where its local header lies.</param>
internal sealed record ZipEntry(string Name, int Method, bool IsEncrypted, uint Crc, long Packed, long Size, long HeaderAt)
{
    /// <summary>Whether somebody put it there as data: no folder, and none of the files that operating systems leave behind.</summary>
    public bool IsData
    {
        get
        {
            var name = Name[(Name.LastIndexOf('/') + 1)..];
            return name.Length > 0 && name[0] != '.' && !Name.StartsWith("__MACOSX/", StringComparison.Ordinal) && name is not ("Thumbs.db" or "desktop.ini");
        }
    }
}

/// <summary>Reads the directory of a zip archive, with the zip64 extensions (APPNOTE 6.3.10).</summary>
internal static class ZipDirectory
{
    const int EndSize = 22;
    const int EntrySize = 46;
    const int MaxDirectory = 64 << 20;
    const uint Wide = uint.MaxValue;

    /// <summary>The archive's files in order.</summary>
    /// <param name="archive">Seekable.</param>
    /// <param name="most">The most entries, folders too.</param>
    /// <exception cref="CompressionDamage">It is no whole archive, or has too many entries.</exception>
    public static IReadOnlyList<ZipEntry> Read(Stream archive, int most)
    {
        var (count, size, at) = End(archive);
        if (count > most)
            throw new CompressionDamage($"it has {count} entries: at most {most} are read");
        if (at < 0 || size < 0 || at > archive.Length - size || size > MaxDirectory)
            throw new CompressionDamage("its directory does not lie inside it, or is larger than 64 MiB");
        var directory = new byte[size];
        archive.Position = at;
        archive.ReadExactly(directory);
        var entries = new List<ZipEntry>();
        var rest = directory.AsSpan();
        for (var i = 0L; i < count; i++)
            entries.Add(Entry(ref rest));
        return entries;
    }

    static (long Count, long Size, long At) End(Stream archive)
    {
        var length = (int)Math.Min(archive.Length, EndSize + ushort.MaxValue);
        var tail = new byte[length];
        archive.Position = archive.Length - length;
        archive.ReadExactly(tail);
        for (var i = length - EndSize; i >= 0; i--)
        {
            var end = tail.AsSpan(i);
            if (!end.StartsWith("PK\x05\x06"u8) || !IsAllBut(end[EndSize..], BinaryPrimitives.ReadUInt16LittleEndian(end[20..])))
                continue;
            var (count, size, at) = (BinaryPrimitives.ReadUInt16LittleEndian(end[10..]), BinaryPrimitives.ReadUInt32LittleEndian(end[12..]), BinaryPrimitives.ReadUInt32LittleEndian(end[16..]));
            return count == ushort.MaxValue || size == Wide || at == Wide ? WideEnd(archive, archive.Length - length + i) ?? (count, size, at) : (count, size, at);
        }

        throw new CompressionDamage("the directory at its end is missing: it is cut off, or followed by other bytes");
    }

    /// <summary>Whether a comment is all that follows the end, but for zeros: some programs fill up blocks.</summary>
    static bool IsAllBut(ReadOnlySpan<byte> behind, int comment) => behind.Length >= comment && !behind[comment..].ContainsAnyExcept((byte)0);

    static (long Count, long Size, long At)? WideEnd(Stream archive, long endAt)
    {
        Span<byte> record = stackalloc byte[56];
        if (!TryRead(archive, endAt - 20, record[..20]) || !record.StartsWith("PK\x06\x07"u8))
            return null;
        if (!TryRead(archive, BinaryPrimitives.ReadInt64LittleEndian(record[8..]), record) || !record.StartsWith("PK\x06\x06"u8))
            throw new CompressionDamage("its zip64 directory is missing");
        return (BinaryPrimitives.ReadInt64LittleEndian(record[32..]), BinaryPrimitives.ReadInt64LittleEndian(record[40..]), BinaryPrimitives.ReadInt64LittleEndian(record[48..]));
    }

    static bool TryRead(Stream archive, long at, Span<byte> to)
    {
        if (at < 0 || at > archive.Length - to.Length)
            return false;
        archive.Position = at;
        archive.ReadExactly(to);
        return true;
    }

    static ZipEntry Entry(ref Span<byte> directory)
    {
        if (directory.Length < EntrySize || !directory.StartsWith("PK\x01\x02"u8))
            throw new CompressionDamage("its directory is damaged");
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(directory[8..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(directory[10..]);
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(directory[16..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(directory[20..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(directory[24..]);
        var (nameLength, extraLength, commentLength) = (
            BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]), BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]), BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]));
        long at = BinaryPrimitives.ReadUInt32LittleEndian(directory[42..]);
        var length = EntrySize + nameLength + extraLength + commentLength;
        if (length > directory.Length)
            throw new CompressionDamage("its directory is damaged");
        var name = (flags & 0x800) != 0 ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(437)!;
        var extra = Zip64(directory.Slice(EntrySize + nameLength, extraLength));
        if (size == Wide)
            size = Next(ref extra);
        if (packed == Wide)
            packed = Next(ref extra);
        if (at == Wide)
            at = Next(ref extra);
        var entry = new ZipEntry(name.GetString(directory.Slice(EntrySize, nameLength)).Replace('\\', '/'), method, (flags & 0x41) != 0 || method == 99, crc, packed, size, at);
        directory = directory[length..];
        return entry;
    }

    static Span<byte> Zip64(Span<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
                return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }

        return default;
    }

    static long Next(ref Span<byte> wide)
    {
        if (wide.Length < 8)
            throw new CompressionDamage("its directory is damaged");
        var value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[8..];
        return value;
    }
}
