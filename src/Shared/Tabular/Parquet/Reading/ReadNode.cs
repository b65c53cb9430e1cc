namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>A column of the file that holds values.</summary>
/// <param name="Place">Its place among the chunks of a row group.</param>
/// <param name="Element">How it is stored.</param>
/// <param name="Type">What it becomes.</param>
/// <param name="MaxRepetition">Lists around it.</param>
/// <param name="MaxDefinition">The definition level at which a value is there.</param>
internal sealed record Leaf(int Place, SchemaElement Element, DataType Type, byte MaxRepetition, byte MaxDefinition);

/// <summary>
/// How a column is put together. The levels of any leaf below tell where its rows are: one for each entry that repeats nothing
/// deeper than <paramref name="SlotRepetition"/> and is defined up to <paramref name="SlotDefinition"/>.
/// </summary>
/// <param name="Type">What comes out.</param>
/// <param name="Definition">The definition level from which a row is not null.</param>
/// <param name="SlotRepetition">The number of lists around it.</param>
/// <param name="SlotDefinition">The definition level at which the innermost list around it has an element.</param>
/// <param name="Leaves">The leaves below it.</param>
internal abstract record ReadNode(DataType Type, byte Definition, byte SlotRepetition, byte SlotDefinition, IReadOnlyList<Leaf> Leaves);

internal sealed record LeafNode(Leaf Leaf, byte SlotRepetition, byte SlotDefinition)
    : ReadNode(Leaf.Type, Leaf.MaxDefinition, SlotRepetition, SlotDefinition, [Leaf])
{
    /// <summary>Whether the leaf is the column, so that rows are entries.</summary>
    public bool IsFlat => Leaf is { MaxRepetition: 0, MaxDefinition: <= 1 };
}

/// <summary>A list: the slots of the element's node are its elements.</summary>
internal sealed record ListNode(DataType Type, ReadNode Element, byte Definition, byte SlotRepetition, byte SlotDefinition)
    : ReadNode(Type, Definition, SlotRepetition, SlotDefinition, Element.Leaves);

internal sealed record StructNode(DataType Type, IReadOnlyList<ReadNode> Fields, byte Definition, byte SlotRepetition, byte SlotDefinition)
    : ReadNode(Type, Definition, SlotRepetition, SlotDefinition, [.. Fields.SelectMany(f => f.Leaves)]);
