using System.CommandLine;
using System.Text.Json;
using DataIngestion.Cli.Commands;
using DataIngestion.Contracts;
using DataIngestion.LocalRuntime.Hosting;

namespace DataIngestion.Cli;

/// <summary>The whole command line: parses, runs one command, turns every failure into one sentence and an exit code.</summary>
internal static class CommandLine
{
    // Stopping the emulator and both apps in order takes a moment; after this the process ends regardless.
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    /// <summary>Runs one command and returns its exit code, see <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandEnvironment environment, CancellationToken cancellationToken = default)
    {
        var root = Build(environment);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await environment.Error.WriteLineAsync($"ingest: {parsed.Errors[0].Message} See 'ingest {string.Join(' ', PathOf(parsed))}--help'.");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = environment.Output,
                    Error = environment.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = StopLimit,
                },
                cancellationToken);
        }
        catch (Exception failure) when (Explain(failure) is { } explained)
        {
            await environment.Error.WriteLineAsync($"ingest: {explained.Message}");
            return explained.ExitCode;
        }
#pragma warning disable CA1031 // the last resort: a defect of ours, which needs its stack to be found
        catch (Exception defect)
        {
            await environment.Error.WriteLineAsync($"ingest: unexpected {defect}");
            return ExitCodes.Failed;
        }
#pragma warning restore CA1031
    }

    /// <summary>The command tree.</summary>
    internal static RootCommand Build(CommandEnvironment environment)
    {
        var root = new RootCommand("Ingests financial data: collects it from vendors and files, converts it to typed Parquet, merges vendors and says for every number where it came from.");
        var options = new GlobalOptions();
        options.AddTo(root);
        foreach (var command in CommandList.Create(environment, options))
            root.Subcommands.Add(command);
        root.SetAction(parsed =>
        {
            root.Parse("--help").Invoke(new InvocationConfiguration { Output = environment.Output, Error = environment.Error });
            return ExitCodes.Usage;
        });
        return root;
    }

    /// <summary>The sentence and exit code for a failure; null for one that nobody foresaw.</summary>
    static CommandFailedException? Explain(Exception failure) => failure switch
    {
        CommandFailedException known => known,
        LocalHostStartException faults => new(ExitCodes.Configuration, faults.Message, faults),
        ConfigurationException faults => new(ExitCodes.Configuration, faults.Message, faults),
        StepFailedException step => new(step.Failure.Code == "unreadable" ? ExitCodes.Unreadable : ExitCodes.Failed, step.Message, step),
        OperationCanceledException stopped => new(ExitCodes.Interrupted, "stopped.", stopped),
        Azure.RequestFailedException { Status: 0 } storage => new(ExitCodes.NotReachable, $"The storage account does not answer: {FirstLine(storage.Message)}", storage),
        Azure.RequestFailedException storage => new(ExitCodes.Failed, $"The storage account refused ({storage.Status} {storage.ErrorCode}): {FirstLine(storage.Message)}", storage),
        AggregateException { InnerException: Azure.RequestFailedException storage } => new(ExitCodes.NotReachable, $"The storage account does not answer: {FirstLine(storage.Message)}", storage),
        JsonException fault => new(ExitCodes.Failed, $"An answer is not the JSON that was expected: {fault.Message}", fault),
        IOException file => new(ExitCodes.Failed, file.Message, file),
        UnauthorizedAccessException file => new(ExitCodes.Failed, file.Message, file),
        InvalidOperationException setup => new(ExitCodes.Failed, setup.Message, setup),
        _ => null,
    };

    static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? text[..end] : text;

    static IEnumerable<string> PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var at = parsed.CommandResult; at.Parent is System.CommandLine.Parsing.CommandResult parent; at = parent)
            names.Push(at.Command.Name);
        return names.Append("");
    }
}
