using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// The templates that are built in, with those of a configuration's folder over them. They are applied where a source is opened, not where
/// a command is written: commands stay small, and a template that is mended helps the runs that are under way.
/// </summary>
internal sealed class AuthenticationTemplates
{
    /// <summary>The name of the file in a configuration's folder.</summary>
    public const string FileName = "authentication-templates.yaml";

    readonly Dictionary<string, AuthenticationTemplate> _templates;

    AuthenticationTemplates(IEnumerable<KeyValuePair<string, AuthenticationTemplate>> templates) => _templates = new(templates, StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => [.. _templates.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Those that are built in, with the file of a configuration's folder over them where it is there: a template of the same name takes the place of the other.</summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <param name="kinds">The ways that there are; null leaves the templates unchecked.</param>
    /// <exception cref="ConfigurationException">The file is wrong; every fault is named with its line.</exception>
    public static AuthenticationTemplates Load(string? folder, Authentications? kinds)
    {
        using var content = typeof(AuthenticationTemplates).Assembly.GetManifestResourceStream(FileName)!;
        using var text = new StreamReader(content);
        var standard = Checked(ConfigurationFile.Parse<TemplateFile>($"configs/{FileName}", text.ReadToEnd()), kinds);
        var path = folder is null ? null : Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return new(standard.Templates);
        var own = Checked(ConfigurationFile.Read<TemplateFile>(path), kinds);
        return new([.. standard.Templates.Where(t => !own.Templates.ContainsKey(t.Key)), .. own.Templates]);
    }

    /// <summary>The template of that name; null when there is none.</summary>
    public AuthenticationTemplate? Find(string name) => _templates.GetValueOrDefault(name);

    /// <summary>The definition with everything that it takes from its template, and none of it left to take.</summary>
    /// <param name="auth">What a source says.</param>
    /// <param name="faults">What is wrong with what it says about the template.</param>
    public AuthenticationDefinition Complete(AuthenticationDefinition auth, out IReadOnlyList<OptionFault> faults)
    {
        var found = new List<OptionFault>();
        faults = found;
        if (auth.Template is not { } name)
            return auth;
        if (Find(name) is not { } template)
        {
            found.Add(new("template", $"there is no template '{name}': {Suggestion.Phrase(name, Names)}"));
            return auth;
        }

        if (auth.Kind is { } kind && kind != template.Kind)
            found.Add(new("kind", $"the template '{name}' is of the kind '{template.Kind}': leave 'kind' out."));
        foreach (var parameter in template.Parameters.Where(p => auth[p.Key] is null))
            found.Add(new("", $"the template '{name}' needs '{parameter.Key}': {parameter.Value}"));

        var options = template.Options.ToDictionary(o => o.Key, o => TemplateText.Fill(o.Value, parameter => auth[parameter] ?? ""), StringComparer.Ordinal);
        foreach (var (option, value) in auth.Options.Where(o => !template.Parameters.ContainsKey(o.Key)))
            options[option] = value;
        return new() { Kind = template.Kind, Options = options };
    }

    /// <summary>The source with everything that its authentication takes from its template.</summary>
    /// <exception cref="StepFailedException">There is no such template (<c>configuration-invalid</c>).</exception>
    public SourceDefinition Complete(SourceDefinition source)
    {
        if (source.Connection?.Auth is not { Template: not null } auth)
            return source;
        var whole = Complete(auth, out var faults);
        return faults.Count == 0 ? source with { Connection = source.Connection with { Auth = whole } } : throw new StepFailedException(new()
        {
            Code = "configuration-invalid",
            Message = $"The authentication of the source '{source.Source}' is wrong: {string.Join(" ", faults.Select(f => f.Message))}",
        });
    }

    static TemplateFile Checked(ConfigurationFile<TemplateFile> read, Authentications? kinds)
    {
        foreach (var finding in kinds is null ? [] : read.Definition?.Templates.Values.SelectMany(template => Of(template, kinds)) ?? [])
            read.Report(finding);
        return read is { Definition: { } whole, Faults.Count: 0 } ? whole : throw new ConfigurationException(read.Faults);
    }

    static IEnumerable<ConfigurationFinding> Of(AuthenticationTemplate template, Authentications kinds)
    {
        if (kinds.Find(template.Kind) is not { } kind)
            return [new(template, nameof(template.Kind), $"there is no authentication '{template.Kind}': {Suggestion.Phrase(template.Kind, kinds.Names)}")];

        // What is missing, a source says; and a value with a parameter in it is judged there.
        var names = OptionsBinder.NamesOf(kind.Options);
        var given = template.Options.ToDictionary(o => o.Key, o => TemplateText.Fill(o.Value, _ => "${PARAMETER}"), StringComparer.Ordinal);
        OptionsBinder.Bind(given, kind.Options, out var faults);
        var unreadable = faults.Where(f => f.Name.Length > 0 && (!names.Contains(f.Name.Split('.')[0]) || given[f.Name] == template.Options[f.Name]));
        return
        [
            .. unreadable.Select(f => new ConfigurationFinding(template, $"{nameof(template.Options)}[{f.Name}]", f.Message)),
            .. template.Parameters.Keys.Where(names.Contains).Select(p => new ConfigurationFinding(template, $"{nameof(template.Parameters)}[{p}]", $"the parameter '{p}' has the name of an option of '{template.Kind}': expected another name.")),
            .. Authentications.Malformed(template, nameof(template.Options), template.Options),
        ];
    }
}
