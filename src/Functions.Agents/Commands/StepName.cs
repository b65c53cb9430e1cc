using System.Runtime.InteropServices;
using DataIngestion.Contracts;

namespace DataIngestion.Agents.Commands;

/// <summary>What a command is a step of.</summary>
/// <param name="Source">The run's source; empty when the run id is none.</param>
/// <param name="Dataset">The dataset; empty when the command's id does not say.</param>
/// <param name="Step">The command's kind.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StepName(string Source, string Dataset, string Step)
{
    /// <summary>Reads it from a command, whose id is <c>{run}/{dataset}-{step}/{attempt}</c>.</summary>
    public static StepName Of(AgentCommand command)
    {
        var source = RunId.TryParse(command.Run, out var found, out _) ? found : "";
        var step = command.Id.Split('/') is [_, var middle, _] ? middle : "";
        if (command.Kind is CommandKinds.DecideRetry && step.EndsWith("-retry", StringComparison.Ordinal))
            step = step[..^"-retry".Length];
        var end = step.LastIndexOf('-');
        return new(source, end > 0 ? step[..end] : "", command.Kind);
    }
}
