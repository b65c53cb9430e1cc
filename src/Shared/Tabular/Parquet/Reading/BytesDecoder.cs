using System.Buffers.Binary;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>BYTE_ARRAY: plain, by dictionary, lengths apart, or each as what it adds to the one before.</summary>
/// <param name="isText">Whether the bytes must be UTF-8.</param>
internal sealed class BytesDecoder(bool isText) : LeafDecoder
{
    readonly IndexReader _indices = new();
    readonly DeltaBytes _deltas = new();
    byte[] _entries = [];
    int[] _ends = [];
    int _longest;
    ReadOnlyMemory<byte> _bytes;
    PageEncoding _encoding;
    int _at;

    public override long LargestValue => 16 + _encoding switch
    {
        PageEncoding.PlainDictionary or PageEncoding.RleDictionary => _longest,
        PageEncoding.DeltaByteArray => _deltas.AverageLength,
        _ => 0,
    };

    public override void SetDictionary(ReadOnlyMemory<byte> bytes, int count)
    {
        if (bytes.Length / 4 < count)
            throw ByteReader.Short();
        // Room for all bytes: a damaged length may take those of later values before it is found that none are left.
        (_ends, _entries, _longest) = (new int[count + 1], new byte[bytes.Length], 0);
        var source = bytes.Span;
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var value = Next(source, ref at);
            value.CopyTo(_entries.AsSpan(_ends[i]));
            _ends[i + 1] = _ends[i] + value.Length;
            _longest = Math.Max(_longest, value.Length);
        }

        if (isText)
            TextCheck.Check(_entries.AsSpan(0, _ends[count]), _ends.AsSpan(1));
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
            case PageEncoding.DeltaLengthByteArray or PageEncoding.DeltaByteArray:
                _deltas.Open(bytes, hasPrefixes: encoding == PageEncoding.DeltaByteArray);
                break;
            default:
                throw Unknown(encoding);
        }
    }

    public override void Read(ColumnBuilder output, int count)
    {
        var builder = (BytesBuilder)output;
        switch (_encoding)
        {
            case PageEncoding.Plain:
                Plain(builder, count);
                break;
            case PageEncoding.DeltaLengthByteArray or PageEncoding.DeltaByteArray:
                _deltas.Read(builder, count, isText);
                break;
            default:
                Entries(builder, count);
                break;
        }
    }

    static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> source, ref int at)
    {
        if (source.Length - at < 4)
            throw ByteReader.Short();
        var length = BinaryPrimitives.ReadInt32LittleEndian(source[at..]);
        at += 4;
        if ((uint)length > (uint)(source.Length - at))
            throw ByteReader.Short();
        at += length;
        return source.Slice(at - length, length);
    }

    void Plain(BytesBuilder builder, int count)
    {
        var source = _bytes.Span;
        if (count > (source.Length - _at) / 4)
            throw ByteReader.TooFew();
        var at = _at;
        var bytes = 0;
        for (var i = 0; i < count; i++)
            bytes += Next(source, ref at).Length;
        builder.Reserve(count, ByteLimit.Checked(builder, bytes), out var ends, out var target);
        var to = 0;
        for (var i = 0; i < count; i++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(source[_at..]);
            source.Slice(_at + 4, length).CopyTo(target[to..]);
            to += length;
            ends[i] = to;
            _at += 4 + length;
        }

        if (isText)
            TextCheck.Check(target[..to], ends);
        builder.Commit(count, default);
    }

    void Entries(BytesBuilder builder, int count)
    {
        Span<int> indices = stackalloc int[Piece];
        while (count > 0)
        {
            var piece = indices[..Math.Min(Piece, count)];
            _indices.Read(piece);
            var bytes = 0L;
            foreach (var index in piece)
                bytes += _ends[index + 1] - _ends[index];
            builder.Reserve(piece.Length, ByteLimit.Checked(builder, bytes), out var ends, out var target);
            var to = 0;
            for (var i = 0; i < piece.Length; i++)
            {
                var from = _ends[piece[i]];
                var length = _ends[piece[i] + 1] - from;
                _entries.AsSpan(from, length).CopyTo(target[to..]);
                to += length;
                ends[i] = to;
            }

            builder.Commit(piece.Length, default);
            count -= piece.Length;
        }
    }
}
