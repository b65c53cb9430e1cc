using System.CommandLine;
using DataIngestion.Cli.Describing;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Printing;
using DataIngestion.Contracts;
using Spectre.Console;

namespace DataIngestion.Cli.Commands;

/// <summary>Which sources are listed.</summary>
internal sealed record SourceFilter
{
    /// <summary>Text in a source's id, title, datasets or system; null for all.</summary>
    public string? Text { get; init; }

    /// <summary>Only of this kind.</summary>
    public SourceKind? Kind { get; init; }

    /// <summary>Only those that need no key.</summary>
    public bool Free { get; init; }

    /// <summary>Only those that run by themselves.</summary>
    public bool Enabled { get; init; }
}

/// <summary><c>ingest sources list</c>: what is configured, what it needs, and where its cursors stand.</summary>
internal static class ListSourcesCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var text = new Argument<string?>("text") { Description = "Only sources with this text in id, title, datasets or system.", Arity = ArgumentArity.ZeroOrOne };
        var kind = new Option<SourceKind?>("--kind") { Description = "Only sources of this kind.", HelpName = "KIND" };
        var free = new Option<bool>("--free") { Description = "Only sources that need no key or other setting." };
        var enabled = new Option<bool>("--enabled") { Description = "Only sources that are switched on." };
        var command = new Command("list", "List the sources with what they need; with their cursors where a platform runs.") { text, kind, free, enabled };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            environment, options, parsed, new() { Text = parsed.GetValue(text), Kind = parsed.GetValue(kind), Free = parsed.GetValue(free), Enabled = parsed.GetValue(enabled) }, cancellationToken));
        return command;
    }

    /// <summary>Lists them.</summary>
    public static async Task<int> RunAsync(CommandEnvironment environment, GlobalOptions options, ParseResult parsed, SourceFilter filter, CancellationToken cancellationToken)
    {
        var (answers, configuration) = await FindAsync(environment, parsed.GetValue(options.Url), cancellationToken);
        var definitions = configuration?.Sources ?? new Dictionary<string, SourceDefinition>();
        var sources = answers.Where(a => Fits(a, definitions.GetValueOrDefault(a.Source), filter)).ToList();
        if (parsed.GetValue(options.Json))
        {
            foreach (var source in sources)
                Write(environment, source, definitions.GetValueOrDefault(source.Source));
            return ExitCodes.Ok;
        }

        var table = Tables.Create("source", "kind", "datasets", "needs", "runs", "cursor", "title", "docs");
        foreach (var source in sources)
        {
            var definition = definitions.GetValueOrDefault(source.Source);
            table.Add(
                source.Source, RecordFields.WordOf(source.Kind.ToString()), source.Contents(), definition is null ? "" : Needs(definition), When(source, definition),
                string.Join(", ", source.Datasets.Select(d => d.Cursor?.Value).OfType<string>()), source.Title, definition?.Docs?.OriginalString);
        }

        environment.CreateConsole().Write(table);
        if (sources.Count == 0)
            await environment.Error.WriteLineAsync("No source is like that.");
        else if (sources.Count < answers.Count)
            await environment.Error.WriteLineAsync($"{sources.Count} of {answers.Count} sources.");
        return ExitCodes.Ok;
    }

    // The running platform knows the cursors, the files here what is defined; each may be missing.
    static async Task<(IReadOnlyList<SourceAnswer> Sources, PlatformConfiguration? Configuration)> FindAsync(CommandEnvironment environment, string? url, CancellationToken cancellationToken)
    {
        try
        {
            var running = (await PlatformClient.For(environment, url).GetAsync<SourceList>("api/sources", cancellationToken)).Sources;
            return (running, TryLoad(environment));
        }
        catch (CommandFailedException away) when (away.ExitCode == ExitCodes.NotReachable && url is null)
        {
            var configuration = ConfiguredPlatform.Load(environment);
            await environment.Error.WriteLineAsync("No platform runs here; this is what configs/ says.");
            return ([.. configuration.Sources.Values.OrderBy(s => s.Source, StringComparer.Ordinal).Select(Describe)], configuration);
        }
    }

    static PlatformConfiguration? TryLoad(CommandEnvironment environment)
    {
        try
        {
            return ConfiguredPlatform.Load(environment);
        }
        catch (ConfigurationException)
        {
            return null; // 'check' names the faults; the platform that runs has read its own
        }
    }

    static bool Fits(SourceAnswer source, SourceDefinition? definition, SourceFilter filter) =>
        (filter.Kind is not { } kind || source.Kind == kind)
        && (!filter.Free || definition is not null && !SourceFacts.NeedsKey(definition))
        && (!filter.Enabled || definition is { Enabled: true, Schedule: not null })
        && (filter.Text is not { } text || new[] { source.Source, source.Title, source.Contents(), definition?.Connection?.System }.Any(t => t?.Contains(text, StringComparison.OrdinalIgnoreCase) is true));

    static string Needs(SourceDefinition source) => SourceFacts.SettingsOf(source) is { Count: > 0 } settings ? string.Join(", ", settings) : SourceFacts.NeedsKey(source) ? "an identity" : "nothing";

    static string When(SourceAnswer source, SourceDefinition? definition)
    {
        var when = source switch
        {
            { Schedule.Cron: { } cron } => $"{cron} {source.Schedule.TimeZone}",
            { Schedule.Every: { } every } => $"every {every}",
            { Kind: SourceKind.File } when definition?.Connection is null => "when dropped",
            _ => "on request",
        };
        return definition is { Enabled: false, Schedule: not null } ? $"not enabled ({when})" : when;
    }

    static void Write(CommandEnvironment environment, SourceAnswer source, SourceDefinition? definition) => environment.WriteJson(new
    {
        source.Source,
        source.Title,
        source.Kind,
        enabled = definition?.Enabled,
        needs = definition is null ? null : SourceFacts.SettingsOf(definition),
        docs = definition?.Docs,
        licence = definition?.Licence,
        calendar = definition?.Calendar,
        notes = definition?.Notes,
        source.Schedule,
        source.Members,
        source.Datasets,
    });

    static SourceAnswer Describe(SourceDefinition source) => new()
    {
        Source = source.Source,
        Title = source.Title,
        Kind = source.Kind,
        Schedule = source.Schedule,
        Members = source.Members,
        Datasets = [.. source.Datasets.Select(d => new SourceDatasetAnswer(d.Dataset, d.Files, Cursor: null))],
    };
}
