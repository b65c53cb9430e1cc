using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>One stream of a manifest.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Component">Its component.</param>
/// <param name="Condition">Whether it is there depends on the configuration; null where it always is.</param>
/// <param name="Faults">Why it cannot be run; empty where it can.</param>
internal sealed record ManifestStream(string Name, ManifestComponent Component, Template? Condition, IReadOnlyList<ConfigurationFault> Faults)
{
    /// <summary>Checks one and names it.</summary>
    public static ManifestStream Of(ManifestComponent component, Template? condition, ManifestChecks checks)
    {
        var own = new ManifestChecks();
        own.Component(component, "streams");
        checks.WithoutEffect.AddRange(own.WithoutEffect);
        var name = component.Find("name") is ManifestValue { Value: { } written } ? PythonText.Str(written) : "";
        if (name.Length == 0)
            own.Faults.Add(new(component.File, component.Line, "a stream has no 'name'."));
        return new(name, component, condition, [.. own.Faults.Distinct().OrderBy(f => f.Line)]);
    }

    /// <summary>Fields that identify a record; a field inside another is <c>a.b</c>.</summary>
    public IReadOnlyList<string> PrimaryKey => Component.Find("primary_key") switch
    {
        ManifestValue { Value: string { Length: > 0 } key } => [key],
        ManifestItems list => [.. list.Items.Select(Path).Where(p => p.Length > 0)],
        _ => [],
    };

    /// <summary>The field that says how far a collection came; null where it is collected whole each time.</summary>
    public string? CursorField => Component.Find("incremental_sync") is ManifestComponent cursor ? cursor.Text("cursor_field") : null;

    /// <summary>The JSON schemas of its records that the manifest holds, in order; those in files beside it are not there.</summary>
    public IReadOnlyList<LowCodeMap> Schemas =>
        [.. Component.Find("schema_loader") switch
        {
            ManifestComponent loader => SchemaOf(loader),
            ManifestItems list => list.Items.OfType<ManifestComponent>().SelectMany(SchemaOf),
            _ => [],
        }];

    static IEnumerable<LowCodeMap> SchemaOf(ManifestComponent loader) =>
        loader.Type == "InlineSchemaLoader" && loader.Find("schema") is ManifestComponent schema ? [(LowCodeMap)schema.Plain()!] : [];

    static string Path(ManifestNode node) => node switch
    {
        ManifestItems path => string.Join('.', path.Items.Select(Path)),
        ManifestValue { Value: var value } => PythonText.Str(value),
        _ => "",
    };
}
