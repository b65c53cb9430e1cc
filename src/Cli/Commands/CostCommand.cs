using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Printing;
using DataIngestion.Cli.Reading;
using DataIngestion.Contracts;
using DataIngestion.Observe.Cost;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest cost</c>: what was used over some days, by source, and what it costs; <c>ingest cost estimate</c>: what a workload would cost.</summary>
internal static class CostCommand
{
    static readonly string[] Formats = ["table", "csv", "json"];

    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var from = Day("--from", "First day, UTC; default the first of this month.");
        var to = Day("--to", "First day that does not belong to it, UTC; default tomorrow.");
        var by = new Option<string>("--by") { Description = "What the lines are: source, dataset, run, step or day; default source.", HelpName = "WHAT", DefaultValueFactory = _ => "source" };
        by.AcceptOnlyFromAmong([.. Enum.GetNames<CostGrouping>().Select(n => n.ToLowerInvariant())]);
        var format = new Option<string>("--format") { Description = "table, csv or json; default table.", HelpName = "FORMAT", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong(Formats);
        var account = new Option<string?>("--account") { Description = "Name of a deployed data account, read with your own identity; default the local platform's data.", HelpName = "NAME" };
        var prices = new Option<string?>("--prices") { Description = "Price list; default configs/prices.yaml.", HelpName = "FILE", Recursive = true };
        var deployment = new Option<string?>("--environment") { Description = "Environment of the price list, for what costs whether it is used or not; default none.", HelpName = "NAME", Recursive = true };
        var command = new Command("cost", "Show what was used, by source, and what it costs.") { from, to, by, format, account, prices, deployment };
        command.Subcommands.Add(CostEstimateCommand.Create(environment, options, prices, deployment));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var today = DateOnly.FromDateTime(environment.Time.GetUtcNow().UtcDateTime);
            var (first, end) = (parsed.GetValue(from) ?? new DateOnly(today.Year, today.Month, 1), parsed.GetValue(to) ?? today.AddDays(1));
            if (first >= end)
                throw new CommandFailedException(ExitCodes.Usage, $"'--from {first:yyyy-MM-dd}' is not before '--to {end:yyyy-MM-dd}': the day of --to does not belong to it.");
            var list = PriceLists.Read(PricesOf(environment, parsed.GetValue(prices)));
            var standing = DeploymentOf(list, parsed.GetValue(deployment));
            var batches = parsed.GetValue(account) is { } name
                ? await ReadAsync(Connect(name), first, end, cancellationToken)
                : await ReadLocalAsync(environment, parsed.GetValue(options.Data), first, end, cancellationToken);
            var report = CostReport.Of(batches, first, end, Enum.Parse<CostGrouping>(parsed.GetRequiredValue(by), ignoreCase: true), list, standing);
            Print(environment, report, list, parsed.GetValue(options.Json) ? "json" : parsed.GetRequiredValue(format), parsed.GetRequiredValue(by));
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>The price list that was named, or the configuration's.</summary>
    internal static string PricesOf(CommandEnvironment environment, string? file) =>
        file is null ? Path.Combine(ConfiguredPlatform.ConfigsOf(environment), PriceLists.FileName) : environment.Resolve(file);

    /// <summary>The environment of a price list; null for none.</summary>
    internal static DeploymentDefinition? DeploymentOf(PriceList list, string? name) =>
        name is null ? null
        : list.Environments.TryGetValue(name, out var found) ? found
        : throw new CommandFailedException(ExitCodes.NotFound, $"The price list has no environment '{name}': {Suggestion.Phrase(name, [.. list.Environments.Keys])}");

    static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DATE",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
            result.AddError($"'{text}' does not fit {name}: expected a day such as 2026-01-31.");
            return null;
        },
    };

    static void Print(CommandEnvironment environment, CostReport report, PriceList list, string format, string by)
    {
        if (format == "json")
            environment.WriteJson(new { report.From, report.To, report.Currency, by, report.Lines, report.Total, report.Fixed, remarks = CostPrinter.Remarks(report, list) });
        else if (format == "csv")
            CostPrinter.WriteCsv(environment.Output, report, by);
        else
            CostPrinter.Print(environment.CreateConsole(), environment.Output, report, list, by);
    }

    static async Task<IReadOnlyList<UsageBatch>> ReadLocalAsync(CommandEnvironment environment, string? data, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        await using var lake = await Lake.OpenAsync(environment, data, cancellationToken);
        return await ReadAsync(lake.Clients, from, to, cancellationToken);
    }

    static async Task<IReadOnlyList<UsageBatch>> ReadAsync(StorageClients clients, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var batches = new List<UsageBatch>();
        await foreach (var batch in new UsageStore(clients, new(clients)).ReadAsync(from, to, cancellationToken))
            batches.Add(batch);
        return batches;
    }

    static StorageClients Connect(string account)
    {
        if (account.Length is < 3 or > 24 || !account.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
            throw new CommandFailedException(ExitCodes.Usage, $"'{account}' is not the name of a storage account: expected 3 to 24 lower-case letters and digits.");
        return StorageClients.Connect(new ConfigurationBuilder().AddInMemoryCollection([new($"{StorageConnection.Data}:accountName", account)]).Build());
    }
}
