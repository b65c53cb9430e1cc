using DataIngestion.Contracts;

namespace DataIngestion.Cli.Describing;

/// <summary>A page for each source: what it offers, what it needs, and its definition as an example that works.</summary>
internal sealed class SourcePages(PlatformConfiguration configuration, string root)
{
    /// <summary>The page of a source.</summary>
    public string Of(SourceDefinition source)
    {
        var page = new Markdown().Heading(1, source.Title ?? source.Source);
        page.Block($"`{source.Source}`, {KindText(source)}.{(source.Docs is { } docs ? $" The provider's documentation: <{docs.OriginalString}>." : "")}");
        if (source.Notes is { } notes)
            page.Block(notes);
        Facts(page, source);
        foreach (var dataset in source.Datasets)
            Dataset(page, source, dataset);
        Try(page, source);
        page.Heading(2, "Definition").Block($"[configs/sources/{source.Source}.yaml](../../../configs/sources/{source.Source}.yaml)")
            .Code("yaml", File.ReadAllText(Path.Combine(root, "configs", "sources", source.Source + ".yaml")));
        return page.ToString();
    }

    static string KindText(SourceDefinition source) => source.Kind switch
    {
        SourceKind.Api => "an HTTP API",
        SourceKind.File when source.Connection is null => "files that are dropped",
        SourceKind.File => $"files, by [{source.Connection!.System}](../systems/{source.Connection.System}.md)",
        SourceKind.Batch => $"a batch of the sources {string.Join(", ", source.Members.Select(m => $"[{m}]({m}.md)"))}",
        SourceKind.Stream when source.IsAskedByHttp => "a stream over HTTP",
        SourceKind.Stream => $"a stream, by [{source.Connection!.System}](../systems/{source.Connection.System}.md)",
        _ => $"a database, by [{source.Connection!.System}](../systems/{source.Connection.System}.md)",
    };

    static void Facts(Markdown page, SourceDefinition source)
    {
        var connection = source.Connection;
        var settings = SourceFacts.SettingsOf(source);
        List<(string Name, string? Value)> facts =
        [
            ("Runs by itself", source.Schedule is null || source.Enabled ? SourceFacts.ScheduleOf(source) : $"{SourceFacts.ScheduleOf(source)}, once it is switched on (`enabled: true`)"),
            ("Calendar", source.Calendar),
            ("Licence", source.Licence),
            ("Address", connection is null ? null : Markdown.Quote(connection.BaseUrl)),
            ("Further origins", connection is null ? null : string.Join(", ", connection.Origins.Select(Markdown.Quote))),
            ("Authentication", connection is null ? null : SourceFacts.AuthenticationOf(connection.Auth)),
            ("Settings to set", connection is null ? null : settings.Count == 0 ? "none" : string.Join(", ", settings.Select(Markdown.Quote))),
            ("Limits", connection is null ? null : SourceFacts.LimitsOf(connection.Limits)),
            ("Manifest", source.Manifest is null ? null : $"[{source.Manifest}](../../../configs/manifests/{source.Manifest})"),
            ("Stands in for it", string.Join(", ", source.Fallbacks.Select(f => $"[{f}]({f}.md)"))),
        ];
        page.Table(["", ""], facts.Where(f => !string.IsNullOrEmpty(f.Value)).Select(f => (IReadOnlyList<string?>)[f.Name, f.Value]));
    }

    void Dataset(Markdown page, SourceDefinition source, SourceDatasetDefinition dataset)
    {
        page.Heading(2, dataset.Dataset);
        List<(string Name, string? Value)> facts = [];
        if (dataset.Stream is not null)
            facts.Add(("Stream of the manifest", Markdown.Quote(dataset.Stream)));
        if (dataset.Files is not null)
            facts.Add(("Files", Markdown.Quote(dataset.Files)));
        if (dataset.Read?.Object is { } read)
            facts.Add(("Reads", Markdown.Quote(read)));
        if (dataset.Request is not null)
        {
            facts.Add(("Asks", SourceFacts.RequestOf(dataset.Request)));
            facts.Add(("Pages", source.Kind is SourceKind.Stream ? null : SourceFacts.PagesOf(dataset.Pagination)));
        }

        if (dataset.Request is not null || dataset.Cursor is not null)
            facts.Add(("Later runs", SourceFacts.CursorOf(dataset.Cursor)));
        facts.Add(("Once for each", string.Join("; ", dataset.Partitions.Select(SourceFacts.PartitionOf))));
        if (dataset.Export is { } export)
            facts.Add(("Export", $"a job that is asked after every {Duration.Format(export.Every)}, for at most {Duration.Format(export.Timeout)}"));
        facts.Add(("Format", FormatOf(dataset.Format)));
        page.Table(["", ""], facts.Where(f => !string.IsNullOrEmpty(f.Value)).Select(f => (IReadOnlyList<string?>)[f.Name, f.Value]));

        if (!configuration.Datasets.TryGetValue(dataset.Dataset, out var definition))
            return;
        page.Block($"Goes into the dataset [{dataset.Dataset}](../../../configs/datasets/{dataset.Dataset}.yaml){(definition.Title is { } title ? $" ({title})" : "")}:");
        page.Table(
            ["column", "type", "unit", "", "from"],
            definition.Columns
                .Where(c => definition.Keys.Contains(c.Key) || SourceFacts.FromOf(dataset, c.Key).Length > 0)
                .Select(c => (IReadOnlyList<string?>)[Markdown.Quote(c.Key), SourceFacts.TypeOf(c.Value), c.Value.Unit, definition.Keys.Contains(c.Key) ? "key" : c.Value.Nullable ? "" : "always", SourceFacts.FromOf(dataset, c.Key)]));
    }

    static string? FormatOf(FormatDefinition format)
    {
        var name = format.Format is { } known ? $"`{known}`" : null;
        return format.RecordPath is { } path ? $"{name ?? "recognised"}, records at {Markdown.Quote(path)}" : name;
    }

    void Try(Markdown page, SourceDefinition source)
    {
        List<string> lines = [];
        lines.AddRange(SourceFacts.SettingsOf(source).Where(s => !s.Contains(':', StringComparison.Ordinal)).Select(s => $"export {s}=…"));
        if (Directory.Exists(Path.Combine(root, "samples", "sources", source.Source)))
            lines.Add($"./ingest sources test {source.Source}                # against its sample; nobody is asked");
        if (source.Connection is not null && source.Datasets.Count > 0)
            lines.Add($"./ingest sources read {source.Source} {source.Datasets[0].Dataset} --limit 10   # asks the provider, writes nothing");
        if (source is { Kind: SourceKind.File, Connection: null })
            lines.Add($"# put a file that fits '{source.Datasets[0].Files}' into the drop container below {source.Source}/");
        else
            lines.Add($"./ingest run {source.Source} --wait                    # with the platform running ('./ingest up')");
        lines.AddRange(source.Datasets.Take(1).Select(d => $"./ingest read {d.Dataset}"));
        page.Heading(2, "Try it").Code("bash", string.Join('\n', lines));
    }
}
