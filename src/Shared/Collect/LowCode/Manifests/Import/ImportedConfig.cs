using System.Text.RegularExpressions;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Values of a manifest's configuration: those given, references for secrets and for what has to be given, defaults for the rest.</summary>
internal sealed partial class ImportedConfig
{
    readonly string _prefix;

    public ImportedConfig(ManifestDocument manifest, ManifestImportRequest request, string id)
    {
        _prefix = id.ToUpperInvariant().Replace('-', '_');
        var settings = manifest.Spec.Settings;
        if (settings.Count == 0)
            settings = Guessed(manifest);
        foreach (var unknown in request.Config.Keys.Where(k => settings.All(s => s.Path != k)))
            throw new ConfigurationException([new(manifest.File, 0, $"the manifest has no setting '{unknown}': {Suggestion.Phrase(unknown, [.. settings.Select(s => s.Path)])}")]);

        var chosen = Chosen(settings, request.Config);
        foreach (var setting in settings)
        {
            if (request.Config.TryGetValue(setting.Path, out var given))
                Values[setting.Path] = Checked(manifest, setting, given);
            else if (setting.Choice is null || setting.Choice == chosen.GetValueOrDefault(GroupOf(setting)))
                Fill(setting);
        }

        foreach (var (group, choice) in chosen)
        {
            var others = settings.Where(s => GroupOf(s) == group && s.Choice is not null && s.Choice != choice).Select(s => s.Choice!).Distinct().ToList();
            if (others.Count > 0)
                Remarks.Add($"Of the ways to fill '{(group.Length == 0 ? "config" : group)}', '{choice}' is taken; the others are {string.Join(", ", others)}: give their values with --config to take one.");
        }
    }

    /// <summary>By name, in the manifest's order.</summary>
    public OrderedDictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>References that have to be set, with what each is.</summary>
    public List<(string Name, string What)> ToSet { get; } = [];

    public List<string> Remarks { get; } = [];

    void Fill(ManifestSetting setting)
    {
        if (setting is { IsSecret: false, IsRequired: true, Default: null, Allowed: [var first, ..] })
        {
            Values[setting.Path] = TextOf(first);
            Remarks.Add($"'config.{setting.Path}' is '{TextOf(first)}', the first of {string.Join(", ", setting.Allowed.Select(PythonText.Str))}: choose with --config.");
        }
        else if (setting.IsSecret ? setting.IsRequired || setting.Default is null : setting is { IsRequired: true, Default: null })
        {
            var name = $"{_prefix}_{ManifestImporter.Slug(setting.Path).ToUpperInvariant().Replace('-', '_')}";
            if (!setting.IsRequired)
            {
                Remarks.Add($"'config.{setting.Path}' is an optional secret ({setting.Title ?? setting.Kind}) and left out: give it with --config {setting.Path}='${{{name}}}'.");
                return;
            }

            Values[setting.Path] = $"${{{name}}}";
            ToSet.Add((name, $"{setting.Path}: {setting.Title ?? setting.Kind}{(setting.IsSecret ? " (secret)" : "")}{(setting.Allowed.Count > 0 ? $", one of {string.Join(", ", setting.Allowed.Select(PythonText.Str))}" : "")}"));
        }
        else if (setting.Default is not null)
        {
            Values[setting.Path] = TextOf(setting.Default);
        }
        else
        {
            Remarks.Add($"'config.{setting.Path}' is optional ({setting.Title ?? setting.Kind}) and left out.");
        }
    }

    static string Checked(ManifestDocument manifest, ManifestSetting setting, string given)
    {
        if (setting.IsSecret && given.Length > 0 && !SecretReference.NamesIn(given).Any())
            throw new ConfigurationException([new(manifest.File, 0, $"'{setting.Path}' is a secret: expected a reference such as ${{NAME}}, not the secret itself.")]);
        if (SecretReference.FindMalformed(given) is { } malformed)
            throw new ConfigurationException([new(manifest.File, 0, $"'{setting.Path}' has '{malformed}', which is no reference: expected ${{NAME}}, ${{file:/path}} or ${{keyvault:name}}.")]);
        return given;
    }

    static string TextOf(object? value) => value switch
    {
        LowCodeMap or IReadOnlyList<object?> => JsonText.Write(value),
        bool truth => truth ? "true" : "false",
        _ => PythonText.Str(value),
    };

    // The alternative whose values were given, else the first.
    static Dictionary<string, string> Chosen(IReadOnlyList<ManifestSetting> settings, IReadOnlyDictionary<string, string> given)
    {
        var chosen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in settings.Where(s => s.Choice is not null).GroupBy(GroupOf))
        {
            var choices = group.Select(s => s.Choice!).Distinct().ToList();
            chosen[group.Key] = choices.MaxBy(c => group.Count(s => s.Choice == c && given.ContainsKey(s.Path)))!;
        }

        return chosen;
    }

    static string GroupOf(ManifestSetting setting) => setting.Path.LastIndexOf('.') is > 0 and var dot ? setting.Path[..dot] : "";

    // Old manifests have their settings in another file: what the templates read has to be given.
    List<ManifestSetting> Guessed(ManifestDocument manifest)
    {
        var names = new List<string>();
        Collect(manifest.Root, names);
        var settings = names.Distinct(StringComparer.Ordinal).Select(n => new ManifestSetting(n, null, IsSecret: false, IsRequired: true, null, "string", [], null)).ToList();
        if (settings.Count > 0)
            Remarks.Add("The manifest does not say which settings it has: they are those that its templates read. Secrets among them have to stay references.");
        return settings;
    }

    static void Collect(ManifestNode node, List<string> names)
    {
        switch (node)
        {
            case ManifestValue { Value: string text } when text.Contains("config", StringComparison.Ordinal):
                names.AddRange(Reads().Matches(text).Select(m => m.Groups["name"].Value));
                break;
            case ManifestItems list:
                list.Items.ForEach(i => Collect(i, names));
                break;
            case ManifestComponent map:
                foreach (var field in map.Fields.Values)
                    Collect(field, names);
                break;
        }
    }

    [GeneratedRegex("""\bconfig(\.get\(\s*['"](?<name>[^'"]+)['"]|\[\s*['"](?<name>[^'"]+)['"]|\.(?<name>(?!get\b)[A-Za-z_][A-Za-z0-9_]*))""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Reads();
}
