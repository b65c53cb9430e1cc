using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Goes through components and finds what cannot be run: unknown types, components in Python, fields that are missing, templates that cannot be read.</summary>
internal sealed class ManifestChecks
{
    static readonly string[] TopFields = ["type", "version", "check", "streams", "dynamic_streams", "spec", "concurrency_level", "api_budget", "stream_groups", "max_concurrent_async_job_count", "metadata", "description"];

    // Their texts are data, not templates.
    static readonly HashSet<string> Raw = new(StringComparer.Ordinal) { "connection_specification", "advanced_auth", "config_normalization_rules", "schema", "base_schema", "metadata" };

    /// <summary>What cannot be run.</summary>
    public List<ConfigurationFault> Faults { get; } = [];

    /// <summary>What is read and has no effect.</summary>
    public List<ConfigurationFault> WithoutEffect { get; } = [];

    /// <summary>Checks what the source has besides streams.</summary>
    public void Top(ManifestComponent root)
    {
        foreach (var (name, node) in root.Fields.Where(f => !root.Given.Contains(f.Key)))
        {
            if (!TopFields.Contains(name))
                Note(root, node, name, $"is not a field of a manifest: {Suggestion.Phrase(name, TopFields)}");
            else if (ManifestRefusals.WithoutEffect.TryGetValue($"DeclarativeSource.{name}", out var reason))
                Note(root, node, name, $"has no effect: {reason}.");
        }

        if (!root.Has("version"))
            WithoutEffect.Add(new(root.File, root.Line, "there is no 'version': it is read as the newest."));
        else if (!Version.TryParse(root.Text("version")!.Split('-', '+')[0], out var version) || version.Major > 7 || version < new Version(0, 29))
            WithoutEffect.Add(new(root.File, root.Find("version")!.Line, $"the version '{root.Text("version")}' was not tried: expected 0.29 to 7."));
        foreach (var name in new[] { "check", "spec", "api_budget" })
        {
            if (root.Find(name) is ManifestComponent component)
                Component(component, name);
        }
    }

    /// <summary>Checks a component and all inside it.</summary>
    /// <param name="component">It.</param>
    /// <param name="place">What it is of what holds it, for messages.</param>
    public void Component(ManifestComponent component, string place)
    {
        var type = component.Type;
        if (component.Has("class_name") || type.StartsWith("Custom", StringComparison.Ordinal))
        {
            Custom(component, place);
            return;
        }

        if (ManifestRefusals.Unsupported.TryGetValue(type, out var unsupported))
        {
            Faults.Add(new(component.File, component.Line, $"'{type}' is not supported: {unsupported}."));
            return;
        }

        if (!ManifestSchema.Components.TryGetValue(type, out var fields))
        {
            Faults.Add(new(component.File, component.Line, type.Length == 0
                ? $"'{place}' has no 'type': expected the type of a component."
                : $"there is no component '{type}': {Suggestion.Phrase(type, [.. ManifestSchema.Components.Keys]) switch { ['e', ..] => "expected a type of the low-code language.", var hint => hint }}"));
            return;
        }

        foreach (var (name, node) in component.Fields.Where(f => f.Key != "type"))
        {
            if (!fields.TryGetValue(name, out var field))
            {
                if (!component.Given.Contains(name))
                    Note(component, node, name, $"is not a field of {type} and is not read: {Suggestion.For(name, fields.Keys) switch { { } meant => $"did you mean '{meant}'?", null => "expected " + (fields.Count == 0 ? "none." : "one of " + string.Join(", ", fields.Keys) + ".") }}");
                continue;
            }

            if (ManifestRefusals.Unsupported.TryGetValue($"{type}.{name}", out var why) && !component.Given.Contains(name))
                Faults.Add(new(component.File, node.Line, $"'{type}.{name}' is not supported: {why}."));
            else if (ManifestRefusals.WithoutEffect.TryGetValue($"{type}.{name}", out var reason) && !component.Given.Contains(name))
                Note(component, node, name, $"has no effect: {reason}.");
            else
                Field(component, field, node);
        }

        foreach (var missing in fields.Values.Where(f => f.IsRequired && !component.Has(f.Name)))
        {
            // An empty text is there.
            if (!component.Fields.TryGetValue(missing.Name, out var there) || there is ManifestValue { Value: null })
                Faults.Add(new(component.File, component.Line, $"'{type}.{missing.Name}' is missing: expected {Expected(missing)}."));
        }
    }

    void Field(ManifestComponent component, ManifestField field, ManifestNode node)
    {
        switch (node)
        {
            case ManifestComponent child when field.IsComponent:
                Child(component, field, child);
                break;
            case ManifestItems list when field.IsComponent:
                foreach (var item in list.Items.OfType<ManifestComponent>())
                    Child(component, field, item);
                break;
            case ManifestValue { Value: not null } value when field.IsComponent && !field.Kinds.Contains("text") && !field.Kinds.Contains("number") && !component.Given.Contains(field.Name):
                Faults.Add(new(component.File, value.Line, $"'{component.Type}.{field.Name}' is {ValueNames.Of(value.Value)}: expected {Expected(field)}."));
                break;
            default:
                if (!Raw.Contains(field.Name))
                    Templates(component, node);
                break;
        }
    }

    void Child(ManifestComponent component, ManifestField field, ManifestComponent child)
    {
        // Where only one type is possible, it need not be said.
        var types = field.Kinds.Where(k => char.IsUpper(k[0])).ToList();
        if (child.Type.Length == 0 && !child.Has("class_name") && types is [var only])
            child.Fields.Insert(0, "type", new ManifestValue(child.Line, only));
        if (child.Type.Length == 0 && field.Kinds.Contains("map"))
        {
            Templates(component, child);
            return;
        }

        var isKnown = ManifestSchema.Components.ContainsKey(child.Type);
        if (isKnown && !types.Contains(child.Type))
            Faults.Add(new(child.File, child.Line, $"'{component.Type}.{field.Name}' is {child.Type}: expected {Expected(field)}."));
        else
            Component(child, $"{component.Type}.{field.Name}");
    }

    // Every text in values is a template that can be read; components in maps are components.
    void Templates(ManifestComponent component, ManifestNode node)
    {
        switch (node)
        {
            case ManifestValue { Value: string text } when text.Contains('{', StringComparison.Ordinal):
                try
                {
                    Template.Parse(text);
                }
                catch (TemplateSyntaxException wrong)
                {
                    Faults.Add(new(component.File, node.Line, wrong.Message));
                }

                break;
            case ManifestItems list:
                list.Items.ForEach(i => Templates(component, i));
                break;
            case ManifestComponent map when ManifestSchema.Components.ContainsKey(map.Type) || map.Type.StartsWith("Custom", StringComparison.Ordinal):
                Component(map, component.Type);
                break;
            case ManifestComponent map:
                foreach (var field in map.Fields.Values)
                    Templates(component, field);
                break;
        }
    }

    void Custom(ManifestComponent component, string place)
    {
        var written = component.Text("class_name") ?? "Python code";
        var name = written[(written.LastIndexOf('.') + 1)..];
        var type = component.Type.Length > 0 ? component.Type : "a custom component";
        var advice = ManifestRefusals.Custom.TryGetValue(component.Type, out var known) ? known : "use a component of the language";
        Faults.Add(new(component.File, component.Line, $"'{place}' is {type} '{name}', which is Python and is not run here: {advice}; or write a definition of our own instead of the manifest."));
    }

    void Note(ManifestComponent component, ManifestNode node, string field, string message) =>
        WithoutEffect.Add(new(component.File, node.Line, $"'{(component.Type.Length == 0 ? field : $"{component.Type}.{field}")}' {message}"));

    static string Expected(ManifestField field) => (field.IsList ? "a list of " : "") + string.Join(" or ", field.Kinds.Select(k => k switch
    {
        "truth" => "true or false",
        "map" => "a mapping",
        "any" => "a value",
        "number" => "a number",
        _ => k,
    }));
}
