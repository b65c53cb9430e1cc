using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// Which versions of files have been landed: a set of 64-bit hashes, and a floor. A file whose modified second is not above the floor
/// counts as landed, so that the set may forget it. A position holds the latest few entries; the others lie in chunks, each written
/// once under the hash of its content and naming the one before it, so that a position stays true whatever happens after it.
/// </summary>
internal sealed class LandedFiles
{
    /// <summary>Entries that a position holds; it must fit into a blob's metadata along with a name.</summary>
    public const int Inline = 128;

    const string Mark = "f1";
    const int EntryBytes = 12;
    const int HeaderBytes = 40;

    readonly IFileChunks _chunks;
    readonly Dictionary<ulong, uint> _known = [];
    readonly HashSet<ulong> _seen = [];
    readonly List<Entry> _recent = [];
    readonly List<(string Key, Entry[] Entries)> _chain = []; // oldest first
    long _floor = -1;

    LandedFiles(IFileChunks chunks) => _chunks = chunks;

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Entry(ulong Id, uint Second);

    /// <summary>Entries in memory.</summary>
    public int Count => _known.Count;

    /// <summary>The identity of a version, or with <paramref name="version"/> null of a name.</summary>
    public static ulong IdOf(string name, string? version) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(version is null ? name : $"{name}\0{version}")));

    /// <summary>The second that a time lies in, from 1970 to 2106.</summary>
    public static uint SecondOf(DateTimeOffset time) => (uint)Math.Clamp(time.ToUnixTimeSeconds(), 0, uint.MaxValue);

    /// <summary>What a position says; nothing is landed for null.</summary>
    /// <exception cref="StepFailedException">It is not a position of files, or its chunks are gone.</exception>
    public static async Task<LandedFiles> LoadAsync(string? position, IFileChunks chunks, CancellationToken cancellationToken)
    {
        var landed = new LandedFiles(chunks);
        if (position is null)
            return landed;
        var parts = position.Split('.');
        if (parts.Length != 4 || parts[0] != Mark || !long.TryParse(parts[1], out landed._floor) || Base64(parts[3]) is not { } recent)
            throw Unreadable($"'{position[..Math.Min(40, position.Length)]}' is not a position of files");
        for (var key = parts[2]; key.Length > 0;)
        {
            var chunk = await chunks.ReadAsync(key, cancellationToken) ?? throw Unreadable($"the list '{key}' of landed files is gone");
            if (chunk.Length < HeaderBytes || (chunk.Length - HeaderBytes) % EntryBytes != 0 || Convert.ToHexStringLower(SHA256.HashData(chunk)) != key)
                throw Unreadable($"the list '{key}' of landed files is damaged");
            landed._chain.Insert(0, (key, Entries(chunk.AsSpan(HeaderBytes))));
            var before = chunk.AsSpan(8, 32);
            key = before.IndexOfAnyExcept((byte)0) < 0 ? "" : Convert.ToHexStringLower(before);
        }

        landed._recent.AddRange(Entries(recent));
        foreach (var entry in landed._chain.SelectMany(c => c.Entries).Concat(landed._recent))
            landed._known[entry.Id] = entry.Second;
        return landed;
    }

    /// <summary>Whether a file counts as landed; remembers that it is still there.</summary>
    public bool Has(ulong id, uint second)
    {
        if (second <= _floor)
            return true;
        if (!_known.ContainsKey(id))
            return false;
        _seen.Add(id);
        return true;
    }

    /// <summary>Adds a version.</summary>
    public void Add(ulong id, uint second)
    {
        if (_known.TryAdd(id, second))
            _recent.Add(new(id, second));
    }

    /// <summary>Lets everything up to a second count as landed; never goes back.</summary>
    public void RaiseTo(long floor) => _floor = Math.Max(_floor, floor);

    /// <summary>Begins a listing anew.</summary>
    public void Listing() => _seen.Clear();

    /// <summary>The position; writes a chunk first when there is too much for it.</summary>
    /// <param name="now">When the files were listed; null where nothing is forgotten by age.</param>
    /// <param name="forget">Second before which a file must have been seen last to be forgotten.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<string> PositionAsync(uint? now, uint forget, CancellationToken cancellationToken)
    {
        _recent.RemoveAll(e => e.Second <= _floor && now is null);
        if (_recent.Count > Inline)
            await SpillAsync(now, forget, cancellationToken);
        return $"{Mark}.{_floor}.{(_chain.Count > 0 ? _chain[^1].Key : "")}.{Base64Url.EncodeToString(Bytes(_recent))}";
    }

    // Chunks double in size towards the oldest: few are read at the start of a run, and an entry is written a few times only.
    async Task SpillAsync(uint? now, uint forget, CancellationToken cancellationToken)
    {
        var entries = new List<Entry>(_recent);
        while (_chain.Count > 0 && _chain[^1].Entries.Count(e => IsLive(e, now, forget)) <= 2 * entries.Count)
        {
            entries.AddRange(_chain[^1].Entries);
            _chain.RemoveAt(_chain.Count - 1);
        }

        entries.RemoveAll(e => !IsLive(e, now, forget));
        if (now is { } time) // still there, and so not to be forgotten soon
            entries = entries.ConvertAll(e => _seen.Contains(e.Id) ? e with { Second = time } : e);
        var chunk = new byte[HeaderBytes + entries.Count * EntryBytes];
        "files001"u8.CopyTo(chunk);
        if (_chain.Count > 0)
            Convert.FromHexString(_chain[^1].Key).CopyTo(chunk, 8);
        Bytes(entries).CopyTo(chunk, HeaderBytes);
        var key = Convert.ToHexStringLower(SHA256.HashData(chunk));
        await _chunks.WriteAsync(key, chunk, cancellationToken);
        _chain.Add((key, [.. entries]));
        _recent.Clear();
    }

    bool IsLive(Entry entry, uint? now, uint forget) => now is null ? entry.Second > _floor : entry.Second >= forget || _seen.Contains(entry.Id);

    static byte[] Bytes(List<Entry> entries)
    {
        var bytes = new byte[entries.Count * EntryBytes];
        for (var i = 0; i < entries.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * EntryBytes), entries[i].Id);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * EntryBytes + 8), entries[i].Second);
        }

        return bytes;
    }

    static Entry[] Entries(ReadOnlySpan<byte> bytes)
    {
        var entries = new Entry[bytes.Length / EntryBytes];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * EntryBytes)..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * EntryBytes + 8)..]));
        return entries;
    }

    static byte[]? Base64(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text) is { } bytes && bytes.Length % EntryBytes == 0 ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static StepFailedException Unreadable(string what) => new(new()
    {
        Code = "position-unreadable",
        Message = $"Which files have been landed cannot be known: {what}. Reset the dataset's cursor to land everything that is there again.",
    });
}
