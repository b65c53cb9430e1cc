using System.Buffers;
using System.Buffers.Binary;
using DataIngestion.Conversion.Arrow.Metadata;

namespace DataIngestion.Conversion.Arrow;

/// <summary>The nodes and buffers of one batch, handed out in the order of the schema. Holds what was decompressed until it is disposed.</summary>
internal sealed class ArrowBody(BatchLayout layout, ArrowBytes body, BodyScratch scratch, bool isV4) : IDisposable
{
    readonly List<byte[]> _rented = [];
    int _node;
    int _buffer;
    int _variadic;
    long _decompressed;
    Stream? _spill;

    public bool IsV4 => isV4;

    /// <summary>The bytes of all buffers, decompressed.</summary>
    public long Bytes { get; private set; }

    public ColumnNode NextNode() => _node < layout.Nodes.Length ? layout.Nodes[_node++] : throw Missing("columns", layout.Nodes.Length);

    /// <summary>How many data buffers the next column of views has.</summary>
    public int NextVariadicCount()
    {
        if (_variadic == layout.VariadicCounts.Length)
            throw Missing("counts of data buffers", layout.VariadicCounts.Length);
        var count = layout.VariadicCounts[_variadic++];
        return count >= 0 && count <= layout.Buffers.Length - _buffer ? (int)count : throw Missing("buffers", layout.Buffers.Length);
    }

    public ArrowBytes NextBuffer()
    {
        if (_buffer == layout.Buffers.Length)
            throw Missing("buffers", layout.Buffers.Length);
        var place = layout.Buffers[_buffer++];
        if (place.Length == 0)
            return ArrowBytes.Empty;
        if (place.Offset < 0 || place.Length < 0 || place.Offset > body.Length - place.Length)
            throw new InvalidDataException($"A buffer of an Arrow batch lies at byte {place.Offset} and has {place.Length} bytes; the batch has {body.Length}.");
        var stored = body.Part(place.Offset, place.Length);
        var bytes = layout.Codec == BodyCodec.None ? stored : Decompress(stored);
        Bytes += bytes.Length;
        return bytes;
    }

    /// <summary>Nothing may be left.</summary>
    public void End()
    {
        if (_node != layout.Nodes.Length || _buffer != layout.Buffers.Length)
            throw new InvalidDataException($"An Arrow batch has {layout.Nodes.Length} columns in {layout.Buffers.Length} buffers; the schema has {_node} in {_buffer}.");
    }

    /// <summary>Before the data stands its length; -1 where it is as it was.</summary>
    ArrowBytes Decompress(ArrowBytes stored)
    {
        var length = BinaryPrimitives.ReadInt64LittleEndian(stored.Slice(0, 8));
        if (length == -1)
            return stored.Part(8, stored.Length - 8);
        if (length < 0 || !scratch.MayDecompress(length))
            throw new InvalidDataException($"A compressed buffer of an Arrow batch has {stored.Length} bytes and claims {length} decompressed ones: it is damaged, or made to fill memory.");
        if (length == 0)
            return ArrowBytes.Empty;
        _decompressed += length;
        var packed = stored.Part(8, stored.Length - 8);
        if (_decompressed > BodyScratch.MostInMemory || packed.Length > BodyScratch.MostInMemory)
            return Spill(packed, length);
        var unpacked = BufferCodec.Decode(layout.Codec, packed.Slice(0, packed.Length), length);
        _rented.Add(unpacked);
        return new MemoryBytes(unpacked.AsMemory(0, (int)length));
    }

    ArrowBytes Spill(ArrowBytes packed, long length)
    {
        _spill ??= BodyScratch.TemporaryFile();
        var start = _spill.Length;
        _spill.Position = start;
        BufferCodec.Decode(layout.Codec, packed, length, _spill);
        return new StreamBytes(_spill, start, length);
    }

    static InvalidDataException Missing(string what, int there) => new($"An Arrow batch has {there} {what}, which are fewer than its schema asks for.");

    public void Dispose()
    {
        foreach (var array in _rented)
            ArrayPool<byte>.Shared.Return(array);
        _rented.Clear();
        _spill?.Dispose();
    }
}
