using System.CommandLine;
using DataIngestion.Cli.Converting;
using DataIngestion.Cli.Platform;
using DataIngestion.Cli.Proposing;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest sources new --from-samples</c>: proposes a definition from recorded answers.</summary>
internal static class NewSourceCommand
{
    const int MaxBytes = 16 << 20;

    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = "Id of the new source: lower-case letters, digits and hyphens." };
        var samples = new Option<string[]>("--from-samples") { Description = "A folder or file of recorded answers (answers alone, *.http as curl -i prints them, sample files), or addresses that are asked now.", HelpName = "DIR|FILE|URL", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true, Required = true };
        var dataset = new Option<string?>("--dataset") { Description = "Id of the dataset; default the source's.", HelpName = "ID" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the files instead of writing them." };
        var isPrivate = new Option<bool>("--allow-private-network") { Description = "Addresses may be of this machine or a private network." };
        var command = new Command("new", "Propose a source from samples of its answers: the definition with a confidence and a reason a line, its dataset, and its test.") { id, samples, dataset, dryRun, isPrivate };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = parsed.GetRequiredValue(id);
            var into = parsed.GetValue(dataset) ?? source;
            foreach (var written in new[] { source, into }.Where(i => !ConfigurationId.IsValid(i)))
                throw new CommandFailedException(ExitCodes.Usage, $"'{written}' is not an id: expected {ConfigurationId.Rule}.");
            List<RecordedExchange> exchanges = [];
            foreach (var place in parsed.GetRequiredValue(samples))
            {
                if (Uri.TryCreate(place, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                    exchanges.Add(await AskAsync(environment, address, parsed.GetValue(isPrivate), cancellationToken));
                else
                    exchanges.AddRange(RecordingReader.Read(place));
            }

            var proposal = await new SourceProposer(FormatOptions.Specifications(environment)).ProposeAsync(exchanges, cancellationToken);
            var writer = new ProposalWriter(source, into, proposal);
            var configs = ConfiguredPlatform.ConfigsOf(environment);
            var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                [Path.Combine(configs, "sources", $"{source}.yaml")] = System.Text.Encoding.UTF8.GetBytes(writer.Source()),
                [Path.Combine(configs, "datasets", $"{into}.yaml")] = System.Text.Encoding.UTF8.GetBytes(writer.Dataset()),
            };
            if (exchanges.Exists(e => e.Path is not null))
            {
                foreach (var (name, content) in writer.Sample(exchanges, environment.Time.GetUtcNow()))
                    files[Path.Combine(environment.Root, "samples", "sources", source, name)] = content;
            }

            await WriteAsync(environment, files, parsed.GetValue(dryRun), cancellationToken);
            await environment.Error.WriteLineAsync($"{proposal.Columns.Count} columns, keys {string.Join(", ", proposal.Keys)}. Check what is below 0.8, then: ingest sources check; ingest sources test {source}");
            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task WriteAsync(CommandEnvironment environment, Dictionary<string, byte[]> files, bool isDryRun, CancellationToken cancellationToken)
    {
        if (!isDryRun && files.Keys.FirstOrDefault(File.Exists) is { } there)
            throw new CommandFailedException(ExitCodes.Usage, $"'{there}' is there already: choose another id, or remove it. Nothing was written.");
        foreach (var (path, content) in files)
        {
            if (isDryRun)
            {
                await environment.Output.WriteLineAsync($"# {Path.GetRelativePath(environment.Root, path)}");
                if (path.EndsWith(".yaml", StringComparison.Ordinal))
                    await environment.Output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(content));
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, content, cancellationToken);
            await environment.Output.WriteLineAsync(Path.GetRelativePath(environment.Root, path));
        }
    }

    // Asked as a source is asked: guarded addresses, limits, retries.
    static async Task<RecordedExchange> AskAsync(CommandEnvironment environment, Uri address, bool isPrivate, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(environment.Time);
        services.AddConnect();
        await using var provider = services.BuildServiceProvider();
        var source = new SourceDefinition
        {
            Source = "new",
            Kind = SourceKind.Api,
            Connection = new() { BaseUrl = address.GetLeftPart(UriPartial.Authority), AllowPrivateNetwork = isPrivate, Limits = new() { MaxResponseBytes = MaxBytes, Attempts = 2 } },
        };
        try
        {
            var exchange = await provider.GetRequiredService<ISourceHttp>().SendAsync(
                source,
                new SourceRequest { Path = address.AbsolutePath, Query = RecordingReader.QueryOf(address) },
                async (response, attempt) =>
                {
                    using var body = new MemoryStream();
                    await response.Body.CopyToAsync(body, attempt);
                    return new RecordedExchange
                    {
                        Where = address.GetLeftPart(UriPartial.Path),
                        Origin = address.GetLeftPart(UriPartial.Authority),
                        Path = address.AbsolutePath,
                        Query = RecordingReader.QueryOf(address),
                        Status = (int)response.Status,
                        Headers = new Dictionary<string, string>(response.Headers, StringComparer.OrdinalIgnoreCase),
                        Body = body.ToArray(),
                    };
                },
                cancellationToken);
            return exchange.Value;
        }
        catch (StepFailedException failed)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"{address.GetLeftPart(UriPartial.Path)}: {failed.Failure.Message}", failed);
        }
    }
}
