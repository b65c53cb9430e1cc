namespace DataIngestion.Collect;

/// <summary>Rules by which a manifest works on its configuration before anything is asked (<c>config_normalization_rules</c>).</summary>
internal static class ConfigRules
{
    /// <summary>Applies them.</summary>
    public static void Apply(ManifestDocument manifest, LowCodeMap config)
    {
        if (manifest.Root.Find("spec") is not ManifestComponent spec || spec.Find("config_normalization_rules") is not ManifestComponent rules)
            return;
        var part = new Part(rules);
        foreach (var rule in part.Children("config_migrations").SelectMany(migration => migration.Children("transformations")).Concat(part.Children("transformations")))
            Apply(rule, config);
    }

    static void Apply(Part rule, LowCodeMap config)
    {
        var context = new TemplateContext(
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["config"] = config, ["parameters"] = new LowCodeMap(), ["stream_slice"] = new LowCodeMap() },
            TimeProvider.System,
            new Random(0));
        switch (rule.Type)
        {
            case "ConfigRemapField":
                IReadOnlyList<string> path = [.. rule.Expressions("field_path").Select(step => step.Text(context))];
                if (DataPath.TryFind(config, path, out var value) && rule.Plain("map") is LowCodeMap map && map.TryGetValue(PythonText.Str(value), out var other))
                    DataPath.Put(config, path, other);
                break;
            case "ConfigAddFields":
                new AddFields(rule).Apply(config, context);
                break;
            case "ConfigRemoveFields":
                new RemoveFields(rule).Apply(config, context);
                break;
            default:
                throw rule.Unknown("rule for the configuration");
        }
    }
}
