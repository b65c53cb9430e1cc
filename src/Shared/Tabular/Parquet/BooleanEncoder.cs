using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Booleans, one bit each.</summary>
internal sealed class BooleanEncoder : ValueEncoder
{
    byte[] _page = [];
    int _count;
    bool _hasFalse;
    bool _hasTrue;

    public override int DictionaryCount => 0;

    public override PageOrder Order => PageOrder.Unordered;

    public override void Add(ColumnVector values, int start, int length)
    {
        Pool.Grow(ref _page, _count, _count + length + 1);
        var flags = MemoryMarshal.AsBytes(((FixedColumn<bool>)values).Values);
        _count += FixedValues.Compact(values, flags.Slice(start, length), start, _page.AsSpan(_count));
    }

    public override PageEncoding EndPage(ByteSink output, out Bounds bounds)
    {
        var page = _page.AsSpan(0, _count);
        var start = output.Length;
        Pack(page, output);
        var trues = 0;
        foreach (var bits in output.Span[start..])
            trues += BitOperations.PopCount(bits);
        var (hasFalse, hasTrue) = (trues < _count, trues > 0);
        bounds = ToBounds(hasFalse, hasTrue);
        _hasFalse |= hasFalse;
        _hasTrue |= hasTrue;
        _count = 0;
        return PageEncoding.Plain;
    }

    static void Pack(ReadOnlySpan<byte> flags, ByteSink output)
    {
        var room = output.Room(flags.Length / 8 + 8);
        var done = 0;
        for (; done <= flags.Length - 32; done += 32)
        {
            var bits = (~Vector256.Equals(Vector256.Create(flags[done..]), Vector256<byte>.Zero)).ExtractMostSignificantBits();
            MemoryMarshal.Write(room[(done / 8)..], in bits);
        }

        var last = 0u;
        for (var i = done; i < flags.Length; i++)
            last |= (flags[i] == 0 ? 0u : 1u) << (i - done);
        MemoryMarshal.Write(room[(done / 8)..], in last);
        output.Advance((flags.Length + 7) / 8);
    }

    static Bounds ToBounds(bool hasFalse, bool hasTrue) =>
        hasFalse || hasTrue ? new([hasFalse ? (byte)0 : (byte)1], [hasTrue ? (byte)1 : (byte)0]) : default;

    public override void WriteDictionary(ByteSink output) => throw new InvalidOperationException("Booleans have no dictionary.");

    public override Bounds ChunkBounds() => ToBounds(_hasFalse, _hasTrue);

    public override void Clear() => (_hasFalse, _hasTrue) = (false, false);

    public override void Dispose()
    {
        byte[]? page = _page;
        Pool.Return(ref page);
        (_page, _count) = ([], 0);
    }
}
