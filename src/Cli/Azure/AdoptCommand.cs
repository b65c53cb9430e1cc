using System.CommandLine;
using DataIngestion.Cli.Platform;

namespace DataIngestion.Cli.Deployment;

/// <summary><c>ingest azure adopt</c>: asks a stamp for the open runs of one whose task hub or queues are lost.</summary>
internal static class AdoptCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var from = new Option<string?>("--from") { Description = "The stamp that is lost; without it, the one at --url, whose task hub began anew.", HelpName = "STAMP" };
        var command = new Command("adopt", "Ask the stamp at --url for the runs that a lost stamp did not end. What they did is not done again.") { from };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var platform = PlatformClient.For(environment, parsed.GetValue(options.Url));
            var query = parsed.GetValue(from) is { } lost ? $"?from={Uri.EscapeDataString(lost)}" : "";
            var answer = await platform.PostAsync<Adopted>($"api/stamp/adopt{query}", body: null, cancellationToken);
            if (parsed.GetValue(options.Json))
            {
                environment.WriteJson(answer);
                return ExitCodes.Ok;
            }

            foreach (var run in answer.Runs)
                await environment.Output.WriteLineAsync(run);
            await environment.Error.WriteLineAsync($"{answer.Stamp} was asked for {answer.Runs.Count} runs that '{answer.From}' did not end.");
            return ExitCodes.Ok;
        });
        return command;
    }

    sealed record Adopted(string Stamp, string From, [property: System.Text.Json.Serialization.JsonPropertyName("adopted")] IReadOnlyList<string> Runs);
}
