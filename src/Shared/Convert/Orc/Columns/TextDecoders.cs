using System.Text;
using System.Text.Unicode;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Orc.Columns;

/// <summary>Text or bytes as they are: their lengths in one stream, all their bytes in another.</summary>
internal sealed class BytesDecoder(BitRuns? present, IntegerRuns lengths, OrcStream data, OrcReading reading, bool isText) : ValueDecoder<BytesBuilder>(present)
{
    byte[] _value = [];

    protected override void Append(BytesBuilder builder)
    {
        var length = reading.CheckLength(lengths.Next());
        var bytes = length == 0 ? default : data.TryTake(length);
        if (bytes.Length != length)
        {
            if (_value.Length < length)
                _value = new byte[Math.Max(256, length)];
            data.ReadExactly(_value.AsSpan(0, length));
            bytes = _value.AsSpan(0, length);
        }

        reading.Spend(length);
        builder.Append(isText ? reading.Utf8(bytes) : bytes);
    }
}

/// <summary>Text or bytes by their place in a dictionary.</summary>
internal sealed class DictionaryDecoder(BitRuns? present, IntegerRuns places, OrcDictionary dictionary, OrcReading reading) : ValueDecoder<BytesBuilder>(present)
{
    protected override void Append(BytesBuilder builder)
    {
        var value = dictionary[places.Next()];
        reading.Spend(value.Length);
        builder.Append(value);
    }
}

/// <summary>The dictionary of a column in a stripe.</summary>
internal sealed class OrcDictionary
{
    const int MostBytes = 128 << 20;

    readonly byte[] _bytes;
    readonly List<int> _ends = [];

    public OrcDictionary(int size, IntegerRuns lengths, OrcStream data, OrcReading reading, bool isText)
    {
        _bytes = data.ReadToEnd(MostBytes, "a dictionary");
        if (size > _bytes.Length + 1)
            throw new InvalidDataException($"The ORC file is damaged: a dictionary of {_bytes.Length} bytes would have {size} different entries.");
        var end = 0;
        for (var i = 0; i < size; i++)
        {
            var length = reading.CheckLength(lengths.Next());
            if (length > _bytes.Length - end)
                throw new InvalidDataException("The ORC file is damaged: a dictionary has fewer bytes than its entries.");
            end += length;
            Longest = Math.Max(Longest, length);
            _ends.Add(end);
        }

        if (isText && !Utf8.IsValid(_bytes.AsSpan(0, end)))
            (_bytes, _ends) = Repaired(reading);
    }

    /// <summary>Bytes of the longest entry.</summary>
    public int Longest { get; }

    /// <summary>An entry.</summary>
    public ReadOnlySpan<byte> this[long place] => (ulong)place < (ulong)_ends.Count
        ? Entry((int)place)
        : throw new InvalidDataException($"The ORC file is damaged: a row names entry {place} of a dictionary of {_ends.Count}.");

    ReadOnlySpan<byte> Entry(int place) => _bytes.AsSpan(place == 0 ? 0 : _ends[place - 1], _ends[place] - (place == 0 ? 0 : _ends[place - 1]));

    (byte[] Bytes, List<int> Ends) Repaired(OrcReading reading)
    {
        using var bytes = new MemoryStream();
        var ends = new List<int>(_ends.Count);
        for (var i = 0; i < _ends.Count; i++)
        {
            bytes.Write(reading.Utf8(Entry(i)));
            ends.Add((int)bytes.Length);
        }

        return (bytes.ToArray(), ends);
    }
}
