using System.CommandLine;
using DataIngestion.Cli.Printing;
using DataIngestion.Cli.Recovering;
using DataIngestion.Recover;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest restore</c>: brings a data account back to a backup.</summary>
internal static class RestoreCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var from = new Option<string>("--from") { Description = $"Where backups lie: {BackupPlaces.Rule}.", HelpName = "PLACE", Required = true };
        var account = new Option<string?>("--account") { Description = "Storage account to restore, with your identity; without it the one that 'ingest read' looks into.", HelpName = "NAME" };
        var backup = new Option<string?>("--backup") { Description = "Which backup; without it the last one.", HelpName = "ID" };
        var list = new Option<bool>("--list") { Description = "Only list the backups." };
        var verify = new Option<bool>("--verify") { Description = "Read everything back afterwards and compare its hash." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Take the backup's version also where the account has a newer one." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be written." };
        var command = new Command("restore", "Bring the account back to a backup: an empty one wholly, a damaged one where it differs. Stop the apps before.")
        {
            from, account, backup, list, verify, overwrite, dryRun,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = BackupPlaces.Open(environment, parsed.GetRequiredValue(from));
            var json = parsed.GetValue(options.Json);
            if (parsed.GetValue(list))
            {
                foreach (var id in await Backup.ListAsync(target, cancellationToken))
                    await (json ? WriteAsync(() => environment.WriteJson(new { backup = id })) : environment.Output.WriteLineAsync(id));
                return ExitCodes.Ok;
            }

            await using var data = await BackupPlaces.OpenAccountAsync(environment, parsed.GetValue(account), parsed.GetValue(options.Data), cancellationToken);
            var wish = new RestoreOptions { Backup = parsed.GetValue(backup), Overwrite = parsed.GetValue(overwrite), Verify = parsed.GetValue(verify), DryRun = parsed.GetValue(dryRun) };
            var summary = await new Restore(data.Clients).RunAsync(target, wish, cancellationToken);
            if (json)
                environment.WriteJson(summary);
            else
                await PrintAsync(environment, summary, wish.DryRun);
            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task PrintAsync(CommandEnvironment environment, RestoreSummary summary, bool dryRun)
    {
        await environment.Output.WriteLineAsync(
            $"{summary.Backup} of {Tables.Moment(summary.TakenAt)}: {summary.Written} blobs ({BackupCommand.Megabytes(summary.WrittenBytes)} MB) and {summary.Rows} rows {(dryRun ? "would be written" : "written")}, {summary.Same} blobs were right");
        if (summary.Verified > 0)
            await environment.Output.WriteLineAsync($"{summary.Verified} blobs ({BackupCommand.Megabytes(summary.VerifiedBytes)} MB) read back, all with the right hash");
        if (summary.Ingested > 0)
            await environment.Output.WriteLineAsync($"{summary.Ingested} dropped files were ingested before: they lie in landing and are not dropped again");
        if (summary.OpenRuns > 0)
            await environment.Error.WriteLineAsync($"{summary.OpenRuns} runs had not ended: start the apps, then ask for them again with 'ingest azure adopt'.");
    }

    static Task WriteAsync(Action write)
    {
        write();
        return Task.CompletedTask;
    }
}
