namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>Puts nested columns together from the levels and values of their leaves.</summary>
/// <param name="leaves">The batch of each leaf by its place.</param>
internal sealed class Assembler(IReadOnlyDictionary<int, LeafBatch> leaves)
{
    byte[] _slots = [];

    /// <summary>The column of a node for the rows of the batch.</summary>
    /// <exception cref="InvalidDataException">The leaves contradict each other.</exception>
    public ColumnVector Build(ReadNode node, int rows)
    {
        var column = node switch
        {
            LeafNode leaf => BuildLeaf(leaf),
            ListNode list => BuildList(list),
            _ => BuildStruct((StructNode)node, rows),
        };
        if (column.Count == rows)
            return column;
        column.Dispose();
        throw new InvalidDataException($"Its values contradict each other: {column.Count} and {rows} elements at the same place.");
    }

    /// <summary>The definition levels of the entries in which a node has a row.</summary>
    ReadOnlySpan<byte> SlotsOf(ReadNode node, LeafBatch batch)
    {
        if (node.SlotDefinition == 0 && node.SlotRepetition == node.Leaves[0].MaxRepetition)
            return batch.Definition;
        Pool.Grow(ref _slots, 0, batch.Count);
        var repetition = batch.Repetition;
        var definition = batch.Definition;
        var count = 0;
        for (var i = 0; i < definition.Length; i++)
        {
            if (repetition[i] <= node.SlotRepetition && definition[i] >= node.SlotDefinition)
                _slots[count++] = definition[i];
        }

        return _slots.AsSpan(0, count);
    }

    ColumnVector BuildLeaf(LeafNode node)
    {
        var batch = leaves[node.Leaf.Place];
        var slots = SlotsOf(node, batch);
        if (batch.Values.Count < slots.Length)
            ((IDenseBuilder)batch.Values).Spread(batch.Values.Count, slots, node.Definition);
        return batch.Values.Detach();
    }

    ListColumn BuildList(ListNode node)
    {
        var batch = leaves[node.Leaves[0].Place];
        var repetition = batch.Repetition;
        var definition = batch.Definition;
        var element = node.Element;
        var offsets = Pool.Rent<int>(batch.Count + 1);
        var slots = Pool.Rent<byte>(Math.Max(1, batch.Count));
        var (rows, elements, nulls) = (0, 0, 0);
        for (var i = 0; i < definition.Length; i++)
        {
            if (repetition[i] <= node.SlotRepetition && definition[i] >= node.SlotDefinition)
            {
                offsets[rows] = elements;
                slots[rows++] = definition[i] >= node.Definition ? (byte)1 : (byte)0;
                nulls += definition[i] >= node.Definition ? 0 : 1;
            }

            if (repetition[i] <= element.SlotRepetition && definition[i] >= element.SlotDefinition)
            {
                if (rows == 0 || slots[rows - 1] == 0)
                    throw new InvalidDataException("An element belongs to no list.");
                elements++;
            }
        }

        offsets[rows] = elements;
        var validity = Validity(slots.AsSpan(0, rows), nulls);
        byte[]? scratch = slots;
        Pool.Return(ref scratch);
        return new(node.Type, offsets, Build(element, elements), rows, validity, nulls);
    }

    StructColumn BuildStruct(StructNode node, int rows)
    {
        var slots = SlotsOf(node, leaves[node.Leaves[0].Place]);
        if (slots.Length != rows)
            throw new InvalidDataException($"Its values contradict each other: {slots.Length} and {rows} elements at the same place.");
        var flags = Pool.Rent<byte>(Math.Max(1, rows));
        var nulls = 0;
        for (var i = 0; i < rows; i++)
        {
            flags[i] = slots[i] >= node.Definition ? (byte)1 : (byte)0;
            nulls += 1 - flags[i];
        }

        var validity = Validity(flags.AsSpan(0, rows), nulls);
        byte[]? scratch = flags;
        Pool.Return(ref scratch);
        return new(node.Type, [.. node.Fields.Select(f => Build(f, rows))], rows, validity, nulls);
    }

    static byte[]? Validity(ReadOnlySpan<byte> flags, int nulls)
    {
        if (nulls == 0)
            return null;
        var validity = Pool.Rent<byte>((flags.Length + 7) / 8);
        Bits.FromLevels(flags, 1, validity, 0);
        return validity;
    }
}
