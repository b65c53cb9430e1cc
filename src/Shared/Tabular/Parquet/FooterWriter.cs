using System.Buffers;

namespace DataIngestion.Tabular.Parquet;

/// <summary>The metadata at the end of a file.</summary>
internal static class FooterWriter
{
    /// <summary>In the form that readers look for the version in.</summary>
    static readonly string CreatedBy = $"data-ingestion version {typeof(FooterWriter).Assembly.GetName().Version!.ToString(3)} (build tabular)";

    public static ReadOnlyMemory<byte> Write(
        DataSchema schema, PhysicalColumn[] columns, IReadOnlyList<RowGroupModel> groups, PageIndexPlace[][] places,
        IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        var thrift = new ThriftWriter(output);
        thrift.Begin();
        thrift.Int32(1, 2);
        SchemaWriter.Write(thrift, schema);
        thrift.Int64(3, groups.Sum(g => g.Rows));
        thrift.List(4, ThriftType.Struct, groups.Count);
        for (var i = 0; i < groups.Count; i++)
            WriteGroup(thrift, columns, groups[i], places[i], i);
        var pairs = metadata.OrderBy(p => p.Key, StringComparer.Ordinal).ToArray();
        if (pairs.Length > 0)
        {
            thrift.List(5, ThriftType.Struct, pairs.Length);
            foreach (var (key, value) in pairs)
            {
                thrift.Begin();
                thrift.String(1, key);
                thrift.String(2, value);
                thrift.End();
            }
        }

        thrift.String(6, CreatedBy);
        thrift.List(7, ThriftType.Struct, columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            thrift.Begin();
            thrift.Struct(1);
            thrift.End();
            thrift.End();
        }

        thrift.End();
        return output.WrittenMemory;
    }

    static void WriteGroup(ThriftWriter thrift, PhysicalColumn[] columns, RowGroupModel group, PageIndexPlace[] places, int ordinal)
    {
        thrift.Begin();
        thrift.List(1, ThriftType.Struct, columns.Length);
        for (var i = 0; i < columns.Length; i++)
            WriteChunk(thrift, columns[i], group.Chunks[i], places[i]);
        thrift.Int64(2, group.Chunks.Sum(c => c.Uncompressed));
        thrift.Int64(3, group.Rows);
        WriteOrder(thrift, group.SortedBy);
        if (group.Chunks.Length > 0)
            thrift.Int64(5, group.Chunks[0].DictionaryOffset ?? group.Chunks[0].DataOffset);
        thrift.Int64(6, group.Chunks.Sum(c => c.Compressed));
        if (ordinal <= short.MaxValue)
            thrift.Int16(7, (short)ordinal);
        thrift.End();
    }

    static void WriteOrder(ThriftWriter thrift, IReadOnlyList<int> columns)
    {
        if (columns.Count == 0)
            return;
        thrift.List(4, ThriftType.Struct, columns.Count);
        foreach (var column in columns)
        {
            thrift.Begin();
            thrift.Int32(1, column);
            thrift.Bool(2, false);
            thrift.Bool(3, true);
            thrift.End();
        }
    }

    static void WriteChunk(ThriftWriter thrift, PhysicalColumn column, ChunkModel chunk, PageIndexPlace place)
    {
        thrift.Begin();
        thrift.Int64(2, 0);
        thrift.Struct(3);
        thrift.Int32(1, (int)column.Physical);
        thrift.List(2, ThriftType.Int32, chunk.Encodings.Length);
        foreach (var encoding in chunk.Encodings)
            thrift.Element((int)encoding);
        thrift.List(3, ThriftType.Binary, column.Path.Count);
        foreach (var name in column.Path)
            thrift.Text(name);
        thrift.Int32(4, (int)chunk.Codec);
        thrift.Int64(5, chunk.Values);
        thrift.Int64(6, chunk.Uncompressed);
        thrift.Int64(7, chunk.Compressed);
        thrift.Int64(9, chunk.DataOffset);
        if (chunk.DictionaryOffset is { } dictionary)
            thrift.Int64(11, dictionary);
        thrift.Struct(12);
        thrift.Int64(3, chunk.Nulls);
        if (chunk.Distinct is { } distinct)
            thrift.Int64(4, distinct);
        if (chunk.Bounds is { Min: { } min, Max: { } max })
        {
            thrift.Binary(5, max);
            thrift.Binary(6, min);
            // The bounds are values that occur, except that zeros may have the other sign.
            var isExact = column.Physical is not (PhysicalType.Float or PhysicalType.Double);
            if (isExact)
            {
                thrift.Bool(7, true);
                thrift.Bool(8, true);
            }
        }

        thrift.End();
        thrift.End();
        place.Write(thrift);
        thrift.End();
    }
}
