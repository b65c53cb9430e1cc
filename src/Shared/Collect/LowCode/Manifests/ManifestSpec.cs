namespace DataIngestion.Collect;

/// <summary>One value that a manifest needs from whoever configures it.</summary>
/// <param name="Path">Its name; one inside another mapping is <c>credentials.api_key</c>.</param>
/// <param name="Title">What it is called for people.</param>
/// <param name="IsSecret">Whether it is to be kept secret.</param>
/// <param name="IsRequired">Whether it has to be given.</param>
/// <param name="Default">What it is where nothing is given, or the only value that it may have; null where there is none.</param>
/// <param name="Kind"><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>array</c> …</param>
/// <param name="Allowed">The values that it may have; empty where any.</param>
/// <param name="Choice">Where it is part of one of several alternatives, which; else null.</param>
internal sealed record ManifestSetting(string Path, string? Title, bool IsSecret, bool IsRequired, object? Default, string Kind, IReadOnlyList<object?> Allowed, string? Choice);

/// <summary>What a manifest needs to be configured with.</summary>
internal sealed class ManifestSpec(IReadOnlyList<ManifestSetting> settings, string? documentation)
{
    const int MaxDepth = 8;

    static readonly string[] Combinations = ["oneOf", "anyOf", "allOf"];

    /// <summary>The values, in the order written.</summary>
    public IReadOnlyList<ManifestSetting> Settings { get; } = settings;

    /// <summary>Where the manifest's authors describe it.</summary>
    public string? Documentation { get; } = documentation;

    /// <summary>The value of that name.</summary>
    public ManifestSetting? Find(string path) => Settings.FirstOrDefault(s => s.Path == path);

    /// <summary>Reads <c>spec</c>; a manifest without one needs nothing that it would name.</summary>
    public static ManifestSpec Of(ManifestComponent root)
    {
        var settings = new List<ManifestSetting>();
        var spec = root.Find("spec") as ManifestComponent;
        if (spec?.Find("connection_specification")?.Plain() is LowCodeMap schema)
            Read(settings, schema, "", isRequired: true, choice: null, 0);
        return new(settings, spec?.Text("documentation_url"));
    }

    static void Read(List<ManifestSetting> settings, LowCodeMap schema, string prefix, bool isRequired, string? choice, int depth)
    {
        if (depth > MaxDepth)
            return;
        var required = schema.Find("required") is IReadOnlyList<object?> names ? names.OfType<string>().ToHashSet(StringComparer.Ordinal) : [];
        if (schema.Find("properties") is LowCodeMap properties)
        {
            foreach (var (name, node) in properties)
            {
                if (node is LowCodeMap property)
                    Property(settings, property, prefix + name, isRequired && required.Contains(name), choice, depth);
            }
        }

        // Alternatives: each has a value of its own that says which it is.
        foreach (var option in Alternatives(schema))
            Read(settings, option, prefix, isRequired, option.Find("title") as string ?? choice ?? "an alternative", depth + 1);
    }

    static void Property(List<ManifestSetting> settings, LowCodeMap property, string path, bool isRequired, string? choice, int depth)
    {
        var kind = KindOf(property);
        if (kind == "object" && (property.Find("properties") is LowCodeMap { Count: > 0 } || Alternatives(property).Any()))
        {
            Read(settings, property, path + ".", isRequired, choice, depth + 1);
            return;
        }

        var allowed = property.Find("enum") as IReadOnlyList<object?> ?? [];
        var fixedValue = property.TryGetValue("const", out var constant) ? constant : null;
        var found = settings.FindIndex(s => s.Path == path);
        var setting = new ManifestSetting(
            path, property.Find("title") as string, property.Find("airbyte_secret") is true, isRequired,
            fixedValue ?? property.Find("default"), kind, fixedValue is not null ? [fixedValue] : [.. allowed], choice);
        if (found < 0)
            settings.Add(setting);
        else // an alternative's own value: what was read first is the default, and all are allowed
            settings[found] = settings[found] with { Allowed = [.. settings[found].Allowed.Concat(setting.Allowed).Distinct()], IsRequired = settings[found].IsRequired && isRequired };
    }

    static IEnumerable<LowCodeMap> Alternatives(LowCodeMap schema) =>
        Combinations.SelectMany(w => schema.Find(w) as IReadOnlyList<object?> ?? []).OfType<LowCodeMap>();

    static string KindOf(LowCodeMap property) => property.Find("type") switch
    {
        string kind => kind,
        IReadOnlyList<object?> kinds => kinds.OfType<string>().FirstOrDefault(k => k != "null") ?? "string",
        _ => property.Find("properties") is not null || Alternatives(property).Any() ? "object" : "string",
    };
}
