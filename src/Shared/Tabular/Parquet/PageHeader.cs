using System.Buffers;

namespace DataIngestion.Tabular.Parquet;

/// <summary>What stands before each page.</summary>
internal readonly record struct PageHeader(
    PageType Type, int UncompressedSize, int CompressedSize, int Values, PageEncoding Encoding, PageEncoding DefinitionEncoding, PageEncoding RepetitionEncoding,
    int DefinitionBytes, int RepetitionBytes, bool IsCompressed, int? Checksum)
{
    public static void Write(ArrayBufferWriter<byte> output, PageType type, int uncompressed, int compressed, int values, PageEncoding encoding)
    {
        var thrift = new ThriftWriter(output);
        thrift.Begin();
        thrift.Int32(1, (int)type);
        thrift.Int32(2, uncompressed);
        thrift.Int32(3, compressed);
        thrift.Struct(type == PageType.Data ? (short)5 : (short)7);
        thrift.Int32(1, values);
        thrift.Int32(2, (int)encoding);
        if (type == PageType.Data)
        {
            thrift.Int32(3, (int)PageEncoding.Rle);
            thrift.Int32(4, (int)PageEncoding.Rle);
        }

        thrift.End();
        thrift.End();
    }

    public static PageHeader Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var thrift = new ThriftReader(bytes);
        var header = new PageHeader { IsCompressed = true, DefinitionEncoding = PageEncoding.Rle, RepetitionEncoding = PageEncoding.Rle };
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1: header = header with { Type = (PageType)thrift.Int32() }; break;
                case 2: header = header with { UncompressedSize = thrift.Int32() }; break;
                case 3: header = header with { CompressedSize = thrift.Int32() }; break;
                case 4: header = header with { Checksum = thrift.Int32() }; break;
                case 5 or 7 when type == ThriftType.Struct: header = ReadData(ref thrift, header); break;
                case 8 when type == ThriftType.Struct: header = ReadDataV2(ref thrift, header); break;
                default: thrift.Skip(type); break;
            }
        }

        length = thrift.Position;
        return header is { UncompressedSize: >= 0, CompressedSize: >= 0, Values: >= 0, DefinitionBytes: >= 0, RepetitionBytes: >= 0 }
            ? header
            : throw new InvalidDataException("A page header has a negative size.");
    }

    static PageHeader ReadData(ref ThriftReader thrift, PageHeader header)
    {
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1: header = header with { Values = thrift.Int32() }; break;
                case 2: header = header with { Encoding = (PageEncoding)thrift.Int32() }; break;
                case 3 when type == ThriftType.Int32: header = header with { DefinitionEncoding = (PageEncoding)thrift.Int32() }; break;
                case 4 when type == ThriftType.Int32: header = header with { RepetitionEncoding = (PageEncoding)thrift.Int32() }; break;
                default: thrift.Skip(type); break;
            }
        }

        return header;
    }

    static PageHeader ReadDataV2(ref ThriftReader thrift, PageHeader header)
    {
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1: header = header with { Values = thrift.Int32() }; break;
                case 4: header = header with { Encoding = (PageEncoding)thrift.Int32() }; break;
                case 5: header = header with { DefinitionBytes = thrift.Int32() }; break;
                case 6: header = header with { RepetitionBytes = thrift.Int32() }; break;
                case 7: header = header with { IsCompressed = type == ThriftType.True }; break;
                default: thrift.Skip(type); break;
            }
        }

        return header;
    }
}
