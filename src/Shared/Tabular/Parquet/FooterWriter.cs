using System.Buffers;
using DataIngestion.Tabular.Parquet.Nesting;

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
        thrift.List(2, ThriftType.Struct, 1 + schema.Sum(c => Nodes(c.Type)));
        thrift.Begin();
        thrift.String(4, "schema");
        thrift.Int32(5, schema.Count);
        thrift.End();
        foreach (var column in schema)
            WriteNode(thrift, column);
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

    /// <summary>Nodes of the schema that a type becomes: a list is a group with a repeated group with the element.</summary>
    static int Nodes(DataType type) => type.Kind switch
    {
        DataKind.List => 2 + Nodes(type.Element!),
        DataKind.Struct => 1 + type.Fields!.Sum(f => Nodes(f.Type)),
        _ => 1,
    };

    static void WriteNode(ThriftWriter thrift, DataColumn node)
    {
        switch (node.Type.Kind)
        {
            case DataKind.List:
                WriteList(thrift, node);
                WriteNode(thrift, LeafColumns.ElementOf(node.Type));
                break;
            case DataKind.Struct:
                thrift.Begin();
                thrift.Int32(3, Repetition(node));
                thrift.String(4, node.Name);
                thrift.Int32(5, node.Type.Fields!.Count);
                thrift.End();
                foreach (var field in node.Type.Fields)
                    WriteNode(thrift, field);
                break;
            default:
                WriteColumn(thrift, node);
                break;
        }
    }

    static void WriteList(ThriftWriter thrift, DataColumn node)
    {
        thrift.Begin();
        thrift.Int32(3, Repetition(node));
        thrift.String(4, node.Name);
        thrift.Int32(5, 1);
        thrift.Int32(6, 3);
        thrift.Struct(10);
        thrift.Struct(3);
        thrift.End();
        thrift.End();
        thrift.End();
        thrift.Begin();
        thrift.Int32(3, SchemaElement.Repeated);
        thrift.String(4, "list");
        thrift.Int32(5, 1);
        thrift.End();
    }

    static int Repetition(DataColumn node) => node.Nullable ? SchemaElement.Optional : SchemaElement.Required;

    static void WriteColumn(ThriftWriter thrift, DataColumn column)
    {
        var physical = PhysicalColumn.Of(column);
        thrift.Begin();
        thrift.Int32(1, (int)physical.Physical);
        if (physical.Physical == PhysicalType.FixedLengthByteArray)
            thrift.Int32(2, physical.Width);
        thrift.Int32(3, Repetition(column));
        thrift.String(4, column.Name);
        if (ConvertedType(column.Type) is { } converted)
            thrift.Int32(6, converted);
        if (column.Type.Kind == DataKind.Decimal)
        {
            thrift.Int32(7, column.Type.Scale);
            thrift.Int32(8, column.Type.Precision);
        }

        WriteLogicalType(thrift, column.Type);
        thrift.End();
    }

    /// <summary>The older annotation beside the logical type, for readers that know no other. Local and nanosecond times have none.</summary>
    static int? ConvertedType(DataType type) => type switch
    {
        { Kind: DataKind.String } => 0,
        { Kind: DataKind.Decimal } => 5,
        { Kind: DataKind.Date } => 6,
        { Kind: DataKind.Timestamp, IsUtc: true, Unit: TimeUnit.Milliseconds } => 9,
        { Kind: DataKind.Timestamp, IsUtc: true, Unit: TimeUnit.Microseconds } => 10,
        { Kind: DataKind.UInt64 } => 14,
        { Kind: DataKind.Int8 } => 15,
        { Kind: DataKind.Int16 } => 16,
        _ => null,
    };

    static void WriteLogicalType(ThriftWriter thrift, DataType type)
    {
        short? id = type.Kind switch
        {
            DataKind.String => 1,
            DataKind.Decimal => 5,
            DataKind.Date => 6,
            DataKind.Time => 7,
            DataKind.Timestamp => 8,
            _ when type.IsInteger => 10,
            _ => null,
        };
        if (id is null)
            return;
        thrift.Struct(10);
        thrift.Struct(id.Value);
        if (type.Kind == DataKind.Decimal)
        {
            thrift.Int32(1, type.Scale);
            thrift.Int32(2, type.Precision);
        }
        else if (type.Kind is DataKind.Time or DataKind.Timestamp)
        {
            thrift.Bool(1, type.IsUtc);
            thrift.Struct(2);
            thrift.Struct((short)(1 + (int)type.Unit));
            thrift.End();
            thrift.End();
        }
        else if (type.IsInteger)
        {
            thrift.Byte(1, type.Kind switch { DataKind.Int8 => 8, DataKind.Int16 => 16, DataKind.Int32 => 32, _ => 64 });
            thrift.Bool(2, type.Kind != DataKind.UInt64);
        }

        thrift.End();
        thrift.End();
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
