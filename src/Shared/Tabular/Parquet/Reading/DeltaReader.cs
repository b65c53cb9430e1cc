using System.Runtime.InteropServices;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>DELTA_BINARY_PACKED: blocks of packed differences, read as far as they are wanted.</summary>
internal sealed class DeltaReader
{
    ReadOnlyMemory<byte> _bytes;
    int _miniCount;
    int _miniValues;
    long _left;
    bool _hasFirst;
    long _last;
    long _minimum;
    int _widths;
    int _mini;
    long _miniLeft;
    long _bit;
    int _width;
    int _at;

    /// <summary>Values that have not been read.</summary>
    public long Left => _left;

    public void Open(ReadOnlyMemory<byte> bytes)
    {
        (_bytes, _at) = (bytes, 0);
        var span = bytes.Span;
        var block = ByteReader.Varint(span, ref _at);
        var minis = ByteReader.Varint(span, ref _at);
        var total = ByteReader.Varint(span, ref _at);
        _last = ByteReader.ZigZag(span, ref _at);
        if (block is 0 or > int.MaxValue || minis == 0 || minis > block || block % minis != 0 || block / minis % 8 != 0 || total > int.MaxValue)
            throw new InvalidDataException($"Differences in blocks of {block} values in {minis} parts, {total} in all, cannot be.");
        (_miniCount, _miniValues, _left, _hasFirst) = ((int)minis, (int)(block / minis), (long)total, total > 0);
        (_mini, _miniLeft) = (_miniCount, 0);
    }

    /// <summary>Reads values; those of 32-bit columns are right in their lower 32 bits.</summary>
    public void Read(Span<long> output)
    {
        if (output.Length > _left)
            throw ByteReader.TooFew();
        if (_hasFirst && !output.IsEmpty)
        {
            output[0] = _last;
            output = output[1..];
            _hasFirst = false;
            _left--;
        }

        var last = _last;
        while (!output.IsEmpty)
        {
            if (_miniLeft == 0)
                Next();
            var count = (int)Math.Min(output.Length, _miniLeft);
            if (_bit + (long)count * _width > (long)_bytes.Length * 8)
                throw ByteReader.Short();
            BitUnpacker.Unpack(_bytes.Span, _bit, _width, MemoryMarshal.Cast<long, ulong>(output[..count]));
            for (var i = 0; i < count; i++)
            {
                last = unchecked(last + _minimum + output[i]);
                output[i] = last;
            }

            _bit += (long)count * _width;
            _miniLeft -= count;
            _left -= count;
            output = output[count..];
        }

        _last = last;
    }

    /// <summary>Where the values end; nothing is read.</summary>
    public int End()
    {
        var scout = (DeltaReader)MemberwiseClone();
        scout._left = Math.Max(0, _left - (_hasFirst ? 1 : 0));
        while (scout._left > 0)
        {
            scout.Next();
            scout._left -= Math.Min(scout._left, scout._miniLeft);
        }

        return Math.Min(scout._at, _bytes.Length);
    }

    void Next()
    {
        var span = _bytes.Span;
        if (_mini == _miniCount)
        {
            _minimum = ByteReader.ZigZag(span, ref _at);
            if (_miniCount > span.Length - _at)
                throw ByteReader.Short();
            (_widths, _mini) = (_at, 0);
            _at += _miniCount;
        }

        _width = span[_widths + _mini++];
        if (_width > 64)
            throw new InvalidDataException($"A bit width of {_width} is impossible.");
        (_bit, _miniLeft) = ((long)_at * 8, _miniValues);
        _at = (int)Math.Min(span.Length, _at + ((long)_miniValues * _width / 8));
    }
}
