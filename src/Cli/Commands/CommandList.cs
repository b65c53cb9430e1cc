using System.CommandLine;
using DataIngestion.Cli.Commands.Shipping;

namespace DataIngestion.Cli.Commands;

/// <summary>All commands in the order in which the help lists them.</summary>
internal static class CommandList
{
    /// <summary>Creates them for one environment.</summary>
    public static IEnumerable<Command> Create(CommandEnvironment environment, GlobalOptions options) =>
    [
        DemoCommand.Create(environment, options),
        UpCommand.Create(environment, options),
        RunCommand.Create(environment, options),
        ReplayCommand.Create(environment, options),
        StatusCommand.Create(environment, options),
        SourcesCommand.Create(environment, options),
        ConvertCommand.Create(environment, options),
        DetectCommand.Create(environment, options),
        TrainCommand.Create(environment, options),
        SchemaCommand.Create(environment, options),
        DocsCommand.Create(environment, options),
        ReadCommand.Create(environment, options),
        WhyCommand.Create(environment, options),
        CostCommand.Create(environment, options),
        DeadLettersCommand.Create(environment, options),
        BackupCommand.Create(environment, options),
        RestoreCommand.Create(environment, options),
        AzureCommand.Create(environment, options),
    ];
}
