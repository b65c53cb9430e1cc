using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Deployment;

/// <summary><c>ingest azure drain</c>: waits until a stamp has no work left, so that it can be taken away.</summary>
internal static class DrainCommand
{
    // Counts of queues are approximate: what is seen once may be a moment between two messages.
    const int LooksInARow = 2;

    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var timeout = DurationOption.Create("--timeout", "How long to wait; default 2h.", TimeSpan.FromHours(2));
        var every = DurationOption.Create("--every", "Time between two looks; default 10s.", TimeSpan.FromSeconds(10));
        var command = new Command("drain", "Wait until the stamp at --url has no runs and no messages left.") { timeout, every };
        command.SetAction((parsed, cancellationToken) => WaitAsync(
            environment, PlatformClient.For(environment, parsed.GetValue(options.Url)), parsed.GetValue(options.Json), parsed.GetValue(timeout), parsed.GetValue(every), cancellationToken));
        return command;
    }

    static async Task<int> WaitAsync(CommandEnvironment environment, PlatformClient platform, bool json, TimeSpan timeout, TimeSpan every, CancellationToken cancellationToken)
    {
        var end = environment.Time.GetUtcNow() + timeout;
        var (drained, told) = (0, "");
        while (true)
        {
            var state = await LookAsync(environment, platform, end, cancellationToken);
            if (state is not null)
            {
                if (state.Share is { } share && share != ScheduleShare.None.ToString() && told.Length == 0)
                    await environment.Error.WriteLineAsync($"'{state.Stamp}' still starts sources by itself (share {share}): give it the share {ScheduleShare.None}, or it will have work again.");
                drained = state.Drained ? drained + 1 : 0;
                if (drained == LooksInARow)
                {
                    if (json)
                        environment.WriteJson(state);
                    else
                        await environment.Output.WriteLineAsync($"{state.Stamp} {state.Version}: drained");
                    return ExitCodes.Ok;
                }

                var left = Left(state);
                if (left != told)
                    await environment.Error.WriteLineAsync(left);
                told = left;
            }

            if (environment.Time.GetUtcNow() + every > end)
                throw new CommandFailedException(ExitCodes.Failed, state is null ? $"The stamp at {platform.BaseAddress} did not answer for {Duration.Format(timeout)}." : $"{told}; it was given {Duration.Format(timeout)}.");
            await Task.Delay(every, environment.Time, cancellationToken);
        }
    }

    // An app that restarts, because its settings were changed, is away for a moment.
    static async Task<StampState?> LookAsync(CommandEnvironment environment, PlatformClient platform, DateTimeOffset end, CancellationToken cancellationToken)
    {
        try
        {
            return await platform.GetAsync<StampState>("api/stamp", cancellationToken);
        }
        catch (CommandFailedException away) when (away.ExitCode == ExitCodes.NotReachable && environment.Time.GetUtcNow() < end)
        {
            return null;
        }
    }

    static string Left(StampState state) => state.Drained
        ? $"{state.Stamp}: nothing is left"
        : $"{state.Stamp}: {state.Running} orchestrations run{string.Concat(state.Waiting.Select(q => $", {q.Value} in {q.Key}"))}";
}
