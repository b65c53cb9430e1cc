namespace DataIngestion.Collect;

/// <summary>Puts a value into the components of a template (<c>ComponentMappingDefinition</c>).</summary>
internal sealed class ComponentMapping(Part part)
{
    readonly IReadOnlyList<Expression> _path = part.Expressions("field_path");
    readonly Expression _value = part.NeededExpression("value");
    readonly Expression? _condition = part.Expression("condition") is { IsEmpty: false } condition ? condition : null;
    readonly string? _type = part.Text("value_type");
    readonly bool _creates = part.Flag("create_or_update");

    /// <summary>Puts it in.</summary>
    public void Apply(ManifestComponent stream, TemplateContext context)
    {
        if (_condition?.Holds(context) is false)
            return;
        var value = _type == "string" ? _value.TextEntry(context) : _value.Value(context);
        IReadOnlyList<string> path = [.. _path.Select(step => step.Text(context))];
        if (path.Count > 0)
            Put(stream, path, 0, ManifestNodes.Of(stream.File, part.Component.Line, value));
    }

    void Put(ManifestNode at, IReadOnlyList<string> path, int step, ManifestNode value)
    {
        var name = path[step];
        var isLast = step == path.Count - 1;
        switch (at)
        {
            case ManifestComponent component when name == "**":
                if (!isLast)
                    Put(component, path, step + 1, value);
                foreach (var inner in component.Fields.Values.ToList())
                    Put(inner, path, step, value);
                break;
            case ManifestItems list when name == "**":
                foreach (var inner in list.Items.ToList())
                    Put(inner, path, step, value);
                break;
            case ManifestComponent component when name == "*":
                foreach (var field in component.Fields.Keys.ToList())
                    PutField(component, field, path, step, isLast, value);
                break;
            case ManifestComponent component:
                if (_creates || component.Fields.ContainsKey(name))
                    PutField(component, name, path, step, isLast, value);
                break;
            case ManifestItems list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    if (name != "*" && name != i.ToString(System.Globalization.CultureInfo.InvariantCulture))
                        continue;
                    if (isLast)
                        list.Items[i] = value.Copy();
                    else
                        Put(list.Items[i], path, step + 1, value);
                }

                break;
        }
    }

    void PutField(ManifestComponent component, string name, IReadOnlyList<string> path, int step, bool isLast, ManifestNode value)
    {
        if (isLast)
        {
            component.Fields[name] = value.Copy();
            component.Given.Remove(name);
            return;
        }

        if (_creates && !component.Has(name))
            component.Fields[name] = new ManifestComponent(component.File, component.Line);
        Put(component.Fields[name], path, step + 1, value);
    }
}
