using System.Text.Json;

namespace DataIngestion.Cli.Shipping;

/// <summary>Azure's own command line. What changes something is only printed in a dry run.</summary>
internal sealed class AzureCli(CommandEnvironment environment, Tools tools, bool dryRun)
{
    /// <summary>Whether nothing is to be changed.</summary>
    public bool IsDryRun => dryRun;

    /// <summary>Whether it is installed and somebody is logged in.</summary>
    public async Task<bool> IsLoggedInAsync(CancellationToken cancellationToken) =>
        tools.Find("az") is not null && (await tools.RunAsync("az", ["account", "show", "--output", "json"], cancellationToken)).ExitCode == 0;

    /// <summary>Fails with a sentence unless it is installed and somebody is logged in.</summary>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (tools.Find("az") is null)
            throw new CommandFailedException(ExitCodes.Configuration, "Azure's command line 'az' is not installed or not on the PATH: https://learn.microsoft.com/cli/azure/install-azure-cli");
        if (!await IsLoggedInAsync(cancellationToken))
            throw new CommandFailedException(ExitCodes.Configuration, "Nobody is logged in to Azure: 'az login', then 'az account set --subscription ...'.");
    }

    /// <summary>Asks a question, in a dry run too. Null when the answer is that there is no such thing.</summary>
    public async Task<JsonElement?> AskAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var run = await tools.RunAsync("az", [.. arguments, "--output", "json"], cancellationToken);
        if (run.ExitCode != 0)
        {
            if (run.Error.Contains("NotFound", StringComparison.Ordinal))
                return null;
            throw Refused(arguments, run);
        }

        using var answer = JsonDocument.Parse(run.Output);
        return answer.RootElement.Clone();
    }

    /// <summary>Changes something; a dry run prints the command instead.</summary>
    public async Task DoAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            await environment.Output.WriteLineAsync($"az {string.Join(' ', arguments.Select(Quoted))}");
            return;
        }

        var run = await tools.RunAsync("az", [.. arguments, "--output", "none"], cancellationToken);
        if (run.ExitCode != 0)
            throw Refused(arguments, run);
    }

    /// <summary>Asks for what people read, and gives it on as it is.</summary>
    public async Task<string> ReadAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var run = await tools.RunAsync("az", arguments, cancellationToken);
        return run.ExitCode == 0 ? run.Output : throw Refused(arguments, run);
    }

    /// <summary>As a shell would have to be told.</summary>
    internal static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:@%+,".Contains(c, StringComparison.Ordinal)) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    static CommandFailedException Refused(IReadOnlyList<string> arguments, ToolRun run)
    {
        var said = run.Error.Trim() is { Length: > 0 } error ? error : run.Output.Trim();
        return new(ExitCodes.Failed, $"'az {string.Join(' ', arguments.Take(3))} ...' failed with exit code {run.ExitCode}: {said}");
    }
}
