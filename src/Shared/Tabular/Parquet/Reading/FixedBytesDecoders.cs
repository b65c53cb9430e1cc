using System.Buffers.Binary;

namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Values of a fixed number of bytes as bytes.</summary>
internal sealed class FixedBytesDecoder(int width) : LeafDecoder
{
    readonly FixedBytesReader _reader = new(width);

    public override long LargestValue => 16 + width;

    public override void SetDictionary(ReadOnlyMemory<byte> bytes, int count) => _reader.SetDictionary(bytes, count);

    public override void SetPage(ReadOnlyMemory<byte> bytes, int values, PageEncoding encoding)
    {
        if (!_reader.TrySetPage(bytes, encoding))
            throw Unknown(encoding);
    }

    public override void Read(ColumnBuilder output, int count)
    {
        var builder = (BytesBuilder)output;
        var values = _reader.Read(count);
        builder.Reserve(count, ByteLimit.Checked(builder, values.Length), out var ends, out var data);
        values.CopyTo(data);
        for (var i = 0; i < ends.Length; i++)
            ends[i] = (i + 1) * width;
        builder.Commit(count, default);
    }
}

internal delegate T FromBytes<T>(ReadOnlySpan<byte> bytes);

/// <summary>Values of a fixed number of bytes as numbers: decimals and halves.</summary>
internal sealed class FixedNumberDecoder<T>(int width, FromBytes<T> convert, T? limit = null) : LeafDecoder
    where T : unmanaged, IComparable<T>
{
    readonly FixedBytesReader _reader = new(width);

    public override void SetDictionary(ReadOnlyMemory<byte> bytes, int count) => _reader.SetDictionary(bytes, count);

    public override void SetPage(ReadOnlyMemory<byte> bytes, int values, PageEncoding encoding)
    {
        if (!_reader.TrySetPage(bytes, encoding))
            throw Unknown(encoding);
    }

    public override void Read(ColumnBuilder output, int count)
    {
        var builder = (FixedBuilder<T>)output;
        var source = _reader.Read(count);
        var values = builder.Reserve(count);
        for (var i = 0; i < values.Length; i++)
            values[i] = convert(source.Slice(i * width, width));
        if (limit is { } most)
            DecimalLimit.Check<T>(values, most);
        builder.Commit(count, default);
    }
}

/// <summary>Values of a fixed number of bytes as text.</summary>
internal sealed class FixedTextDecoder(int width, Func<byte[], string> convert) : LeafDecoder
{
    readonly FixedBytesReader _reader = new(width);

    public override long LargestValue => 64;

    public override void SetDictionary(ReadOnlyMemory<byte> bytes, int count) => _reader.SetDictionary(bytes, count);

    public override void SetPage(ReadOnlyMemory<byte> bytes, int values, PageEncoding encoding)
    {
        if (!_reader.TrySetPage(bytes, encoding))
            throw Unknown(encoding);
    }

    public override void Read(ColumnBuilder output, int count)
    {
        var values = _reader.Read(count);
        for (var i = 0; i < count; i++)
            ((BytesBuilder)output).Append(convert(values.Slice(i * width, width).ToArray()));
    }

    /// <summary>Sixteen bytes in the order in which a UUID is written.</summary>
    public static string Uuid(byte[] bytes) => new Guid(bytes, bigEndian: true).ToString();

    /// <summary>Months, days and milliseconds, which do not add up to one number, in ISO 8601.</summary>
    public static string Interval(byte[] bytes)
    {
        var milliseconds = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        return $"P{BinaryPrimitives.ReadUInt32LittleEndian(bytes)}M{BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4))}DT{milliseconds / 1000}.{milliseconds % 1000:000}S";
    }
}

/// <summary>Decimals written as big-endian bytes of any length.</summary>
internal sealed class DecimalBytesDecoder<T>(FromBytes<T> convert, T limit) : LeafDecoder
    where T : unmanaged, IComparable<T>
{
    readonly BytesDecoder _bytes = new(isText: false);
    readonly BytesBuilder _scratch = (BytesBuilder)ColumnBuilder.For(DataType.Binary);

    public override long LargestValue => _bytes.LargestValue;

    public override void SetDictionary(ReadOnlyMemory<byte> bytes, int count) => _bytes.SetDictionary(bytes, count);

    public override void SetPage(ReadOnlyMemory<byte> bytes, int values, PageEncoding encoding) => _bytes.SetPage(bytes, values, encoding);

    public override void Read(ColumnBuilder output, int count)
    {
        var builder = (FixedBuilder<T>)output;
        _scratch.Truncate(0);
        _bytes.Read(_scratch, count);
        var values = builder.Reserve(count);
        for (var i = 0; i < values.Length; i++)
            values[i] = convert(_scratch[i]);
        DecimalLimit.Check<T>(values, limit);
        builder.Commit(count, default);
    }
}
