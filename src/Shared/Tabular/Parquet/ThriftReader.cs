
namespace DataIngestion.Tabular.Parquet;

/// <summary>Reads Thrift's compact protocol. Every length is checked against what is left, so damaged bytes cannot ask for memory.</summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    const int MaxDepth = 32;
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _depth;

    public int Position { get; private set; }

    /// <summary>Reads a field header; false at the end of the structure.</summary>
    public bool Field(ref short id, out ThriftType type)
    {
        var header = Byte();
        type = (ThriftType)(header & 0x0F);
        if (type == ThriftType.Stop)
            return false;
        var step = header >> 4;
        id = step == 0 ? (short)Int() : (short)(id + step);
        return true;
    }

    public byte Byte() => Position < _bytes.Length ? _bytes[Position++] : throw Truncated();

    public long Int()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Int32() => Int() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw new InvalidDataException("A 32-bit number of the metadata is too large.");

    public ReadOnlySpan<byte> Binary()
    {
        var length = Varint();
        if (length > (ulong)(_bytes.Length - Position))
            throw Truncated();
        var value = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return value;
    }

    public string Text() => System.Text.Encoding.UTF8.GetString(Binary());

    public int List(out ThriftType element)
    {
        var header = Byte();
        element = (ThriftType)(header & 0x0F);
        var count = header >> 4 == 15 ? Varint() : (ulong)(header >> 4);
        return count <= (ulong)(_bytes.Length - Position) ? (int)count : throw Truncated();
    }

    public void Skip(ThriftType type)
    {
        if (++_depth > MaxDepth)
            throw new InvalidDataException("The metadata is nested too deeply.");
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Byte();
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                Varint();
                break;
            case ThriftType.Double:
                if (_bytes.Length - Position < 8)
                    throw Truncated();
                Position += 8;
                break;
            case ThriftType.Binary:
                Binary();
                break;
            case ThriftType.List or ThriftType.Set:
                for (var left = List(out var element); left > 0; left--)
                    SkipElement(element);
                break;
            case ThriftType.Map:
                SkipMap();
                break;
            case ThriftType.Struct:
                short id = 0;
                while (Field(ref id, out var field))
                    Skip(field);
                break;
            default:
                throw new InvalidDataException($"The metadata has a field of unknown kind {(int)type}.");
        }

        _depth--;
    }

    void SkipMap()
    {
        var count = Varint();
        if (count == 0)
            return;
        var kinds = Byte();
        for (; count > 0; count--)
        {
            SkipElement((ThriftType)(kinds >> 4));
            SkipElement((ThriftType)(kinds & 0x0F));
        }
    }

    void SkipElement(ThriftType type)
    {
        if (type is ThriftType.True or ThriftType.False)
            Byte();
        else
            Skip(type);
    }

    ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("A number of the metadata does not end.");
    }

    static InvalidDataException Truncated() => new("The metadata ends too early.");
}
