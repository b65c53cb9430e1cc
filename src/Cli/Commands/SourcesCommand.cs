using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Printing;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using Spectre.Console;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest sources list|check|discover|consent</c>: what is configured, whether it is right, whether a source answers, and what it has.</summary>
internal static class SourcesCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var command = new Command("sources", "List the configured sources, check the configuration, or ask a source whether it lets us in and what it has.")
        {
            List(environment, options),
            Check(environment, options),
            Discover(environment, options),
            TestSourcesCommand.Create(environment, options),
            ConsentCommand.Create(environment, options),
        };
        command.SetAction((parsed, cancellationToken) => ListAsync(environment, options, parsed, cancellationToken));
        return command;
    }

    static Command List(CommandEnvironment environment, GlobalOptions options)
    {
        var command = new Command("list", "List the sources of the running platform with their cursors, or of configs/ when none runs.");
        command.SetAction((parsed, cancellationToken) => ListAsync(environment, options, parsed, cancellationToken));
        return command;
    }

    static async Task<int> ListAsync(CommandEnvironment environment, GlobalOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        IReadOnlyList<SourceAnswer> sources;
        try
        {
            sources = (await PlatformClient.For(environment, parsed.GetValue(options.Url)).GetAsync<SourceList>("api/sources", cancellationToken)).Sources;
        }
        catch (CommandFailedException away) when (away.ExitCode == ExitCodes.NotReachable && parsed.GetValue(options.Url) is null)
        {
            var configuration = ConfiguredPlatform.Load(environment);
            sources = [.. configuration.Sources.Values.OrderBy(s => s.Source, StringComparer.Ordinal).Select(Describe)];
            await environment.Error.WriteLineAsync("No platform runs here; this is what configs/ says.");
        }

        if (parsed.GetValue(options.Json))
        {
            foreach (var source in sources)
                environment.WriteJson(source);
            return ExitCodes.Ok;
        }

        var table = Tables.Create("source", "kind", "datasets", "runs", "cursor", "title");
        foreach (var source in sources)
        {
            table.Add(
                source.Source, source.Kind.ToString().ToLowerInvariant(), source.Contents(), When(source),
                string.Join(", ", source.Datasets.Select(d => d.Cursor?.Value).OfType<string>()), source.Title);
        }

        environment.CreateConsole().Write(table);
        return ExitCodes.Ok;
    }

    static Command Check(CommandEnvironment environment, GlobalOptions options)
    {
        var source = new Argument<string?>("source") { Description = "Ask this source now whether it is there and lets us in (needs the platform).", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("check", "Check configs/ and workflows/: every fault with file, line and what was expected.") { source };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var json = parsed.GetValue(options.Json);
            if (parsed.GetValue(source) is { } id)
            {
                var platform = PlatformClient.For(environment, parsed.GetValue(options.Url));
                var answer = await platform.PostAsync<ConnectResult>($"api/sources/{Uri.EscapeDataString(id)}/check", body: null, cancellationToken);
                if (json)
                    environment.WriteJson(answer);
                else
                    await environment.Output.WriteLineAsync($"{id}: {answer.Endpoint} answered in {answer.RoundTrip.TotalMilliseconds:0} ms: {answer.Detail}");
                return ExitCodes.Ok;
            }

            try
            {
                var configuration = ConfiguredPlatform.Load(environment);
                if (json)
                    environment.WriteJson(new { sources = configuration.Sources.Count, datasets = configuration.Datasets.Count, workflows = configuration.Workflows.Count, faults = Array.Empty<ConfigurationFault>() });
                else
                    await environment.Output.WriteLineAsync($"{configuration.Sources.Count} sources, {configuration.Datasets.Count} datasets and {configuration.Workflows.Count} workflows are in order.");
                return ExitCodes.Ok;
            }
            catch (ConfigurationException faults) when (json)
            {
                environment.WriteJson(new { faults.Faults });
                return ExitCodes.Configuration;
            }
        });
        return command;
    }

    static Command Discover(CommandEnvironment environment, GlobalOptions options)
    {
        var source = new Argument<string>("source") { Description = "A database, stream or file system." };
        var pattern = new Argument<string?>("pattern") { Description = "Names, with * and ?; default all.", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 1000 };
        var command = new Command("discover", "List what can be read of a source: tables, topics, queues, files, with columns where the system knows them (needs the platform).") { source, pattern, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var platform = PlatformClient.For(environment, parsed.GetValue(options.Url));
            var names = parsed.GetValue(pattern) is { } wanted ? $"&pattern={Uri.EscapeDataString(wanted)}" : "";
            var found = await platform.GetAsync<SourceContents>($"api/sources/{Uri.EscapeDataString(parsed.GetRequiredValue(source))}/objects?limit={parsed.GetValue(limit)}{names}", cancellationToken);
            if (parsed.GetValue(options.Json))
            {
                foreach (var item in found.Objects)
                    environment.WriteJson(item);
                return ExitCodes.Ok;
            }

            var table = Tables.Create("name", "kind", "size", "modified", "columns");
            foreach (var item in found.Objects)
                table.Add(item.Name, item.Kind, $"{item.Size:N0}", item.ModifiedAt?.ToString("u"), string.Join(", ", item.Columns.Select(c => $"{c.Name} {c.Type}{(c.Key ? " key" : c.Nullable ? "" : " not null")}")));
            environment.CreateConsole().Write(table);
            if (found.HasMore)
                await environment.Error.WriteLineAsync("There are more: narrow the pattern, or raise --limit.");
            return ExitCodes.Ok;
        });
        return command;
    }

    static string When(SourceAnswer source) => source switch
    {
        { Schedule.Cron: { } cron } => $"{cron} {source.Schedule.TimeZone}",
        { Schedule.Every: { } every } => $"every {every}",
        { Kind: SourceKind.File } => "when dropped",
        _ => "on request",
    };

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
