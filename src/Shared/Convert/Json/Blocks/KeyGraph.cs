using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>
/// What was learned about the order of keys: records of one file nearly always have the same keys in the same order, so the bytes
/// between two values are compared with those of earlier records before they are looked at one by one.
/// </summary>
/// <param name="names">The columns of the input by name. A key that is none of them is not learned.</param>
/// <param name="slots">By column: where its cells are collected, or -1.</param>
internal sealed class KeyGraph(ColumnNames names, IReadOnlyList<int> slots, int maxDepth, bool keepsObjects)
{
    const int MostObjects = 4_096;
    const int MostLiteral = 4_096;
    readonly ArrayBufferWriter<byte> _key = new(64);
    int _objects;

    public KeyNode Start { get; } = new(null, -1, -1);

    public KeyNode End { get; } = new(null, -1, -1);

    KeyScope? _record;

    /// <summary>Reads the way from a value to the next one, key by key, and remembers it.</summary>
    /// <param name="text">As <see cref="JsonBytes"/> wants it.</param>
    /// <returns>Null where the bytes are not JSON, or name a column that is not known.</returns>
    public KeyEdge? Learn(ref byte text, int at, KeyNode from)
    {
        var start = at;
        var scope = from.Scope;
        var isFirst = from == Start;
        if (isFirst)
        {
            at = JsonBytes.SkipBlanks(ref text, at);
            if (Unsafe.Add(ref text, at++) != '{')
                return null;
            scope = _record ??= new(null, "");
        }

        while (true)
        {
            at = JsonBytes.SkipBlanks(ref text, at);
            if (Unsafe.Add(ref text, at) == '}')
            {
                at++;
                isFirst = false;
                scope = scope!.Outer;
                if (scope is not null)
                    continue;
                at = JsonBytes.SkipBlanks(ref text, at);
                return Unsafe.Add(ref text, at) == '\n' ? Remember(ref text, start, at + 1, from, End) : null;
            }

            if (!isFirst && Unsafe.Add(ref text, at++) != ',')
                return null;
            if (Key(ref text, JsonBytes.SkipBlanks(ref text, at)) is not (>= 0 and var value))
                return null;
            at = value;
            var key = Encoding.UTF8.GetString(_key.WrittenSpan);
            if (Unsafe.Add(ref text, at) == '{' && !keepsObjects)
            {
                if ((scope = Object(scope!, key)) is null)
                    return null;
                at++;
                isFirst = true;
                continue;
            }

            return Node(scope!, key) is { } node ? Remember(ref text, start, at, from, node) : null;
        }
    }

    /// <summary>Decodes a key and finds the place of its value; -1 where there is no key.</summary>
    int Key(ref byte text, int at)
    {
        if (Unsafe.Add(ref text, at++) != '"')
            return -1;
        var start = at;
        while (Unsafe.Add(ref text, at = JsonBytes.StringEnd(ref text, at)) == '\\')
        {
            var length = JsonBytes.EscapeLength(ref text, at);
            if (length == 0)
                return -1;
            at += length;
        }

        if (Unsafe.Add(ref text, at) != '"')
            return -1;
        _key.ResetWrittenCount();
        if (!JsonEscapes.TryDecode(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref text, start), at - start), _key))
            return -1;
        at = JsonBytes.SkipBlanks(ref text, at + 1);
        return Unsafe.Add(ref text, at) == ':' ? JsonBytes.SkipBlanks(ref text, at + 1) : -1;
    }

    KeyScope? Object(KeyScope scope, string key)
    {
        if (scope.Object(key) is { } known)
            return known;
        return scope.Depth < maxDepth && ++_objects <= MostObjects ? scope.AddObject(key) : null;
    }

    KeyNode? Node(KeyScope scope, string key)
    {
        if (scope.Key(key) is { } known)
            return known;
        var name = names.IndexOf(scope.Prefix + KeyScope.Segment(key));
        return name < 0 ? null : scope.AddKey(key, name, slots[name]);
    }

    KeyEdge? Remember(ref byte text, int from, int to, KeyNode node, KeyNode next) => to - from > MostLiteral
        ? null
        : node.Add(new(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref text, from), to - from), next, keepsObjects));
}
