using DataIngestion.Contracts;

namespace DataIngestion.Cli.Describing;

/// <summary>The pages of <c>docs/connectors</c>, from the definitions, the options' comments and the systems' READMEs.</summary>
internal static class ConnectorPages
{
    static readonly string[] Written = ["onboarding.md"];

    /// <summary>All of them.</summary>
    public static GeneratedFiles Of(PlatformConfiguration configuration, string root)
    {
        var folder = Path.Combine(root, "docs", "connectors");
        var catalogue = ConnectCatalogue.Of(Path.Combine(root, "configs"));
        var reference = new ReferencePages(new DocComments(), catalogue, root);
        var sources = new SourcePages(configuration, root);
        var pages = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["README.md"] = Index(configuration, catalogue),
            ["definition.md"] = reference.Language(),
            ["authentication.md"] = reference.Authentication(),
        };
        foreach (var source in configuration.Sources.Values)
            pages[$"sources/{source.Source}.md"] = sources.Of(source);
        foreach (var system in catalogue.Systems)
            pages[$"systems/{system.Name}.md"] = reference.System(system, Path.Combine(folder, "systems"));
        return new(folder, pages, Written.ToHashSet(StringComparer.Ordinal));
    }

    static string Index(PlatformConfiguration configuration, ConnectCatalogue catalogue)
    {
        var sources = configuration.Sources.Values.OrderBy(s => s.Source, StringComparer.Ordinal).ToList();
        var page = new Markdown().Heading(1, "Connectors")
            .Block("Generated from the definitions and the code by `./ingest docs`. [Onboarding a vendor](onboarding.md) says how one is added; [the language of definitions](definition.md) and [authentication](authentication.md) list all that a definition may say; [formats](../formats/README.md) are what can be read.")
            .Block($"{sources.Count} sources, {sources.Count(s => !SourceFacts.NeedsKey(s))} of them without a key, for {configuration.Datasets.Count} datasets. {catalogue.Systems.Count + 1} systems, {catalogue.Authentications.Count} ways of authentication, {catalogue.Templates.Count} templates of authentication.");
        foreach (var kind in Enum.GetValues<SourceKind>())
        {
            var ofKind = sources.Where(s => s.Kind == kind).ToList();
            if (ofKind.Count == 0)
                continue;
            page.Heading(2, $"{TitleOf(kind)} ({ofKind.Count})").Table(
                ["source", "title", "datasets", "settings", "runs by itself"],
                ofKind.Select(s => (IReadOnlyList<string?>)
                [
                    $"[{s.Source}](sources/{s.Source}.md)", s.Title, string.Join(", ", s.Kind is SourceKind.Batch ? s.Members : s.Datasets.Select(d => d.Dataset)),
                    string.Join(", ", SourceFacts.SettingsOf(s).Select(Markdown.Quote)), s.Schedule is null ? "" : s.Enabled ? "yes" : "not switched on",
                ]));
        }

        page.Heading(2, $"Systems ({catalogue.Systems.Count + 1})").Table(
            ["system", "kinds", "addresses"],
            catalogue.Systems
                .Select(s => (IReadOnlyList<string?>)[$"[{s.Name}](systems/{s.Name}.md)", string.Join(", ", s.Kinds.Select(k => RecordFields.WordOf(k.ToString()))), string.Join(", ", s.Schemes.Select(x => $"`{x}://`"))])
                .Prepend(["[http](definition.md#request)", "api, stream", "`https://`, `http://`"]));
        return page.ToString();
    }

    static string TitleOf(SourceKind kind) => kind switch
    {
        SourceKind.Api => "HTTP APIs",
        SourceKind.File => "Files",
        SourceKind.Batch => "Batches",
        SourceKind.Stream => "Streams",
        _ => "Databases",
    };
}
