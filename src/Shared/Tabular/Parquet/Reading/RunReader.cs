using System.Numerics;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>
/// The run-length and bit-packing hybrid of levels, dictionary indices and booleans, read as far as it is wanted: a page may
/// claim any number of values in a few bytes, and memory follows what is read at once.
/// </summary>
internal sealed class RunReader
{
    ReadOnlyMemory<byte> _bytes;
    int _width;
    int _at;
    long _left;
    uint _value;
    long _bit;
    bool _isPacked;

    public void Open(ReadOnlyMemory<byte> bytes, int width)
    {
        if (width is < 0 or > 32)
            throw new InvalidDataException($"A bit width of {width} is impossible.");
        (_bytes, _width, _at, _left) = (bytes, width, 0, 0);
    }

    /// <summary>Takes equal values that lie in one run.</summary>
    /// <returns>How many, up to <paramref name="most"/>; 0 when packed values come next.</returns>
    public int TakeRun(int most, out uint value)
    {
        if (_left == 0)
            Next();
        value = _value;
        if (_isPacked)
            return 0;
        var taken = (int)Math.Min(most, _left);
        _left -= taken;
        return taken;
    }

    /// <summary>Reads values.</summary>
    public void Read<T>(Span<T> output)
        where T : unmanaged, IBinaryInteger<T>
    {
        while (!output.IsEmpty)
        {
            if (_left == 0)
                Next();
            var count = (int)Math.Min(output.Length, _left);
            if (!_isPacked)
            {
                output[..count].Fill(T.CreateTruncating(_value));
            }
            else
            {
                if (_bit + (long)count * _width > (long)_bytes.Length * 8)
                    throw new InvalidDataException("Packed values end too early.");
                BitUnpacker.Unpack(_bytes.Span, _bit, _width, output[..count]);
                _bit += (long)count * _width;
            }

            _left -= count;
            output = output[count..];
        }
    }

    void Next()
    {
        var bytes = _bytes.Span;
        var header = ByteReader.Varint(bytes, ref _at);
        if (header > uint.MaxValue)
            throw new InvalidDataException("A run is longer than a page can be.");
        _isPacked = (header & 1) != 0;
        _left = _isPacked ? (long)(header >> 1) * 8 : (long)(header >> 1);
        if (_left == 0)
            throw new InvalidDataException("A run of no values.");
        if (_isPacked)
        {
            _bit = (long)_at * 8;
            _at = (int)Math.Min(bytes.Length, _at + (_left / 8 * _width));
            return;
        }

        _value = 0;
        for (var shift = 0; shift < _width; shift += 8)
            _value |= (uint)ByteReader.Byte(bytes, ref _at) << shift;
    }
}
