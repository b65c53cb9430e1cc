using System.Runtime.InteropServices;

namespace DataIngestion.Conversion.Documents;

/// <summary>Bytes of a record, read forwards.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct DocumentBytes(ReadOnlySpan<byte> bytes, int maxDepth)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _depth = maxDepth;

    public int At { get; private set; }

    public readonly int Left => _bytes.Length - At;

    public readonly byte Peek() => At < _bytes.Length ? _bytes[At] : throw new MoreBytesException();

    public byte Byte()
    {
        var value = Peek();
        At++;
        return value;
    }

    public ReadOnlySpan<byte> Take(long count)
    {
        if ((ulong)count > (ulong)Left)
            throw count < 0 ? new InvalidDataException($"a length is {count}") : new MoreBytesException();
        var value = _bytes.Slice(At, (int)count);
        At += (int)count;
        return value;
    }

    /// <summary>A value that holds others begins.</summary>
    public void Enter()
    {
        if (--_depth < 0)
            throw new InvalidDataException("values are nested too deeply; the limit 'depth' says how deep they may be");
    }

    public void Leave() => _depth++;
}
