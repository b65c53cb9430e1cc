using System.Buffers;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Thrift's compact protocol, as far as Parquet's metadata needs it.</summary>
internal sealed class ThriftWriter(ArrayBufferWriter<byte> output)
{
    readonly Stack<short> _outer = new();
    short _last;

    public void Begin()
    {
        _outer.Push(_last);
        _last = 0;
    }

    public void End()
    {
        output.Write([(byte)0]);
        _last = _outer.Pop();
    }

    public void Struct(short id)
    {
        Header(id, ThriftType.Struct);
        Begin();
    }

    public void Int16(short id, short value)
    {
        Header(id, ThriftType.Int16);
        Varint(ZigZag(value));
    }

    public void Int32(short id, int value)
    {
        Header(id, ThriftType.Int32);
        Varint(ZigZag(value));
    }

    public void Int64(short id, long value)
    {
        Header(id, ThriftType.Int64);
        Varint(ZigZag(value));
    }

    public void Byte(short id, sbyte value)
    {
        Header(id, ThriftType.Byte);
        output.Write([(byte)value]);
    }

    public void Bool(short id, bool value) => Header(id, value ? ThriftType.True : ThriftType.False);

    public void String(short id, string value)
    {
        Header(id, ThriftType.Binary);
        Text(value);
    }

    public void Binary(short id, ReadOnlySpan<byte> value)
    {
        Header(id, ThriftType.Binary);
        Varint((ulong)value.Length);
        output.Write(value);
    }

    public void List(short id, ThriftType element, int count)
    {
        Header(id, ThriftType.List);
        if (count < 15)
        {
            output.Write([(byte)((count << 4) | (int)element)]);
        }
        else
        {
            output.Write([(byte)(0xF0 | (int)element)]);
            Varint((ulong)count);
        }
    }

    public void Element(int value) => Varint(ZigZag(value));

    public void Element(bool value) => output.Write([(byte)(value ? ThriftType.True : ThriftType.False)]);

    public void Element(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        output.Write(value);
    }

    public void Text(string value)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(value);
        Varint((ulong)bytes.Length);
        output.Write(bytes);
    }

    void Header(short id, ThriftType type)
    {
        var step = id - _last;
        if (step is > 0 and <= 15)
        {
            output.Write([(byte)((step << 4) | (int)type)]);
        }
        else
        {
            output.Write([(byte)type]);
            Varint(ZigZag(id));
        }

        _last = id;
    }

    static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    void Varint(ulong value)
    {
        var span = output.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }
}

internal enum ThriftType
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
}
