using System.CommandLine;
using DataIngestion.Cli.Describing;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Reading;
using DataIngestion.Cli.Sources;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest sources read</c>: asks a source now and shows its rows as the dataset would have them.</summary>
internal static class ReadSourceCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var source = new Argument<string>("source") { Description = "A source with a connection." };
        var dataset = new Argument<string?>("dataset") { Description = "One of its datasets; may be left out where it has one.", Arity = ArgumentArity.ZeroOrOne };
        var limit = NumberOption.Create("--limit", "N", "Most rows to show; default 20.", 20, 1, 10_000);
        var partition = new Option<string[]>("--partition") { Description = "Ask for this value of a partition, NAME=VALUE; default its first one. Several if need be.", HelpName = "NAME=VALUE" };
        var from = new Option<string?>("--from") { Description = "Ask from this value of the cursor on; default as the definition says, or one step back from now.", HelpName = "VALUE" };
        var command = new Command("read", "Ask a source now and show the first rows it answers, converted. Needs the definition and its settings; no platform, no cursor moves, nothing is kept.") { source, dataset, limit, partition, from };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var configuration = ConfiguredPlatform.Load(environment);
            var definition = Definitions.Source(configuration, parsed.GetRequiredValue(source));
            var wanted = DatasetOf(definition, parsed.GetValue(dataset));
            if (definition.Connection is null)
                throw new CommandFailedException(ExitCodes.Usage, $"'{definition.Source}' takes files that are dropped: there is nothing to ask. 'ingest convert' shows what becomes of a file.");
            RequireSettings(environment, definition);

            var choice = new PreviewChoice(KeyValues.Parse(parsed.GetValue(partition) ?? []), parsed.GetValue(from));
            var look = await new SourceLook(environment, configuration).AtAsync(SourcePreview.Of(definition, wanted, choice, environment.Time.GetUtcNow()), parsed.GetValue(limit), cancellationToken);
            if (parsed.GetValue(options.Json))
                look.Rows.WriteJson(environment);
            else if (look.Rows.Rows.Count > 0)
                look.Rows.Print(environment.CreateConsole(), lineage: false);
            await SumUpAsync(environment, look);
            return ExitCodes.Ok;
        });
        return command;
    }

    static SourceDatasetDefinition DatasetOf(SourceDefinition source, string? named) =>
        named is not null ? Definitions.Dataset(source, named)
        : source.Datasets.Count == 1 ? source.Datasets[0]
        : throw new CommandFailedException(ExitCodes.Usage, source.Datasets.Count == 0
            ? $"'{source.Source}' is a batch: read one of its members, {string.Join(", ", source.Members)}."
            : $"Say which dataset of '{source.Source}' to read: {string.Join(", ", source.Datasets.Select(d => d.Dataset))}.");

    static void RequireSettings(CommandEnvironment environment, SourceDefinition source)
    {
        string[] missing = [.. SourceFacts.SettingsOf(source).Where(name => !name.Contains(':', StringComparison.Ordinal) && string.IsNullOrEmpty(environment.Setting(name)))];
        if (missing.Length > 0)
        {
            var docs = source.Docs is { } address ? $" The provider's documentation says how to get them: {address.OriginalString}" : "";
            throw new CommandFailedException(ExitCodes.Configuration, $"'{source.Source}' refers to settings that have no value here: {string.Join(", ", missing)}. Set them in the environment, such as 'export {missing[0]}=…'.{docs}");
        }
    }

    static async Task SumUpAsync(CommandEnvironment environment, LookResult look)
    {
        var requests = look.Requests == 1 ? "1 request" : $"{look.Requests:N0} requests";
        await environment.Error.WriteLineAsync($"{requests}, {look.Bytes:N0} bytes, {look.RowsIn:N0} records{(look.Quarantined > 0 ? $", {look.Quarantined:N0} of them would be set aside" : "")}{(look.Rows.HasMore ? "; there are more rows, see --limit" : "")}.");
        foreach (var remark in look.Remarks)
            await environment.Error.WriteLineAsync(remark);
        if (look.RowsIn == 0)
            await environment.Error.WriteLineAsync("The source answered, but with no record: see whether it has any from there on (--from), or whether 'format.recordPath' leads to them.");
    }
}
