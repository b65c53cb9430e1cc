using System.Buffers.Binary;

namespace DataIngestion.Collect;

/// <summary>
/// Remembers by their hashes the records of pages before, because pages overlap where rows move while they are turned. Of very many the
/// oldest are forgotten: what moves lands on a page nearby.
/// </summary>
internal sealed class RecentRecords
{
    /// <summary>Hashes after which older ones are forgotten.</summary>
    public const int Generation = 250_000;

    HashSet<UInt128> _young = [];
    HashSet<UInt128> _old = [];
    readonly List<UInt128> _page = [];

    /// <summary>Whether a page before had a record; notes it for the pages to come.</summary>
    public bool Saw(ReadOnlySpan<byte> hash)
    {
        var key = BinaryPrimitives.ReadUInt128BigEndian(hash);
        if (_page.Count < Generation)
            _page.Add(key);
        return _young.Contains(key) || _old.Contains(key);
    }

    /// <summary>Ends a page.</summary>
    public void EndPage()
    {
        _young.UnionWith(_page);
        _page.Clear();
        if (_young.Count < Generation)
            return;
        (_old, _young) = (_young, []);
    }
}
