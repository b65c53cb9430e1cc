using System.CommandLine;
using DataIngestion.Cli.Printing;
using DataIngestion.Cli.Reading;
using DataIngestion.Govern;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest why DATASET column=value…</c>: one row with its origin.</summary>
internal static class WhyCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var dataset = new Argument<string>("dataset") { Description = "Id of a dataset." };
        var key = new Argument<string[]>("key") { Description = "The row: its key columns as column=value, such as date=2019-11-15 symbol=AAPL.", Arity = ArgumentArity.OneOrMore, HelpName = "column=value" };
        var command = new Command("why", "Say why a row is what it is: which source it is from, which bytes, when we learned it, and what others said.") { dataset, key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(dataset);
            var row = KeyValues.Parse(parsed.GetRequiredValue(key));
            await using var lake = await Lake.OpenAsync(environment, parsed.GetValue(options.Data), cancellationToken);
            var answer = await new Lineage(lake.Blobs).WhyAsync(id, row, cancellationToken)
                ?? throw new CommandFailedException(ExitCodes.NotFound, $"'{id}' has no published row with {string.Join(' ', row.Select(v => $"{v.Key}={v.Value}"))}: see 'ingest read {id}'.");
            if (parsed.GetValue(options.Json))
                environment.WriteJson(answer);
            else
                WhyPrinter.Print(environment.CreateConsole(), answer);
            return ExitCodes.Ok;
        });
        return command;
    }
}
