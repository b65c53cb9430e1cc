namespace DataIngestion.Collect;

/// <summary>Plain values as nodes.</summary>
internal static class ManifestNodes
{
    /// <summary>The node of a value, all of it on one line.</summary>
    public static ManifestNode Of(string file, int line, object? value)
    {
        switch (value)
        {
            case LowCodeMap map:
                var component = new ManifestComponent(file, line);
                foreach (var (name, item) in map)
                    component.Fields[name] = Of(file, line, item);
                return component;
            case IReadOnlyList<object?> list:
                return new ManifestItems(line, [.. list.Select(i => Of(file, line, i))]);
            default:
                return new ManifestValue(line, value);
        }
    }
}
