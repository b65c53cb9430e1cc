namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>What a file's schema means: columns, and how they are put together from its leaves.</summary>
/// <remarks>
/// Lists and maps by the rules of the format's description, "Nested types", with those for older writers: a repeated node that is a value,
/// has several fields, or is named <c>array</c> or <c>…_tuple</c> is itself the element. A map is a list of structs of key and value.
/// </remarks>
internal sealed class ReadPlan
{
    readonly TimeUnit _int96Unit;

    ReadPlan(TimeUnit int96Unit) => _int96Unit = int96Unit;

    /// <summary>The columns.</summary>
    public DataSchema Schema { get; private init; } = new([]);

    /// <summary>How each column is put together.</summary>
    public IReadOnlyList<ReadNode> Nodes { get; private init; } = [];

    /// <summary>Leaves of the file, which are chunks of each row group.</summary>
    public int Leaves { get; private init; }

    public static ReadPlan Of(FileInfo file)
    {
        // Spark's timestamps are microseconds, and reach beyond what nanoseconds can say.
        var reader = new ReadPlan(file.Metadata.ContainsKey("org.apache.spark.version") ? TimeUnit.Microseconds : TimeUnit.Nanoseconds);
        var root = SchemaNode.Of(file.Elements, out var leaves);
        try
        {
            var found = new DataSchema(root.Children.Select(c => new DataColumn(c.Element.Name, reader.TypeOf(c), c.IsOptional)));
            var schema = SchemaNote.Apply(found, file.Metadata);
            ReadNode[] nodes = [.. root.Children.Select((c, i) => reader.FieldOf(c, schema[i].Type, 0, 0))];
            return new(reader._int96Unit) { Schema = schema, Nodes = nodes, Leaves = leaves };
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException($"The file's schema is not one of named columns: {wrong.Message}", wrong);
        }
    }

    /// <summary>The type of a node as a field: a repeated one is a list.</summary>
    DataType TypeOf(SchemaNode node) => node.IsRepeated ? DataType.List(ValueTypeOf(node), nullable: false) : ValueTypeOf(node);

    DataType ValueTypeOf(SchemaNode node)
    {
        if (node.Leaf >= 0)
        {
            var (type, problem) = node.Element.ToDataType(_int96Unit);
            return type ?? throw new NotSupportedException($"Column '{node.Element.Name}' {problem}.");
        }

        if (ElementOf(node) is not var (element, isItself))
            return StructTypeOf(node);
        if (IsMap(node))
            return DataType.List(StructTypeOf(element), nullable: false);
        return isItself ? DataType.List(ValueTypeOf(element), nullable: false) : DataType.List(TypeOf(element), element.IsOptional);
    }

    DataType StructTypeOf(SchemaNode node) => node.Children.Count == 0
        ? throw new NotSupportedException($"Column '{node.Element.Name}' is a group without fields.")
        : DataType.Struct(node.Children.Select(c => new DataColumn(c.Element.Name, TypeOf(c), c.IsOptional)));

    /// <summary>What a list or map repeats, and whether that is the repeated node itself rather than its only field; null for other groups.</summary>
    static (SchemaNode Element, bool IsItself)? ElementOf(SchemaNode node)
    {
        if (!(IsMap(node) || node.Element.IsList) || node.Children is not [{ IsRepeated: true } repeated])
            return null;
        if (IsMap(node))
            return (repeated, true);
        var isItself = repeated.Leaf >= 0 || repeated.Children.Count != 1 || repeated.Children[0].IsRepeated
            || repeated.Element.Name == "array" || repeated.Element.Name == node.Element.Name + "_tuple";
        return (isItself ? repeated : repeated.Children[0], isItself);
    }

    static bool IsMap(SchemaNode node) => node.Element.IsMap && node.Children is [{ IsRepeated: true, Children.Count: 1 or 2 }];

    ReadNode FieldOf(SchemaNode node, DataType type, byte slotRepetition, byte slotDefinition)
    {
        if (!node.IsRepeated)
            return ValueOf(node, type, slotRepetition, slotDefinition);
        var element = ValueOf(node, type.Element!, node.Repetition, node.Definition);
        return new ListNode(type, element, (byte)(node.Definition - 1), slotRepetition, slotDefinition);
    }

    ReadNode ValueOf(SchemaNode node, DataType type, byte slotRepetition, byte slotDefinition)
    {
        if (node.Leaf >= 0)
            return new LeafNode(new(node.Leaf, node.Element, type, node.Repetition, node.Definition), slotRepetition, slotDefinition);
        if (ElementOf(node) is not var (element, isItself))
            return StructOf(node, type, slotRepetition, slotDefinition);
        var repeated = node.Children[0];
        var (repetition, definition) = (repeated.Repetition, repeated.Definition);
        var inner = IsMap(node) ? StructOf(element, type.Element!, repetition, definition)
            : isItself ? ValueOf(element, type.Element!, repetition, definition)
            : FieldOf(element, type.Element!, repetition, definition);
        return new ListNode(type, inner, node.Definition, slotRepetition, slotDefinition);
    }

    StructNode StructOf(SchemaNode node, DataType type, byte slotRepetition, byte slotDefinition)
    {
        ReadNode[] fields = [.. node.Children.Select((c, i) => FieldOf(c, type.Fields![i].Type, slotRepetition, slotDefinition))];
        return new(type, fields, node.Definition, slotRepetition, slotDefinition);
    }
}
