namespace DataIngestion.Tabular.Parquet.Nesting;

/// <summary>The leaves that the columns of a schema become in a file.</summary>
internal static class LeafColumns
{
    /// <summary>The leaves of a column, in the order of the file's schema.</summary>
    public static IEnumerable<PhysicalColumn> Of(DataColumn column)
    {
        if (!column.Type.IsNested)
            return [PhysicalColumn.Of(column)];
        var leaves = new List<PhysicalColumn>();
        Collect(column.Name, column, [], [], 0, 0, leaves);
        return leaves;
    }

    static void Collect(
        string root, DataColumn node, IReadOnlyList<string> path, IReadOnlyList<Shredder.Step> steps, byte definition, byte repetition, List<PhysicalColumn> leaves)
    {
        string[] here = [.. path, node.Name];
        var present = (byte)(definition + (node.Nullable ? 1 : 0));
        switch (node.Type.Kind)
        {
            case DataKind.List:
                var deeper = (byte)(repetition + 1);
                Shredder.Step list = new(DataKind.List, node.Nullable, 0, definition, deeper);
                Collect(root, ElementOf(node.Type), [.. here, "list"], [.. steps, list], (byte)(present + 1), deeper, leaves);
                break;
            case DataKind.Struct:
                for (var i = 0; i < node.Type.Fields!.Count; i++)
                {
                    Shredder.Step field = new(DataKind.Struct, node.Nullable, i, definition, repetition);
                    Collect(root, node.Type.Fields[i], here, [.. steps, field], present, repetition, leaves);
                }

                break;
            default:
                Shredder.Step leaf = new(node.Type.Kind, node.Nullable, 0, definition, repetition);
                leaves.Add(PhysicalColumn.Of(node) with { Path = here, MaxDefinition = present, MaxRepetition = repetition, Shredder = new(root, [.. steps, leaf]) });
                break;
        }
    }

    /// <summary>The element of a list as the node that the format asks for.</summary>
    public static DataColumn ElementOf(DataType list) => new("element", list.Element!, list.ElementNullable);
}
