using System.CommandLine;
using DataIngestion.Cli.Platform;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest replay RUN</c>: does a run again from what it landed, without asking the source.</summary>
internal static class ReplayCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var run = new Argument<string>("run") { Description = "The run to do again, as 'ingest status' lists it." };
        var dataset = new Option<string?>("--dataset") { Description = "Only this of the source's datasets.", HelpName = "ID" };
        var wait = new Option<bool>("--wait") { Description = "Wait for the end and print what the run did." };
        var command = new Command("replay", "Do a run again from what it landed: nothing is asked of the source, and its cursor stays where it is.") { run, dataset, wait };
        command.SetAction((parsed, cancellationToken) => RunCommand.StartAsync(
            environment, options, parsed, new(null, parsed.GetValue(dataset), FullRefresh: false, Window: null, parsed.GetRequiredValue(run)), parsed.GetValue(wait), cancellationToken));
        return command;
    }
}
