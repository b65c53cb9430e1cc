using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Sampling;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest sources</c>: what is configured, whether it is right, whether a source answers, what it has, and whether its definition makes the right rows of it.</summary>
internal static class SourcesCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var command = new Command("sources", "List, check, test and read the configured sources, or ask a source whether it lets us in and what it has.")
        {
            ListSourcesCommand.Create(environment, options),
            Check(environment, options),
            DiscoverCommand.Create(environment, options),
            ReadSourceCommand.Create(environment, options),
            TestSourcesCommand.Create(environment, options),
            ImportSourcesCommand.Create(environment, options),
            NewSourceCommand.Create(environment),
            ConsentCommand.Create(environment, options),
        };
        command.SetAction((parsed, cancellationToken) => ListSourcesCommand.RunAsync(environment, options, parsed, new(), cancellationToken));
        return command;
    }

    static Command Check(CommandEnvironment environment, GlobalOptions options)
    {
        var source = new Argument<string?>("source") { Description = "Ask this source now whether it is there and lets us in (needs the platform).", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("check", "Check configs/, workflows/ and samples/sources/: every fault with file, line and what was expected.") { source };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var json = parsed.GetValue(options.Json);
            if (parsed.GetValue(source) is { } id)
            {
                var platform = PlatformClient.For(environment, parsed.GetValue(options.Url));
                var answer = await platform.PostAsync<ConnectResult>($"api/sources/{Uri.EscapeDataString(id)}/check", body: null, cancellationToken);
                if (json)
                    environment.WriteJson(answer);
                else
                    await environment.Output.WriteLineAsync($"{id}: {answer.Endpoint} answered in {answer.RoundTrip.TotalMilliseconds:0} ms: {answer.Detail}");
                return ExitCodes.Ok;
            }

            try
            {
                var configuration = ConfiguredPlatform.Load(environment);
                var samples = SampleFile.In(environment.Root);
                ConfigurationFault[] wrong = [.. samples.SelectMany(s => s.Faults(configuration))];
                if (wrong.Length > 0)
                    throw new ConfigurationException(wrong);
                if (json)
                    environment.WriteJson(new { sources = configuration.Sources.Count, datasets = configuration.Datasets.Count, workflows = configuration.Workflows.Count, samples = samples.Count, faults = wrong });
                else
                    await environment.Output.WriteLineAsync($"{configuration.Sources.Count} sources, {configuration.Datasets.Count} datasets, {configuration.Workflows.Count} workflows and {samples.Count} samples are in order.");
                return ExitCodes.Ok;
            }
            catch (ConfigurationException faults) when (json)
            {
                environment.WriteJson(new { faults.Faults });
                return ExitCodes.Configuration;
            }
        });
        return command;
    }
}
