using System.CommandLine;
using System.Globalization;
using DataIngestion.Cli.Recovering;
using DataIngestion.Recover;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest backup</c>: copies the data account, while the platform works.</summary>
internal static class BackupCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var to = new Option<string>("--to") { Description = $"Where backups lie: {BackupPlaces.Rule}.", HelpName = "PLACE", Required = true };
        var account = new Option<string?>("--account") { Description = "Storage account to back up, with your identity; without it the one that 'ingest read' looks into.", HelpName = "NAME" };
        var verify = new Option<bool>("--verify") { Description = "Read the whole backup back afterwards and compare its hashes." };
        var tables = new Option<bool>("--tables") { Description = "Only tables, where blobs keep their versions themselves." };
        var command = new Command("backup", "Copy everything that cannot be made again: only what changed since the last time, by content, as one consistent moment.") { to, account, verify, tables };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = BackupPlaces.Open(environment, parsed.GetRequiredValue(to));
            await using var data = await BackupPlaces.OpenAccountAsync(environment, parsed.GetValue(account), parsed.GetValue(options.Data), cancellationToken);
            var summary = await new Backup(data.Clients, environment.Time).RunAsync(target, new() { TablesOnly = parsed.GetValue(tables) }, cancellationToken);
            var verified = parsed.GetValue(verify) ? await Backup.VerifyAsync(target, summary.Id, cancellationToken) : 0;
            if (parsed.GetValue(options.Json))
            {
                environment.WriteJson(new { backup = summary, verified });
                return ExitCodes.Ok;
            }

            await environment.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Id}: {summary.Blobs} blobs and {summary.Tables} tables, {Megabytes(summary.Bytes)} MB; {summary.Copied} new, {Megabytes(summary.CopiedBytes)} MB, in {(summary.FinishedAt - summary.StartedAt).TotalSeconds:0.0} s"));
            if (verified > 0)
                await environment.Output.WriteLineAsync($"{verified} contents read back, all with the right hash");
            return ExitCodes.Ok;
        });
        return command;
    }

    internal static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}
