using System.CommandLine;
using System.Globalization;
using DataIngestion.Cli.Printing;
using DataIngestion.Observe.Cost;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest cost estimate</c>: what a workload would cost a month.</summary>
internal static class CostEstimateCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options, Option<string?> prices, Option<string?> deployment)
    {
        var gigabytes = new Option<decimal>("--gb-per-day")
        {
            Description = "GB (10⁹ bytes) that land a day, of all sources; default 1.",
            HelpName = "GB",
            DefaultValueFactory = _ => 1,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 1_000_000)
                    return number;
                result.AddError($"'{text}' does not fit --gb-per-day: expected a number from 0 to 1000000.");
                return 0;
            },
        };
        var sources = NumberOption.Create("--sources", "N", "Sources; default 10.", 10, 1, 1_000_000);
        var runs = NumberOption.Create("--runs-per-day", "N", "Runs of each source a day; default 24.", 24, 1, 86_400);
        var days = NumberOption.Create("--retention-days", "N", "Days that everything is kept; default 365.", 365, 0, 36_500);
        var command = new Command("estimate", "Reckon what a workload would cost a month, from the price list and what work was measured to use.") { gigabytes, sources, runs, days };
        command.SetAction((parsed, _) =>
        {
            var list = PriceLists.Read(CostCommand.PricesOf(environment, parsed.GetValue(prices)));
            var workload = new WorkloadEstimate(
                parsed.GetValue(gigabytes), parsed.GetValue(sources), parsed.GetValue(runs), parsed.GetValue(days), CostCommand.DeploymentOf(list, parsed.GetValue(deployment)));
            var estimate = workload.Of(list);
            if (parsed.GetValue(options.Json))
                environment.WriteJson(estimate);
            else
                CostPrinter.Print(environment.CreateConsole(), environment.Output, estimate, list);
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }
}
