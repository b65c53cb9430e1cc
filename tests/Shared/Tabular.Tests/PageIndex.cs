using DataIngestion.Tabular.Parquet;

namespace DataIngestion.Tabular.Tests;

/// <summary>What a file's page index says about one column chunk.</summary>
internal sealed record PageIndex(bool[] IsNull, byte[][] Min, byte[][] Max, int Order, long[] Nulls, (long Offset, int Bytes, long FirstRow)[] Pages)
{
    /// <summary>By row group and column.</summary>
    public static PageIndex[][] Read(ReadOnlySpan<byte> file)
    {
        var length = BitConverter.ToInt32(file[^8..]);
        var groups = new List<PageIndex[]>();
        var thrift = new ThriftReader(file[^(8 + length)..^8]);
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            if (id != 4)
            {
                thrift.Skip(type);
                continue;
            }

            for (var left = thrift.List(out _); left > 0; left--)
                groups.Add(ReadGroup(ref thrift, file));
        }

        return [.. groups];
    }

    static PageIndex[] ReadGroup(ref ThriftReader thrift, ReadOnlySpan<byte> file)
    {
        var chunks = new List<PageIndex>();
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            if (id != 1)
            {
                thrift.Skip(type);
                continue;
            }

            for (var left = thrift.List(out _); left > 0; left--)
                chunks.Add(ReadChunk(ref thrift, file));
        }

        return [.. chunks];
    }

    static PageIndex ReadChunk(ref ThriftReader thrift, ReadOnlySpan<byte> file)
    {
        var places = new int[8];
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            if (id is >= 4 and <= 7)
                places[id] = (int)thrift.Int();
            else
                thrift.Skip(type);
        }

        var index = new PageIndex([], [], [], 0, [], ReadOffsets(file.Slice(places[4], places[5])));
        return places[7] == 0 ? index : index.WithBounds(file.Slice(places[6], places[7]));
    }

    static (long Offset, int Bytes, long FirstRow)[] ReadOffsets(ReadOnlySpan<byte> bytes)
    {
        var thrift = new ThriftReader(bytes);
        short id = 0;
        Assert.True(thrift.Field(ref id, out _) && id == 1);
        var pages = new (long, int, long)[thrift.List(out _)];
        for (var i = 0; i < pages.Length; i++)
        {
            var fields = new long[4];
            short field = 0;
            while (thrift.Field(ref field, out _))
                fields[field] = thrift.Int();
            pages[i] = (fields[1], (int)fields[2], fields[3]);
        }

        return pages;
    }

    PageIndex WithBounds(ReadOnlySpan<byte> bytes)
    {
        var index = this;
        var thrift = new ThriftReader(bytes);
        short id = 0;
        while (thrift.Field(ref id, out _))
        {
            switch (id)
            {
                case 1: index = index with { IsNull = Array.ConvertAll(Elements(ref thrift, (ref ThriftReader t) => t.Byte()), b => b == 1) }; break;
                case 2: index = index with { Min = Elements(ref thrift, (ref ThriftReader t) => t.Binary().ToArray()) }; break;
                case 3: index = index with { Max = Elements(ref thrift, (ref ThriftReader t) => t.Binary().ToArray()) }; break;
                case 4: index = index with { Order = thrift.Int32() }; break;
                default: index = index with { Nulls = Elements(ref thrift, (ref ThriftReader t) => t.Int()) }; break;
            }
        }

        return index;
    }

    delegate T ReadElement<T>(ref ThriftReader thrift);

    static T[] Elements<T>(ref ThriftReader thrift, ReadElement<T> read)
    {
        var elements = new T[thrift.List(out _)];
        for (var i = 0; i < elements.Length; i++)
            elements[i] = read(ref thrift);
        return elements;
    }
}
