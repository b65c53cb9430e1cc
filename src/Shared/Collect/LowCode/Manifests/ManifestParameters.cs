namespace DataIngestion.Collect;

/// <summary>
/// Hands parameters down: what <c>$parameters</c> of a component say holds for it and all components inside it, inner ones first. A field that a component does not
/// have itself (or that is empty) takes the parameter of that name. Components without a type get the one that is usual for their place.
/// </summary>
internal static class ManifestParameters
{
    const int MaxDepth = 200;

    /// <summary>Hands down within a component, changing it.</summary>
    /// <param name="component">A component whose references are followed.</param>
    /// <param name="place">Where it is: <c>Type.field</c> of what holds it; empty at the top.</param>
    /// <param name="outer">Parameters of what holds it.</param>
    /// <param name="outerFirst">Whether those win over its own of the same name, as in dynamic streams that ask for it.</param>
    /// <param name="depth">Levels above.</param>
    public static void HandDown(ManifestComponent component, string place, LowCodeMap outer, bool outerFirst = false, int depth = 0)
    {
        if (depth > MaxDepth)
            throw component.Fault("$parameters", $"is nested deeper than {MaxDepth} levels.");
        if (!component.Fields.ContainsKey("type") && ManifestDefaults.TypeOf(place, component.Fields.ContainsKey("class_name")) is { } usual)
            component.Fields.Insert(0, "type", new ManifestValue(component.Line, usual));

        var own = component.Fields.Remove("$parameters", out var written) && written is ManifestComponent map ? (LowCodeMap)map.Plain()! : [];
        var current = outerFirst ? Merged(own, outer) : Merged(outer, own);
        if (IsSchema(component))
            return;
        if (component.Type.Length == 0)
        {
            foreach (var nested in component.Fields.Values.OfType<ManifestComponent>().Where(n => n.Type.Length > 0).ToList())
                HandDown(nested, place, current, outerFirst, depth + 1);
            return;
        }

        component.Parameters = current;
        foreach (var (name, value) in current)
        {
            if (component.Fields.TryGetValue(name, out var field) && !IsEmpty(field))
                continue;
            component.Fields[name] = ManifestNodes.Of(component.File, component.Line, value);
            component.Given.Add(name);
        }

        foreach (var (name, node) in component.Fields.ToList())
        {
            // A parameter is not handed down into the field of its own name: it would be inside itself for ever.
            var inner = current.ContainsKey(name) ? Without(current, name) : current;
            foreach (var nested in Nested(node))
                HandDown(nested, $"{component.Type}.{name}", inner, outerFirst, depth + 1);
        }
    }

    static IEnumerable<ManifestComponent> Nested(ManifestNode node) => node switch
    {
        ManifestComponent only => [only],
        ManifestItems list => list.Items.OfType<ManifestComponent>(),
        _ => [],
    };

    static bool IsSchema(ManifestComponent component) => component.Find("type") switch
    {
        ManifestValue { Value: "object" } => true,
        ManifestItems { Items: [ManifestValue { Value: "null" }, ManifestValue { Value: "object" }] } => true,
        _ => false,
    };

    static bool IsEmpty(ManifestNode node) => node switch
    {
        ManifestValue { Value: var value } => !Operators.Truth(value),
        ManifestItems list => list.Items.Count == 0,
        ManifestComponent map => map.Fields.Count == 0,
        _ => false,
    };

    static LowCodeMap Merged(LowCodeMap first, LowCodeMap winning)
    {
        if (winning.Count == 0)
            return first;
        var merged = new LowCodeMap(first);
        foreach (var (name, value) in winning)
            merged[name] = value;
        return merged;
    }

    static LowCodeMap Without(LowCodeMap map, string name)
    {
        var rest = new LowCodeMap(map);
        rest.Remove(name);
        return rest;
    }
}
