using DataIngestion.Tabular.Parquet.Nesting;

namespace DataIngestion.Tabular.Parquet;

/// <summary>The schema in a file's metadata: its nodes depth first.</summary>
internal static class SchemaWriter
{
    public static void Write(ThriftWriter thrift, DataSchema schema)
    {
        thrift.List(2, ThriftType.Struct, 1 + schema.Sum(c => Nodes(c.Type)));
        thrift.Begin();
        thrift.String(4, "schema");
        thrift.Int32(5, schema.Count);
        thrift.End();
        foreach (var column in schema)
            WriteNode(thrift, column);
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
}
