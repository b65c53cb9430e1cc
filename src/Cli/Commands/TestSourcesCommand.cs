using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Sampling;
using DataIngestion.LocalRuntime.Hosting;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest sources test</c>: runs definitions against what their providers answer, without asking a provider.</summary>
internal static class TestSourcesCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var source = new Argument<string?>("source") { Description = "Only the samples of this source; default all.", Arity = ArgumentArity.ZeroOrOne };
        var dataset = new Option<string?>("--dataset") { Description = "Only the samples of this dataset.", HelpName = "DATASET" };
        var command = new Command("test", "Run sources against samples/sources/SOURCE/DATASET.yaml, from the requests to the published rows; no provider is asked.") { source, dataset };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var configuration = ConfiguredPlatform.Load(environment);
            var samples = SampleFile.In(environment.Root, parsed.GetValue(source), parsed.GetValue(dataset));
            if (samples.Count == 0)
            {
                throw new CommandFailedException(ExitCodes.NotFound, parsed.GetValue(source) is { } id && !configuration.Sources.ContainsKey(id)
                    ? $"There is no source '{id}': 'ingest sources list' names those there are."
                    : $"There is no sample: write samples/sources/{parsed.GetValue(source) ?? "SOURCE"}/{parsed.GetValue(dataset) ?? "DATASET"}.yaml, see docs/connectors/onboarding.md.");
            }

            return await RunAsync(environment, configuration, samples, parsed.GetValue(options.Json), cancellationToken);
        });
        return command;
    }

    static async Task<int> RunAsync(CommandEnvironment environment, Contracts.PlatformConfiguration configuration, IReadOnlyList<SampleFile> samples, bool json, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ingest-samples-");
        try
        {
            await using var azurite = await AzuriteProcess.StartAsync(new(folder.FullName), cancellationToken);
            await using var host = await SampleHost.StartAsync(azurite.ConnectionString, configuration, cancellationToken);
            var failed = 0;
            foreach (var sample in samples)
            {
                var outcome = await host.RunAsync(sample, cancellationToken);
                failed += outcome.IsOk ? 0 : 1;
                if (json)
                    environment.WriteJson(outcome);
                else
                    await PrintAsync(environment, outcome);
            }

            if (!json)
                await environment.Output.WriteLineAsync($"{samples.Count - failed} of {samples.Count} samples as they should be.");
            return failed == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task PrintAsync(CommandEnvironment environment, SampleOutcome outcome)
    {
        var runs = $"{outcome.Runs} {(outcome.Runs == 1 ? "run" : "runs")}, {outcome.Rows} {(outcome.Rows == 1 ? "row" : "rows")}";
        await environment.Output.WriteLineAsync($"{(outcome.IsOk ? "ok    " : "FAILED")} {outcome.Source} {outcome.Dataset}: {runs}");
        foreach (var problem in outcome.Problems)
            await environment.Output.WriteLineAsync($"       {problem}");
    }
}
