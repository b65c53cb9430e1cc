namespace DataIngestion.Collect;

/// <summary>Brings nested fields to the top (<c>FlattenFields</c>). Names that collide, and entries of lists, keep the name of what they were in.</summary>
internal sealed class FlattenFields(bool flattenLists) : Transformation
{
    public override void Apply(LowCodeMap record, TemplateContext context)
    {
        var flat = new LowCodeMap();
        var stack = new Stack<(object? Value, string Name)>([(record, "_")]);
        var keepsParent = false;
        while (stack.TryPop(out var at))
        {
            switch (at.Value)
            {
                case LowCodeMap map:
                    foreach (var (name, value) in map)
                        stack.Push((value, keepsParent || flat.ContainsKey(name) ? $"{at.Name}.{name}" : name));
                    break;
                case List<object?> list when flattenLists:
                    keepsParent |= list.Count > 0;
                    for (var i = 0; i < list.Count; i++)
                        stack.Push((list[i], $"{at.Name}.{i}"));
                    break;
                default:
                    flat[at.Name] = at.Value;
                    break;
            }
        }

        Replace(record, flat);
    }
}

/// <summary>Brings one nested mapping to the top (<c>DpathFlattenFields</c>), unless a name is taken there.</summary>
internal sealed class DpathFlattenFields(Part part) : Transformation
{
    readonly IReadOnlyList<Expression> _path = part.Expressions("field_path");
    readonly bool _deletes = part.Flag("delete_origin_value");
    readonly bool _replaces = part.Flag("replace_record");
    readonly Expression? _prefix = part.Child("key_transformation")?.Expression("prefix");
    readonly Expression? _suffix = part.Child("key_transformation")?.Expression("suffix");

    public override void Apply(LowCodeMap record, TemplateContext context)
    {
        IReadOnlyList<string> path = [.. _path.Select(step => step.Text(context))];
        if (DataPath.FindAll(record, path).FirstOrDefault() is not LowCodeMap found)
            return;
        var (prefix, suffix) = (_prefix?.TextEntry(context), _suffix?.TextEntry(context));
        var entries = found.Select(entry => KeyValuePair.Create($"{prefix}{entry.Key}{suffix}", entry.Value)).ToList();
        if (_replaces && entries.Count > 0)
        {
            Replace(record, entries);
            return;
        }

        if (entries.Exists(entry => record.ContainsKey(entry.Key)))
            return;
        if (_deletes)
            DataPath.Remove(record, path);
        foreach (var (name, value) in entries)
            record[name] = value;
    }
}
