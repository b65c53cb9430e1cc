using System.CommandLine;
using DataIngestion.Cli.Printing;
using DataIngestion.Cli.Shipping;

namespace DataIngestion.Cli.Commands.Shipping;

/// <summary><c>ingest azure status</c>: the stamps of an environment, their shares and whether they are ready.</summary>
internal static class StampsCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var name = AzureOptions.Environment();
        var resourceGroup = AzureOptions.ResourceGroup();
        var command = new Command("status", "Show the stamps of an environment: their shares, which is active, whether every service is ready.") { name, resourceGroup };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var azure = new AzureCli(environment, new Tools(environment), dryRun: false);
            await azure.RequireAsync(cancellationToken);
            var target = AzureOptions.Target(environment, azure, parsed.GetRequiredValue(name), parsed.GetValue(resourceGroup));
            var now = await target.ReadAsync(cancellationToken);
            if (now.Active is null)
                throw new CommandFailedException(ExitCodes.NotFound, $"Nothing is deployed in {target.ResourceGroup}: 'ingest azure deploy'.");

            var rows = new List<AppState>();
            foreach (var app in now.Apps.OrderBy(a => a.Stamp, StringComparer.Ordinal).ThenBy(a => a.Kind, StringComparer.Ordinal))
                rows.Add(await LookAsync(environment, now, app, cancellationToken));
            if (parsed.GetValue(options.Json))
                rows.ForEach(environment.WriteJson);
            else
                Print(environment, rows);
            return rows.All(r => r.Faults.Count == 0) ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    static async Task<AppState> LookAsync(CommandEnvironment environment, Deployed now, DeployedApp app, CancellationToken cancellationToken)
    {
        var services = FunctionApp.All.First(f => f.Name == app.Kind).Services;
        var faults = await new ReadyWait(environment).WaitAsync(DeployCommand.AddressOf(app), services, TimeSpan.Zero, cancellationToken);
        return new(app.Stamp, now.Active == app.Stamp, now.Stamps.First(s => s.Name == app.Stamp).Share, app.Kind, app.Name, DeployCommand.AddressOf(app).ToString(), faults);
    }

    static void Print(CommandEnvironment environment, IEnumerable<AppState> rows)
    {
        var table = Tables.Create("stamp", "share", "app", "name", "address", "ready");
        foreach (var row in rows)
            table.Add(row.IsActive ? $"{row.Stamp} (active)" : row.Stamp, row.Share, row.Kind, row.Name, row.Address, row.Faults.Count == 0 ? "yes" : string.Join('\n', row.Faults));
        environment.CreateConsole().Write(table);
    }

    sealed record AppState(string Stamp, bool IsActive, string Share, string Kind, string Name, string Address, IReadOnlyList<string> Faults);
}
