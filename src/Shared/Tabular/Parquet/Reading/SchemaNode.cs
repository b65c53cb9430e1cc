namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>A node of a file's schema with its children and levels.</summary>
internal sealed class SchemaNode
{
    const int MaxDepth = 2 * DataType.MaxDepth;

    SchemaNode(SchemaElement element, SchemaNode? parent)
    {
        Element = element;
        Definition = (byte)((parent?.Definition ?? 0) + (parent is not null && element.Repetition != SchemaElement.Required ? 1 : 0));
        Repetition = (byte)((parent?.Repetition ?? 0) + (parent is not null && element.Repetition == SchemaElement.Repeated ? 1 : 0));
    }

    public SchemaElement Element { get; }

    public IReadOnlyList<SchemaNode> Children { get; private set; } = [];

    /// <summary>The definition level at which it is there.</summary>
    public byte Definition { get; }

    /// <summary>Repeated nodes from the root down to it.</summary>
    public byte Repetition { get; }

    /// <summary>The place among the leaves; -1 for a group.</summary>
    public int Leaf { get; private set; } = -1;

    public bool IsRepeated => Element.Repetition == SchemaElement.Repeated;

    public bool IsOptional => Element.Repetition == SchemaElement.Optional;

    /// <summary>The root of the tree that a footer lists depth first.</summary>
    public static SchemaNode Of(IReadOnlyList<SchemaElement> elements, out int leaves)
    {
        var (at, leaf) = (0, 0);
        if (elements.Count == 0)
            throw new InvalidDataException("The file's schema is empty.");
        var root = Take(elements, null, 0, ref at, ref leaf);
        if (at != elements.Count)
            throw new InvalidDataException($"The file's schema lists {elements.Count} nodes, of which {elements.Count - at} belong to no group.");
        leaves = leaf;
        return root;
    }

    static SchemaNode Take(IReadOnlyList<SchemaElement> elements, SchemaNode? parent, int depth, ref int at, ref int leaf)
    {
        if (at == elements.Count)
            throw new InvalidDataException("The file's schema ends inside a group.");
        var element = elements[at++];
        if (depth > MaxDepth)
            throw new NotSupportedException($"Column '{element.Name}' is nested deeper than {MaxDepth} groups.");
        if (element.Repetition is < 0 or > SchemaElement.Repeated || element.Children < 0 || element.Children > elements.Count - at)
            throw new InvalidDataException($"The file's schema is damaged at '{element.Name}'.");
        var node = new SchemaNode(element, parent);
        if (element.Children == 0 && parent is not null)
        {
            node.Leaf = leaf++;
            return node;
        }

        var children = new SchemaNode[element.Children];
        for (var i = 0; i < children.Length; i++)
            children[i] = Take(elements, node, depth + 1, ref at, ref leaf);
        node.Children = children;
        return node;
    }
}
