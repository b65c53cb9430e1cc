using System.Buffers.Binary;

namespace DataIngestion.Conversion.Arrow.Metadata;

/// <summary>Reads the table <c>Schema</c> of Schema.fbs.</summary>
internal sealed class SchemaMetadata(int maxDepth)
{
    // Tables and texts can be shared in FlatBuffers, so that few bytes may describe more than there is memory.
    const int MaxFields = 100_000;
    const int MaxText = 16 << 20;

    int _fields;
    int _text;

    /// <exception cref="InvalidDataException">The schema is damaged.</exception>
    /// <exception cref="NotSupportedException">It has a type that is not known.</exception>
    public static ArrowSchema Read(FlatTable schema, int maxDepth)
    {
        var reader = new SchemaMetadata(maxDepth);
        var endianness = schema.Int16(0);
        if (endianness is not (0 or 1))
            throw new InvalidDataException($"The Arrow schema says byte order {endianness}, which there is not.");
        var fields = reader.Children(schema, 1, 0);
        return new(fields, endianness == 1, [.. reader.Pairs(schema, 2).Select(p => p.Key)]);
    }

    List<ArrowField> Children(FlatTable parent, int field, int depth)
    {
        if (depth > maxDepth)
            throw new InvalidDataException($"The Arrow schema's columns lie in each other more than {maxDepth} times.");
        var count = parent.TableCount(field);
        Count(count);
        var children = new List<ArrowField>(count);
        for (var i = 0; i < count; i++)
            children.Add(Field(parent.TableAt(field, i), depth));
        return children;
    }

    ArrowField Field(FlatTable table, int depth)
    {
        var kind = (ArrowKind)table.Byte(2);
        var name = Text(table, 0) ?? "";
        if (!table.TryTable(3, out var type))
            throw new InvalidDataException($"The Arrow column '{name}' has no type.");
        var pairs = Pairs(table, 6);
        var field = Typed(new(name, table.Byte(1) != 0, kind), type) with
        {
            Children = Children(table, 5, depth + 1),
            Dictionary = table.TryTable(4, out var dictionary) ? Dictionary(name, dictionary) : null,
            Extension = pairs.Find(p => p.Key == "ARROW:extension:name").Value,
            Metadata = [.. pairs.Select(p => p.Key).Where(k => !k.StartsWith("ARROW:extension:", StringComparison.Ordinal))],
        };
        Check(field);
        return field;
    }

    static ArrowField Typed(ArrowField field, FlatTable type) => field.Kind switch
    {
        ArrowKind.Int => field with { Width = type.Int32(0), IsSigned = type.Byte(1) != 0 },
        ArrowKind.FloatingPoint => field with { Unit = type.Int16(0) },
        ArrowKind.Decimal => field with { Precision = type.Int32(0), Scale = type.Int32(1), Width = type.Int32(2, 128) },
        ArrowKind.Date or ArrowKind.Duration => field with { Unit = type.Int16(0, 1) },
        ArrowKind.Time => field with { Unit = type.Int16(0, 1), Width = type.Int32(1, 32) },
        ArrowKind.Timestamp => field with { Unit = type.Int16(0), Zone = type.Text(1) is { Length: > 0 } zone ? zone : null },
        ArrowKind.Interval => field with { Unit = type.Int16(0) },
        ArrowKind.Union => field with { Unit = type.Int16(0), TypeIds = TypeIds(type) },
        ArrowKind.FixedSizeBinary or ArrowKind.FixedSizeList => field with { Width = type.Int32(0) },
        _ => field,
    };

    static int[] TypeIds(FlatTable type)
    {
        var ids = type.Vector(1, 4);
        var read = new int[ids.Length / 4];
        for (var i = 0; i < read.Length; i++)
            read[i] = BinaryPrimitives.ReadInt32LittleEndian(ids[(i * 4)..]);
        return read;
    }

    static ArrowDictionary Dictionary(string column, FlatTable table)
    {
        var (bits, isSigned) = table.TryTable(1, out var type) ? (type.Int32(0), type.Byte(1) != 0) : (32, true);
        if (bits is not (8 or 16 or 32 or 64))
            throw new InvalidDataException($"The Arrow column '{column}' has dictionary indices of {bits} bits.");
        return new(table.Int64(0), bits, isSigned);
    }

    List<(string Key, string? Value)> Pairs(FlatTable table, int field)
    {
        var pairs = new List<(string, string?)>();
        var count = table.TableCount(field);
        Count(count);
        for (var i = 0; i < count; i++)
        {
            var pair = table.TableAt(field, i);
            var key = Text(pair, 0) ?? "";
            pairs.Add((key, key == "ARROW:extension:name" ? Text(pair, 1) : null)); // other values, such as those of pandas, are long
        }

        return pairs;
    }

    void Count(int fields)
    {
        if (fields > MaxFields || (_fields += fields) > MaxFields)
            throw new InvalidDataException($"The Arrow schema has more than {MaxFields} fields.");
    }

    string? Text(FlatTable table, int field)
    {
        var length = table.Vector(field, 1).Length;
        if (length > MaxText || (_text += length) > MaxText)
            throw new InvalidDataException($"The names in the Arrow schema take more than {MaxText} bytes.");
        return table.Text(field);
    }

    static void Check(ArrowField field)
    {
        var children = field.Kind switch
        {
            ArrowKind.List or ArrowKind.LargeList or ArrowKind.ListView or ArrowKind.LargeListView or ArrowKind.FixedSizeList or ArrowKind.Map => 1,
            ArrowKind.RunEndEncoded => 2,
            ArrowKind.Struct or ArrowKind.Union => field.Children.Count,
            > ArrowKind.LargeListView or ArrowKind.None => throw new NotSupportedException($"The Arrow column '{field.Name}' has the type number {(byte)field.Kind}, which is not known."),
            _ => 0,
        };
        var isRight = children == field.Children.Count && field.Kind switch
        {
            ArrowKind.Int => field.Width is 8 or 16 or 32 or 64,
            ArrowKind.FloatingPoint => field.Unit is >= 0 and <= 2,
            ArrowKind.Decimal => field.Width is 32 or 64 or 128 or 256 && field.Precision is >= 1 and <= 76 && field.Scale is >= -76 and <= 76,
            ArrowKind.Date => field.Unit is 0 or 1,
            ArrowKind.Time => (field.Unit, field.Width) is (0 or 1, 32) or (2 or 3, 64),
            ArrowKind.Timestamp or ArrowKind.Duration => field.Unit is >= 0 and <= 3,
            ArrowKind.Interval => field.Unit is >= 0 and <= 2,
            ArrowKind.Union => field.Unit is 0 or 1 && (field.TypeIds.Count == 0 || field.TypeIds.Count == field.Children.Count),
            ArrowKind.FixedSizeBinary or ArrowKind.FixedSizeList => field.Width >= 0,
            ArrowKind.Map => field.Children[0] is { Kind: ArrowKind.Struct, Children.Count: 2, Dictionary: null },
            ArrowKind.RunEndEncoded => field.Children[0] is { Kind: ArrowKind.Int, IsSigned: true, Width: 16 or 32 or 64, Dictionary: null },
            _ => true,
        };
        if (!isRight)
            throw new InvalidDataException($"The Arrow column '{field.Name}' is described as {field.Kind} with a size, unit or number of inner columns that it cannot have.");
    }
}
