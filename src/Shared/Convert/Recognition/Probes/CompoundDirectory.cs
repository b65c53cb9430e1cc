using System.Text;
using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>One stream or storage of a compound file.</summary>
/// <param name="Kind">1 storage, 2 stream, 5 root.</param>
/// <param name="Start">Its first sector.</param>
internal readonly record struct CompoundEntry(string Name, int Kind, uint Start, long Size);

/// <summary>Lists what a compound file holds ([MS-CFB]): the directory's sectors are a chain in the table of sectors, of which the header names the first 109.</summary>
internal static class CompoundDirectory
{
    const int MostSectors = 512;
    const int HeaderSectors = 109;
    const uint LastRegular = 0xFFFFFFFA;

    public static ReadOnlySpan<byte> Mark => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    /// <summary>The entries; as many as can be reached. The class identifier is the root's.</summary>
    public static (IReadOnlyList<CompoundEntry> Entries, Guid Class) Read(ContentSample sample)
    {
        var entries = new List<CompoundEntry>();
        var root = Guid.Empty;
        var shift = U16(sample.Head, 30);
        if (shift is not (9 or 12))
            return (entries, root);
        var buffer = new byte[1 << shift];
        var seen = 0;
        for (var sector = (uint)U32(sample.Head, 48); sector < LastRegular && seen < MostSectors; seen++)
        {
            if (!sample.TryRead(((long)sector + 1) << shift, buffer))
                break;
            for (var at = 0; at < buffer.Length; at += 128)
            {
                var entry = buffer.AsSpan(at, 128);
                var length = U16(entry, 64);
                if (entry[66] is not (1 or 2 or 5) || length is < 2 or > 64)
                    continue;
                if (entry[66] == 5)
                    root = new(entry.Slice(80, 16));
                entries.Add(new(Encoding.Unicode.GetString(entry[..(length - 2)]), entry[66], (uint)U32(entry, 116), U32(entry, 120)));
            }

            sector = Next(sample, sector, shift);
        }

        return (entries, root);
    }

    /// <summary>The first bytes of a stream that is large enough to have sectors of its own; empty otherwise.</summary>
    public static byte[] Start(ContentSample sample, CompoundEntry entry)
    {
        var shift = U16(sample.Head, 30);
        var bytes = new byte[512];
        return entry.Size >= 4096 && entry.Start < LastRegular && sample.TryRead(((long)entry.Start + 1) << shift, bytes) ? bytes : [];
    }

    static uint Next(ContentSample sample, uint sector, int shift)
    {
        var perSector = 1u << (shift - 2);
        var table = sector / perSector;
        var at = table < HeaderSectors ? U32(sample.Head, 76 + 4 * (int)table) : -1;
        if (at is < 0 or >= LastRegular)
            return uint.MaxValue;
        Span<byte> next = stackalloc byte[4];
        return sample.TryRead(((at + 1) << shift) + (sector % perSector) * 4, next) ? (uint)U32(next, 0) : uint.MaxValue;
    }
}
