using System.CommandLine;
using DataIngestion.Cli.Describing;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Printing;
using DataIngestion.Cli.Sources;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using Spectre.Console;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest sources discover</c>: what can be read of a source. A system is asked; an API, and what is dropped, is what its definition says.</summary>
internal static class DiscoverCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var source = new Argument<string>("source") { Description = "A source." };
        var pattern = new Argument<string?>("pattern") { Description = "Names, with * and ?; default all.", Arity = ArgumentArity.ZeroOrOne };
        var limit = NumberOption.Create("--limit", "N", "At most so many; default 1,000.", 1000, 1, 100_000);
        var command = new Command("discover", "List what can be read of a source: tables, topics, queues, files, as its system says (needs the platform); of an API the datasets with their fields, as its definition says, or the streams of its manifest.") { source, pattern, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (id, names, json) = (parsed.GetRequiredValue(source), parsed.GetValue(pattern), parsed.GetValue(options.Json));
            if (parsed.GetValue(options.Url) is null && Defined(environment, id) is { } defined)
            {
                return defined.Source.Manifest is null
                    ? Describe(environment, defined.Source, defined.Configuration, names, json)
                    : DescribeStreams(environment, defined.Source, names, json);
            }

            var platform = PlatformClient.For(environment, parsed.GetValue(options.Url));
            var matching = names is null ? "" : $"&pattern={Uri.EscapeDataString(names)}";
            var found = await platform.GetAsync<SourceContents>($"api/sources/{Uri.EscapeDataString(id)}/objects?limit={parsed.GetValue(limit)}{matching}", cancellationToken);
            return await PrintAsync(environment, found, json);
        });
        return command;
    }

    // A source without another system behind it; null for all others, which the platform is asked about.
    static (SourceDefinition Source, PlatformConfiguration Configuration)? Defined(CommandEnvironment environment, string id)
    {
        if (!Directory.Exists(ConfiguredPlatform.ConfigsOf(environment)))
            return null;
        var configuration = ConfiguredPlatform.Load(environment);
        var source = Definitions.Source(configuration, id);
        return source.Connection is null || source.IsAskedByHttp ? (source, configuration) : null;
    }

    static int Describe(CommandEnvironment environment, SourceDefinition source, PlatformConfiguration configuration, string? pattern, bool json)
    {
        if (source.Kind is SourceKind.Batch)
            throw new CommandFailedException(ExitCodes.Usage, $"'{source.Source}' is a batch: discover one of its members, {string.Join(", ", source.Members)}.");
        var datasets = source.Datasets.Where(d => pattern is null || FileNamePattern.IsMatch(pattern, d.Dataset)).ToList();
        if (json)
        {
            foreach (var dataset in datasets)
                environment.WriteJson(new { source.Source, dataset.Dataset, stream = dataset.Stream, asks = dataset.Request is null ? null : $"{dataset.Request.Method} {dataset.Request.Path}", partitions = dataset.Partitions.Select(p => p.Name), cursor = dataset.Cursor?.Field, columns = Columns(dataset, configuration.Datasets[dataset.Dataset]) });
            return ExitCodes.Ok;
        }

        var table = Tables.Create("dataset", "column", "type", "unit", "key", "from");
        foreach (var dataset in datasets)
        {
            foreach (var column in Columns(dataset, configuration.Datasets[dataset.Dataset]))
                table.Add(dataset.Dataset, column.Name, column.Type, column.Unit, column.Key ? "key" : "", column.From);
        }

        environment.CreateConsole().Write(table);
        return ExitCodes.Ok;
    }

    static int DescribeStreams(CommandEnvironment environment, SourceDefinition source, string? pattern, bool json)
    {
        var streams = ManifestStreams.Of(source, ConfiguredPlatform.ConfigsOf(environment)).Where(s => pattern is null || FileNamePattern.IsMatch(pattern, s.Stream)).ToList();
        if (json)
        {
            foreach (var stream in streams)
                environment.WriteJson(stream);
            return ExitCodes.Ok;
        }

        var table = Tables.Create("stream", "dataset", "key", "cursor", "fields");
        foreach (var stream in streams)
            table.Add(stream.Stream, stream.Dataset, string.Join(", ", stream.Key), stream.Cursor, stream.Faults.Count > 0 ? $"cannot be run: {stream.Faults[0]}" : string.Join(", ", stream.Fields));
        environment.CreateConsole().Write(table);
        return ExitCodes.Ok;
    }

    static IEnumerable<FieldAnswer> Columns(SourceDatasetDefinition dataset, DatasetDefinition definition) =>
        from column in definition.Columns
        let origin = SourceFacts.FromOf(dataset, column.Key).Replace("`", "", StringComparison.Ordinal)
        where origin.Length > 0 || definition.Keys.Contains(column.Key)
        select new FieldAnswer(column.Key, SourceFacts.TypeOf(column.Value), column.Value.Unit, definition.Keys.Contains(column.Key), origin);

    static async Task<int> PrintAsync(CommandEnvironment environment, SourceContents found, bool json)
    {
        if (json)
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
    }

    sealed record FieldAnswer(string Name, string Type, string? Unit, bool Key, string From);
}
