using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Conversion.Excel.Biff;

/// <summary>
/// A compound file ([MS-CFB]), a small file system. Chains of sectors are followed for at most as many steps as the file has sectors, so that none goes
/// in a circle, and nothing is allocated that the file does not have.
/// </summary>
internal sealed class CompoundFile
{
    const uint LastSector = 0xFFFF_FFFA;
    const int MostEntries = 1 << 16;
    const int EntrySize = 128;
    const int HeaderSectors = 109;
    readonly Stream _content;
    readonly int _sectorSize;
    readonly int _miniSize;
    readonly uint _miniCutoff;
    readonly long _sectors;
    readonly uint[] _next;
    readonly List<Entry> _entries = [];
    readonly uint _miniTableAt;

    public static ReadOnlySpan<byte> Mark => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    /// <param name="content">Seekable; left open.</param>
    public CompoundFile(Stream content)
    {
        _content = content;
        var header = new byte[512];
        content.Position = 0;
        if (content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.AsSpan().StartsWith(Mark))
            throw Damaged("its header is cut off");
        var (shift, miniShift) = (BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30)), BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32)));
        if (shift is < 7 or > 16 || miniShift < 3 || miniShift >= shift)
            throw Damaged($"its sectors have 2^{shift} and 2^{miniShift} bytes");
        (_sectorSize, _miniSize) = (1 << shift, 1 << miniShift);
        _miniCutoff = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(56));
        _miniTableAt = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(60));
        _sectors = Math.Max(0, (content.Length - 1) / _sectorSize);
        _next = ReadTable(header);
        ReadEntries(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(48)));
    }

    sealed record Entry(string Name, byte Type, uint Left, uint Right, uint Child, uint Start, long Size);

    /// <summary>The names of the streams and storages at the top.</summary>
    public IEnumerable<string> Names => Top().Select(e => e.Name);

    /// <summary>A stream at the top of the file, by its name in any case; null where there is none.</summary>
    public Stream? Find(string name)
    {
        var entry = Top().FirstOrDefault(e => IsStream(e, name)) ?? _entries.Find(e => IsStream(e, name));
        return entry is null ? null : Open(entry);
    }

    static bool IsStream(Entry entry, string name) => entry.Type == 2 && string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase);

    Stream Open(Entry entry)
    {
        if (entry.Size >= _miniCutoff)
            return new SectorStream(_content, Chain(entry.Start), _sectorSize, entry.Size);
        var table = ReadWhole(Chain(_miniTableAt));
        var mini = new SectorStream(_content, Chain(_entries[0].Start), _sectorSize, long.MaxValue);
        var bytes = new byte[Math.Min(entry.Size, mini.Length)];
        var sector = entry.Start;
        for (var done = 0; done < bytes.Length; done += _miniSize)
        {
            if ((long)sector * _miniSize >= mini.Length)
                throw Damaged("a short stream leaves the file");
            mini.Position = (long)sector * _miniSize;
            var want = Math.Min(_miniSize, bytes.Length - done);
            if (mini.ReadAtLeast(bytes.AsSpan(done, want), want, throwOnEndOfStream: false) < want)
                throw Damaged("a short stream is cut off");
            if (done + _miniSize < bytes.Length && sector >= table.Length / 4)
                return new MemoryStream(bytes, 0, done + _miniSize, writable: false);
            sector = sector < table.Length / 4 ? BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan((int)sector * 4)) : LastSector;
        }

        return new MemoryStream(bytes, writable: false);
    }

    byte[] ReadWhole(int[] chain)
    {
        using var stream = new SectorStream(_content, chain, _sectorSize, long.MaxValue);
        var bytes = new byte[stream.Length];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    /// <summary>The table that names the sector after each; its own sectors are listed in the header and in sectors that follow from it.</summary>
    uint[] ReadTable(byte[] header)
    {
        var perSector = _sectorSize / 4;
        var table = new List<uint>();
        var sector = new byte[_sectorSize];
        var list = header.AsSpan(76).ToArray();
        var (nextList, entries) = (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(68)), HeaderSectors);
        for (var steps = 0L; steps <= _sectors && table.Count < _sectors; steps++)
        {
            for (var i = 0; i < entries && table.Count < _sectors; i++)
            {
                var at = BinaryPrimitives.ReadUInt32LittleEndian(list.AsSpan(i * 4));
                if (at >= LastSector || !TryRead(at, sector))
                    continue;
                for (var j = 0; j < perSector; j++)
                    table.Add(BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(j * 4)));
            }

            list = new byte[_sectorSize];
            if (nextList >= LastSector || !TryRead(nextList, list))
                break;
            entries = perSector - 1;
            nextList = BinaryPrimitives.ReadUInt32LittleEndian(list.AsSpan(entries * 4));
        }

        return [.. table];
    }

    bool TryRead(uint sector, byte[] to)
    {
        if (sector >= _sectors)
            return false;
        _content.Position = (sector + 1L) * _sectorSize;
        to.AsSpan(_content.ReadAtLeast(to, to.Length, throwOnEndOfStream: false)).Fill(0xFF);
        return true;
    }

    int[] Chain(uint start)
    {
        var chain = new List<int>();
        for (var at = start; at < LastSector; at = at < _next.Length ? _next[at] : LastSector)
        {
            if (at >= _sectors)
                throw Damaged("a stream leaves the file: it is cut off");
            if (chain.Count >= _sectors)
                throw Damaged("its sectors go in a circle");
            chain.Add((int)at);
        }

        return [.. chain];
    }

    void ReadEntries(uint start)
    {
        using var directory = new SectorStream(_content, Chain(start), _sectorSize, (long)MostEntries * EntrySize);
        var entry = new byte[EntrySize];
        while (directory.ReadAtLeast(entry, EntrySize, throwOnEndOfStream: false) == EntrySize)
        {
            var length = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(64)) - 2, 0, 62);
            var size = BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(120));
            _entries.Add(new(
                Encoding.Unicode.GetString(entry, 0, length & ~1), entry[66], UInt32(68), UInt32(72), UInt32(76), UInt32(116),
                // The upper half is rubbish where sectors are small.
                _sectorSize <= 512 || size < 0 ? size & uint.MaxValue : size));
        }

        if (_entries.Count == 0)
            throw Damaged("it has no directory");
        uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(at));
    }

    List<Entry> Top()
    {
        var (found, seen, open) = (new List<Entry>(), new HashSet<uint>(), new Stack<uint>([_entries[0].Child]));
        while (open.TryPop(out var at))
        {
            if (at >= _entries.Count || !seen.Add(at))
                continue;
            found.Add(_entries[(int)at]);
            open.Push(_entries[(int)at].Left);
            open.Push(_entries[(int)at].Right);
        }

        return found;
    }

    static InvalidDataException Damaged(string what) => new($"The compound file is damaged: {what}.");
}
