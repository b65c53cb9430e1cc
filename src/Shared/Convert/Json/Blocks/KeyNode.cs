using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>A place in a record: a key whose value comes next, the record's start or its end.</summary>
/// <param name="scope">The object whose key it is; null at the end.</param>
/// <param name="name">The number of the key's column among the input's names; -1 for the start and the end.</param>
/// <param name="slot">Where the column's cells are collected; -1 if no column of the output wants them.</param>
internal sealed class KeyNode(KeyScope? scope, int name, int slot)
{
    const int MostEdges = 8;
    KeyEdge[] _edges = [];

    public KeyScope? Scope { get; } = scope;

    public int Name { get; } = name;

    public int Slot { get; } = slot;

    /// <summary>A way on that was seen before and that leads to a value here, the last one first; null if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KeyEdge? Find(ref byte text, int at) => _edges.Length > 0 && _edges[0].LeadsOn(ref text, at) ? _edges[0] : FindOther(ref text, at);

    KeyEdge? FindOther(ref byte text, int at)
    {
        for (var i = 1; i < _edges.Length; i++)
        {
            if (!_edges[i].LeadsOn(ref text, at))
                continue;
            (_edges[0], _edges[i]) = (_edges[i], _edges[0]);
            return _edges[0];
        }

        return null;
    }

    /// <summary>Remembers a way on, forgetting another one when there are many.</summary>
    public KeyEdge Add(KeyEdge edge)
    {
        if (_edges.Length < MostEdges)
            Array.Resize(ref _edges, _edges.Length + 1);
        _edges[^1] = _edges[0];
        _edges[0] = edge;
        return edge;
    }
}

/// <summary>The bytes between a value and the next one, as they stood before: brackets, comma, key, colon and blanks.</summary>
internal sealed class KeyEdge
{
    readonly Vector256<byte> _literal;
    readonly Vector256<byte> _mask;
    readonly byte[] _bytes;
    readonly int _length;
    readonly bool _endsRecord;
    readonly byte _noValue;

    /// <param name="keepsObjects">Whether an object is a value.</param>
    public KeyEdge(ReadOnlySpan<byte> bytes, KeyNode next, bool keepsObjects)
    {
        (_bytes, _length, Next, _endsRecord, _noValue) = (bytes.ToArray(), bytes.Length, next, next.Scope is null, keepsObjects ? (byte)0 : (byte)'{');
        Span<byte> literal = stackalloc byte[Vector256<byte>.Count];
        Span<byte> mask = stackalloc byte[Vector256<byte>.Count];
        literal.Clear();
        mask.Clear();
        var head = Math.Min(bytes.Length, literal.Length);
        bytes[..head].CopyTo(literal);
        mask[..head].Fill(0xFF);
        (_literal, _mask) = (Vector256.Create<byte>(literal), Vector256.Create<byte>(mask));
    }

    public KeyNode Next { get; }

    public int Length => _length;

    /// <summary>
    /// Whether the bytes stand here and a value follows them; an object is none if its values are columns of their own, and behind blanks the way is
    /// another one. A line feed is never inside the bytes but at their end, so they do not reach beyond the text.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool LeadsOn(ref byte text, int at)
    {
        var differs = (Vector256.LoadUnsafe(ref text, (nuint)at) ^ _literal) & _mask;
        if (differs != Vector256<byte>.Zero || (_length > Vector256<byte>.Count && !RestMatches(ref text, at)))
            return false;
        var next = Unsafe.Add(ref text, at + _length);
        return _endsRecord || (next > ' ' && next != _noValue);
    }

    bool RestMatches(ref byte text, int at)
    {
        for (var i = Vector256<byte>.Count; i < _bytes.Length; i++)
        {
            if (Unsafe.Add(ref text, at + i) != _bytes[i])
                return false;
        }

        return true;
    }
}

/// <summary>One object of a record and the keys seen in it.</summary>
/// <param name="outer">The object around it; null for the record itself.</param>
/// <param name="prefix">What stands before a key in the name of its column.</param>
internal sealed class KeyScope(KeyScope? outer, string prefix)
{
    readonly Dictionary<string, KeyScope> _objects = new(StringComparer.Ordinal);
    readonly Dictionary<string, KeyNode> _keys = new(StringComparer.Ordinal);

    public KeyScope? Outer { get; } = outer;

    public string Prefix { get; } = prefix;

    public int Depth { get; } = outer is null ? 1 : outer.Depth + 1;

    public KeyScope? Object(string key) => _objects.GetValueOrDefault(key);

    public KeyNode? Key(string key) => _keys.GetValueOrDefault(key);

    /// <summary>What a key is called in the name of a column.</summary>
    public static string Segment(string key) => key.Length == 0 ? JsonRow.EmptyKey : key;

    public KeyScope AddObject(string key) => _objects[key] = new(this, $"{Prefix}{Segment(key)}.");

    public KeyNode AddKey(string key, int name, int slot) => _keys[key] = new(this, name, slot);
}
