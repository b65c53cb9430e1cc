namespace DataIngestion.Tabular.Parquet;

/// <summary>One column chunk as the footer describes it.</summary>
internal sealed record ChunkInfo
{
    public PhysicalType Physical { get; set; }

    public string[] Path { get; set; } = [];

    public Codec Codec { get; set; }

    public long Values { get; set; }

    public long Compressed { get; set; }

    public long DataOffset { get; set; }

    public long? DictionaryOffset { get; set; }

    public bool IsElsewhere { get; set; }

    public bool IsEncrypted { get; set; }

    /// <summary>Some writers leave a dictionary offset of 0 where there is none.</summary>
    public long Start => DictionaryOffset is > 0 and var at && at < DataOffset ? at : DataOffset;
}

internal sealed record GroupInfo(ChunkInfo[] Chunks, long Rows);

internal sealed record FileInfo(SchemaElement[] Elements, GroupInfo[] Groups, long Rows, Dictionary<string, string> Metadata, bool IsEncrypted, string CreatedBy)
{
    /// <summary>Arrow before version 3 said of compressed pages of version 2 that they are not.</summary>
    public bool HidesCompression => CreatedBy.StartsWith("parquet-cpp version", StringComparison.Ordinal)
        || CreatedBy.StartsWith("parquet-cpp-arrow version 0.", StringComparison.Ordinal) || CreatedBy.StartsWith("parquet-cpp-arrow version 1.", StringComparison.Ordinal)
        || CreatedBy.StartsWith("parquet-cpp-arrow version 2.", StringComparison.Ordinal);
}

/// <summary>Reads the metadata at the end of a file.</summary>
internal static class FooterReader
{
    public static FileInfo Read(ReadOnlySpan<byte> bytes)
    {
        var thrift = new ThriftReader(bytes);
        var elements = new List<SchemaElement>();
        var groups = new List<GroupInfo>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var rows = 0L;
        var isEncrypted = false;
        var createdBy = "";
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            switch (id)
            {
                case 6: createdBy = thrift.Text(); break;
                case 8:
                    isEncrypted = true;
                    thrift.Skip(type);
                    break;
                case 2 when type == ThriftType.List:
                    for (var left = thrift.List(out _); left > 0; left--)
                        elements.Add(SchemaElement.Read(ref thrift));
                    break;
                case 3:
                    rows = thrift.Int();
                    break;
                case 4 when type == ThriftType.List:
                    for (var left = thrift.List(out _); left > 0; left--)
                        groups.Add(ReadGroup(ref thrift));
                    break;
                case 5 when type == ThriftType.List:
                    for (var left = thrift.List(out _); left > 0; left--)
                        ReadPair(ref thrift, metadata);
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return new([.. elements], [.. groups], rows, metadata, isEncrypted || groups.Exists(g => Array.Exists(g.Chunks, c => c.IsEncrypted)), createdBy);
    }

    static void ReadPair(ref ThriftReader thrift, Dictionary<string, string> metadata)
    {
        var (key, value) = ("", "");
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1: key = thrift.Text(); break;
                case 2: value = thrift.Text(); break;
                default: thrift.Skip(type); break;
            }
        }

        metadata[key] = value;
    }

    static GroupInfo ReadGroup(ref ThriftReader thrift)
    {
        var chunks = new List<ChunkInfo>();
        var rows = 0L;
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1 when type == ThriftType.List:
                    for (var left = thrift.List(out _); left > 0; left--)
                        chunks.Add(ReadChunk(ref thrift));
                    break;
                case 3: rows = thrift.Int(); break;
                default: thrift.Skip(type); break;
            }
        }

        return new([.. chunks], rows);
    }

    static ChunkInfo ReadChunk(ref ThriftReader thrift)
    {
        var chunk = new ChunkInfo();
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1:
                    chunk.IsElsewhere = true;
                    thrift.Skip(type);
                    break;
                case 8 or 9:
                    chunk.IsEncrypted = true;
                    thrift.Skip(type);
                    break;
                case 3 when type == ThriftType.Struct: ReadMetadata(ref thrift, chunk); break;
                default: thrift.Skip(type); break;
            }
        }

        return chunk;
    }

    static void ReadMetadata(ref ThriftReader thrift, ChunkInfo chunk)
    {
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1: chunk.Physical = (PhysicalType)thrift.Int32(); break;
                case 3 when type == ThriftType.List:
                    chunk.Path = new string[thrift.List(out _)];
                    for (var i = 0; i < chunk.Path.Length; i++)
                        chunk.Path[i] = thrift.Text();
                    break;
                case 4: chunk.Codec = (Codec)thrift.Int32(); break;
                case 5: chunk.Values = thrift.Int(); break;
                case 7: chunk.Compressed = thrift.Int(); break;
                case 9: chunk.DataOffset = thrift.Int(); break;
                case 11: chunk.DictionaryOffset = thrift.Int(); break;
                default: thrift.Skip(type); break;
            }
        }
    }
}
