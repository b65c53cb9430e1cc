using System.CommandLine;
using DataIngestion.Conversion;
using DataIngestion.Tabular;

namespace DataIngestion.Cli.Converting;

/// <summary>What a person may say about the output and about what must fit.</summary>
internal sealed class ConversionOptions
{
    readonly Option<string?> _to = new("--to") { Description = $"{OutputFormats.Names}; default by the name of OUT, else parquet.", HelpName = "FORMAT" };

    readonly Option<string?> _schema = new("--schema") { Description = "The columns that are expected: what 'ingest schema --json' printed, or a file with lines such as 'price decimal(18,4) not null'.", HelpName = "F" };

    readonly Option<string?> _policy = new("--policy")
    {
        Description = "What happens where the input does not have the schema of --schema. evolve (default): columns are added and types widened. freeze: it fails. discard-row: the row is rejected. discard-value: the value becomes null and is reported.",
        HelpName = "evolve|freeze|discard-row|discard-value",
    };

    readonly Option<int> _threads = NumberOption.Create("--threads", "N", "Threads to use; default all processors.", Environment.ProcessorCount, 1, 1024);

    readonly Option<bool> _classic = new("--classic") { Description = "Parquet for readers that know plain and dictionary pages only, such as Parquet.Net 6: larger, and slower to write." };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _policy.AcceptOnlyFromAmong("evolve", "freeze", "discard-row", "discard-value");
        foreach (var option in (Option[])[_to, _schema, _policy, _threads, _classic])
            command.Options.Add(option);
    }

    /// <summary>Reads them once for all inputs; what comes back completes the request of one.</summary>
    /// <exception cref="CommandFailedException">They contradict each other, or the schema file is wrong.</exception>
    public async Task<Func<ConversionRequest, ConversionRequest>> ReadAsync(ParseResult parsed, CommandEnvironment environment, string output, CancellationToken cancellationToken)
    {
        var format = OutputFormats.Parse(parsed.GetValue(_to), output);
        var (named, policy, threads) = (parsed.GetValue(_schema), parsed.GetValue(_policy), parsed.GetValue(_threads));
        if (named is null && policy is not null)
            throw new CommandFailedException(ExitCodes.Usage, $"--policy {policy} says what happens where the input has another schema than --schema, which is missing.");
        var classic = parsed.GetValue(_classic);
        if (classic && format != OutputFormat.Parquet)
            throw new CommandFailedException(ExitCodes.Usage, "--classic says how Parquet is written, but the output is not Parquet: leave it out.");
        DataSchema? schema = named is null ? null : await SchemaFile.ReadAsync(environment.Resolve(named), named, cancellationToken);
        return request => request with
        {
            Output = format,
            Schema = schema,
            Threads = threads,
            Parquet = request.Parquet with { Classic = classic },
            Policy = policy switch { "freeze" => SchemaPolicy.Freeze, "discard-row" => SchemaPolicy.DiscardRow, "discard-value" => SchemaPolicy.DiscardValue, _ => SchemaPolicy.Evolve },
        };
    }
}
