using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>BOOLEAN: a bit a value, or runs.</summary>
internal sealed class BooleanDecoder : LeafDecoder
{
    readonly RunReader _runs = new();
    ReadOnlyMemory<byte> _bits;
    bool _isPlain;
    long _at;

    public override void SetDictionary(ReadOnlyMemory<byte> bytes, int count) => throw new InvalidDataException("A column of booleans has a dictionary.");

    public override void SetPage(ReadOnlyMemory<byte> bytes, int values, PageEncoding encoding)
    {
        (_isPlain, _bits, _at) = (encoding == PageEncoding.Plain, bytes, 0);
        if (_isPlain)
            return;
        if (encoding != PageEncoding.Rle)
            throw Unknown(encoding);
        if (bytes.IsEmpty)
        {
            _runs.Open(bytes, 1);
            return;
        }

        if (bytes.Length < 4 || BitConverter.ToInt32(bytes.Span) is var length && (length < 0 || length > bytes.Length - 4))
            throw ByteReader.Short();
        _runs.Open(bytes.Slice(4, BitConverter.ToInt32(bytes.Span)), 1);
    }

    public override void Read(ColumnBuilder output, int count)
    {
        var builder = (FixedBuilder<bool>)output;
        var values = MemoryMarshal.AsBytes(builder.Reserve(count));
        if (_isPlain)
        {
            if (_at + count > (long)_bits.Length * 8)
                throw ByteReader.TooFew();
            BitUnpacker.Unpack(_bits.Span, _at, 1, values);
            _at += count;
        }
        else
        {
            _runs.Read(values);
        }

        builder.Commit(count, default);
    }
}
