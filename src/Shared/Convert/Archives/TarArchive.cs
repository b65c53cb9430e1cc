using System.Globalization;
using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Archives;

/// <summary>One file of an archive, which lies in one piece.</summary>
/// <param name="Name">With folders.</param>
/// <param name="At">Where its content lies.</param>
/// <param name="Size">Its bytes.</param>
internal sealed record ArchiveFile(string Name, long At, long Size);

/// <summary>Finds the files of a tar archive. Sparse files, and archives over several volumes, are refused; links and devices are passed over.</summary>
internal static class TarArchive
{
    const int MaxExtension = 1 << 20;

    /// <summary>The files in order; of several with one name the last, as unpacking would leave it.</summary>
    /// <param name="archive">Seekable.</param>
    /// <param name="budget">Counts entries.</param>
    /// <param name="notes">Told what is passed over.</param>
    /// <exception cref="CompressionDamage">It is damaged, or uses something that is not read.</exception>
    public static IReadOnlyList<ArchiveFile> Read(Stream archive, ArchiveBudget budget, ICollection<string> notes)
    {
        var files = new List<ArchiveFile>();
        var passed = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var block = new byte[TarHeader.Block];
        var (global, next) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        for (var at = 0L; ;)
        {
            ReadBlock(archive, at, block);
            if (block.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                CheckEnd(archive, at);
                break;
            }

            var header = TarHeader.Read(block, at);
            budget.TakeEntry();
            at += TarHeader.Block;
            var size = header.Kind is 'x' or 'g' or 'L' or 'K' ? header.Size : Size(header, next, global, at);
            if (size > archive.Length - at)
                throw new CompressionDamage($"'{header.Name}' has {size} bytes, of which {archive.Length - at} are there");
            switch (header.Kind)
            {
                case 'x':
                    Merge(next, TarHeader.Properties(Extension(archive, at, size), at));
                    break;
                case 'g':
                    Merge(global, TarHeader.Properties(Extension(archive, at, size), at));
                    break;
                case 'L':
                    next["path"] = TarHeader.Text(Extension(archive, at, size));
                    break;
                case 'K':
                    break;
                default:
                    Take(header with { Name = next.GetValueOrDefault("path") ?? global.GetValueOrDefault("path") ?? header.Name, Size = size }, at, next);
                    next.Clear();
                    break;
            }

            at += (size + TarHeader.Block - 1) / TarHeader.Block * TarHeader.Block;
        }

        foreach (var (what, count) in passed)
            notes.Add($"The tar archive holds {what}, which are passed over: {count}.");
        var last = files.GroupBy(f => f.Name, StringComparer.Ordinal).Select(g => g.Last()).ToHashSet();
        if (last.Count < files.Count)
            notes.Add($"{files.Count - last.Count} files of the tar archive are older ones of a name that comes again, and are passed over.");
        return [.. files.Where(last.Contains)];

        void Take(TarHeader member, long at, Dictionary<string, string> properties)
        {
            if (member.Kind == 'S' || properties.Keys.Any(k => k.StartsWith("GNU.sparse.", StringComparison.Ordinal)))
                throw new CompressionDamage($"'{member.Name}' is a sparse file, which is not supported: pack it without --sparse");
            if (member.Kind == 'M')
                throw new CompressionDamage($"'{member.Name}' begins in another volume: put the volumes together first");
            var what = member.Kind switch { '0' or '7' => null, '1' or '2' => "links", '5' or 'D' => "folders", '3' or '4' or '6' => "devices", _ => "members of other kinds" };
            if (what is null)
                files.Add(new(member.Name, at, member.Size));
            else if (what != "folders")
                passed[what] = passed.GetValueOrDefault(what) + 1;
        }
    }

    static long Size(TarHeader header, Dictionary<string, string> next, Dictionary<string, string> global, long at)
    {
        if (header.Kind is '1' or '2' or '3' or '4' or '5' or '6')
            return 0;
        if ((next.GetValueOrDefault("size") ?? global.GetValueOrDefault("size")) is not { } text)
            return header.Size;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : throw new CompressionDamage($"the size before byte {at} is no number");
    }

    static byte[] Extension(Stream archive, long at, long size)
    {
        if (size > MaxExtension)
            throw new CompressionDamage($"the extended header at byte {at} has {size} bytes: at most {MaxExtension} are read");
        var bytes = new byte[size];
        archive.Position = at;
        archive.ReadExactly(bytes);
        return bytes;
    }

    static void ReadBlock(Stream archive, long at, byte[] block)
    {
        archive.Position = Math.Min(at, archive.Length);
        if (archive.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) < block.Length)
            throw new CompressionDamage("its end mark is missing: it is cut off");
    }

    // Behind the end mark there may be zeros up to a whole record.
    static void CheckEnd(Stream archive, long at)
    {
        var rest = new byte[1 << 14];
        archive.Position = at;
        for (int read; (read = archive.Read(rest)) > 0; at += read)
        {
            if (rest.AsSpan(0, read).IndexOfAnyExcept((byte)0) is >= 0 and var other)
                throw new CompressionDamage($"something follows its end mark, at byte {at + other}");
        }
    }

    static void Merge(Dictionary<string, string> into, Dictionary<string, string> from)
    {
        foreach (var (key, value) in from)
            into[key] = value;
    }
}
