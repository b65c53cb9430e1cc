using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Printing;
using DataIngestion.Retry;
using Spectre.Console;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest dead-letters list|show|replay</c>: what was given up on.</summary>
internal static class DeadLettersCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var command = new Command("dead-letters", "List what was given up on, look at it, and put it back to work.")
        {
            List(environment, options),
            Show(environment, options),
            Replay(environment, options),
        };
        command.SetAction((parsed, cancellationToken) => ListAsync(environment, options, parsed, all: false, cancellationToken));
        return command;
    }

    static Command List(CommandEnvironment environment, GlobalOptions options)
    {
        var all = new Option<bool>("--all") { Description = "Those that were replayed, too." };
        var command = new Command("list", "List dead letters, newest first.") { all };
        command.SetAction((parsed, cancellationToken) => ListAsync(environment, options, parsed, parsed.GetValue(all), cancellationToken));
        return command;
    }

    static async Task<int> ListAsync(CommandEnvironment environment, GlobalOptions options, ParseResult parsed, bool all, CancellationToken cancellationToken)
    {
        var platform = PlatformClient.For(environment, parsed.GetValue(options.Url));
        var letters = new List<DeadLetter>();
        string? continuation = null;
        do
        {
            var page = await platform.GetAsync<DeadLetterList>(
                $"api/dead-letters?limit=500{(all ? "" : "&status=open")}{(continuation is null ? "" : $"&continuation={Uri.EscapeDataString(continuation)}")}", cancellationToken);
            letters.AddRange(page.DeadLetters);
            continuation = page.Continuation;
        }
        while (!string.IsNullOrEmpty(continuation));

        if (parsed.GetValue(options.Json))
        {
            letters.ForEach(environment.WriteJson);
        }
        else if (letters.Count == 0)
        {
            await environment.Output.WriteLineAsync("There are no dead letters.");
        }
        else
        {
            var table = Tables.Create("id", "status", "last failed", "what", "step", "reason");
            foreach (var letter in letters)
            {
                var what = letter.Kind is DeadLetterKind.PoisonMessage ? $"message from {letter.Queue}" : $"{letter.Source} {letter.Dataset}";
                table.Add(letter.Id, letter.Status.ToString().ToLowerInvariant(), Tables.Moment(letter.LastFailedAt), what, letter.Step, letter.Reason);
            }

            environment.CreateConsole().Write(table);
        }

        return ExitCodes.Ok;
    }

    static Command Show(CommandEnvironment environment, GlobalOptions options)
    {
        var id = new Argument<string>("id") { Description = "Id of a dead letter." };
        var command = new Command("show", "Show one dead letter with what it holds.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var platform = PlatformClient.For(environment, parsed.GetValue(options.Url));
            var answer = await platform.GetAsync<DeadLetterAnswer>($"api/dead-letters/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", cancellationToken);
            if (parsed.GetValue(options.Json))
            {
                environment.WriteJson(answer);
                return ExitCodes.Ok;
            }

            var letter = answer.Letter;
            (string Name, string? Value)[] facts =
            [
                ("id", letter.Id), ("status", letter.Status.ToString().ToLowerInvariant()), ("reason", letter.Reason),
                ("run", letter.Run), ("source", letter.Source), ("dataset", letter.Dataset), ("step", letter.Step), ("queue", letter.Queue),
                ("attempts", answer.Attempts?.ToString()), ("first failed", Tables.Moment(letter.CreatedAt)), ("last failed", Tables.Moment(letter.LastFailedAt)),
                ("failure", answer.Failure is { } failure ? $"{failure.Code}: {failure.Message}" : null),
                ("replayed as", letter.ReplayRun), ("message", answer.Message),
            ];
            foreach (var (name, value) in facts.Where(f => !string.IsNullOrEmpty(f.Value)))
                await environment.Output.WriteLineAsync($"{name,-13} {value}");
            return ExitCodes.Ok;
        });
        return command;
    }

    static Command Replay(CommandEnvironment environment, GlobalOptions options)
    {
        var id = new Argument<string>("id") { Description = "Id of a dead letter." };
        var command = new Command("replay", "Put a dead letter back to work.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var platform = PlatformClient.For(environment, parsed.GetValue(options.Url));
            var letter = await platform.PostAsync<DeadLetter>($"api/dead-letters/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/replay", body: null, cancellationToken);
            if (parsed.GetValue(options.Json))
                environment.WriteJson(letter);
            else
                await environment.Output.WriteLineAsync(letter.ReplayRun is { } run ? $"{letter.Id}: replayed; see 'ingest status {run}'" : $"{letter.Id}: back on the queue {letter.Queue}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
