using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>INT32, INT64, INT96, FLOAT and DOUBLE.</summary>
/// <param name="limit">Decimals must lie strictly between this and its negative; null where there is no limit.</param>
internal sealed class NumberDecoder<TStored, T, TConvert>(T? limit = null) : LeafDecoder
    where TStored : unmanaged
    where T : unmanaged, IComparable<T>
    where TConvert : struct, IStored<TStored, T>
{
    readonly IndexReader _indices = new();
    readonly DeltaReader _deltas = new();
    T[] _entries = [];
    ReadOnlyMemory<byte> _bytes;
    PageEncoding _encoding;
    int _at;

    static int Width => Unsafe.SizeOf<TStored>();

    public override void SetDictionary(ReadOnlyMemory<byte> bytes, int count)
    {
        if ((long)count * Width > bytes.Length)
            throw ByteReader.Short();
        _entries = new T[count];
        Convert(MemoryMarshal.Cast<byte, TStored>(bytes.Span[..(count * Width)]), _entries);
        CheckLimit(_entries);
        _indices.SetDictionary(count);
    }

    public override void SetPage(ReadOnlyMemory<byte> bytes, int values, PageEncoding encoding)
    {
        (_bytes, _encoding, _at) = (bytes, encoding, 0);
        switch (encoding)
        {
            case PageEncoding.Plain:
                break;
            case PageEncoding.PlainDictionary or PageEncoding.RleDictionary:
                _indices.Open(bytes);
                break;
            case PageEncoding.DeltaBinaryPacked when typeof(TStored) == typeof(int) || typeof(TStored) == typeof(long) || typeof(TStored) == typeof(ulong):
                _deltas.Open(bytes);
                break;
            case PageEncoding.ByteStreamSplit when typeof(TStored) != typeof(Int96):
                if (bytes.Length % Width != 0)
                    throw ByteReader.Short();
                break;
            default:
                throw Unknown(encoding);
        }
    }

    public override void Read(ColumnBuilder output, int count)
    {
        var builder = (FixedBuilder<T>)output;
        var values = builder.Reserve(count);
        switch (_encoding)
        {
            case PageEncoding.Plain:
                Plain(values);
                break;
            case PageEncoding.DeltaBinaryPacked:
                Differences(values);
                break;
            case PageEncoding.ByteStreamSplit:
                Split(values);
                break;
            default:
                Entries(values);
                builder.Commit(count, default);
                return;
        }

        CheckLimit(values);
        builder.Commit(count, default);
    }

    void Plain(Span<T> values)
    {
        var bytes = _bytes.Span[_at..];
        if ((long)values.Length * Width > bytes.Length)
            throw ByteReader.TooFew();
        Convert(MemoryMarshal.Cast<byte, TStored>(bytes[..(values.Length * Width)]), values);
        _at += values.Length * Width;
    }

    static void Convert(ReadOnlySpan<TStored> stored, Span<T> values)
    {
        if (TConvert.IsSame)
        {
            MemoryMarshal.Cast<TStored, T>(stored).CopyTo(values);
            return;
        }

        for (var i = 0; i < stored.Length; i++)
            values[i] = TConvert.Convert(stored[i]);
    }

    void Entries(Span<T> values)
    {
        Span<int> indices = stackalloc int[Piece];
        while (!values.IsEmpty)
        {
            var run = _indices.TakeRun(values.Length, out var entry);
            if (run > 0)
            {
                values[..run].Fill(_entries[entry]);
                values = values[run..];
                continue;
            }

            var piece = indices[..Math.Min(Piece, values.Length)];
            _indices.Read(piece);
            for (var i = 0; i < piece.Length; i++)
                values[i] = _entries[piece[i]];
            values = values[piece.Length..];
        }
    }

    void Differences(Span<T> values)
    {
        Span<long> piece = stackalloc long[Piece];
        while (!values.IsEmpty)
        {
            var longs = piece[..Math.Min(Piece, values.Length)];
            _deltas.Read(longs);
            if (typeof(TStored) == typeof(int))
            {
                for (var i = 0; i < longs.Length; i++)
                    values[i] = TConvert.Convert(Unsafe.BitCast<int, TStored>((int)longs[i]));
            }
            else
            {
                Convert(MemoryMarshal.Cast<long, TStored>(longs), values);
            }

            values = values[longs.Length..];
        }
    }

    /// <summary>Byte k of every value lies in stream k; the streams follow each other.</summary>
    void Split(Span<T> values)
    {
        var bytes = _bytes.Span;
        var stream = bytes.Length / Width;
        if (values.Length > stream - _at)
            throw ByteReader.TooFew();
        Span<TStored> piece = stackalloc TStored[256];
        while (!values.IsEmpty)
        {
            var stored = piece[..Math.Min(piece.Length, values.Length)];
            var raw = MemoryMarshal.AsBytes(stored);
            for (var k = 0; k < Width; k++)
            {
                var source = bytes.Slice((k * stream) + _at, stored.Length);
                for (var i = 0; i < source.Length; i++)
                    raw[(i * Width) + k] = source[i];
            }

            Convert(stored, values);
            _at += stored.Length;
            values = values[stored.Length..];
        }
    }

    void CheckLimit(ReadOnlySpan<T> values)
    {
        if (limit is { } most)
            DecimalLimit.Check(values, most);
    }
}
