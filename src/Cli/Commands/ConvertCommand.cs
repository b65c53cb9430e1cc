using System.CommandLine;
using DataIngestion.Cli.Converting;
using DataIngestion.Cli.Printing;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Specifications;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest convert IN… -o OUT</c>: files to Parquet, CSV, NDJSON, Avro or Arrow, without a platform.</summary>
internal static class ConvertCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var inputs = new Argument<string[]>("in")
        {
            Description = $"What to convert: {string.Join(", ", FormatSpecifications.Standard.Names)}; plain, compressed (gzip, zstd, bzip2, xz, lz4, snappy, zlib) or in archives (zip, tar, 7z), whose members are converted each on their own. Files, patterns such as 'data/**/*.csv', or - for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o") { Description = "The file to write, a folder for several inputs, or - for standard output.", HelpName = "OUT", Required = true };
        var rejected = new Option<string?>("--rejected") { Description = "Where rejected rows go; default OUT.rejected.ndjson.", HelpName = "FILE" };
        var format = new FormatOptions();
        var conversion = new ConversionOptions();
        var command = new Command("convert", "Convert files to typed Parquet, or to CSV, NDJSON, Avro or Arrow. Rows that do not fit are written beside the output with their reason.") { inputs, output, rejected };
        format.AddTo(command);
        conversion.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (named, json) = (parsed.GetRequiredValue(output), parsed.GetValue(options.Json));
            var specifications = FormatOptions.Specifications(environment);
            var request = format.Request(parsed, environment, specifications);
            var apply = await conversion.ReadAsync(parsed, environment, named, cancellationToken);
            using var list = new SourceList(environment);
            var found = await list.ReadAsync(parsed.GetRequiredValue(inputs), new ConversionLimits(), cancellationToken);
            var sources = await SourceList.TablesAsync(found, request, specifications, cancellationToken);
            var targets = Targets.Of(environment, sources, named, apply(new()).Output);
            var rejections = Rejections(environment, sources, targets, parsed.GetValue(rejected));

            var files = new FileConversion(environment, specifications);
            var printer = new ConversionPrinter(environment, json, toError: named == Targets.StandardOutput);
            var converted = await ConversionProgressBar.ShowAsync(environment, environment.IsTerminal && !json, async bar =>
            {
                var done = new List<ConvertedFile>();
                for (var i = 0; i < sources.Count; i++)
                {
                    done.Add(await files.ConvertAsync(sources[i], targets[i], rejections[i], apply(request), bar(sources[i]), cancellationToken));
                    printer.Json(done[^1]);
                }

                return done;
            });
            printer.Summary(converted);
            return ExitCodes.Ok;
        });
        return command;
    }

    static IReadOnlyList<string?> Rejections(CommandEnvironment environment, IReadOnlyList<ConversionSource> sources, IReadOnlyList<string> targets, string? named)
    {
        if (named is null)
            return [.. targets.Select(t => t == Targets.StandardOutput ? null : t + ".rejected.ndjson")];
        if (sources.Count > 1)
            throw new CommandFailedException(ExitCodes.Usage, $"--rejected names one file, but {sources.Count} files are converted: without it, rejected rows go beside each output.");
        var path = environment.Resolve(named);
        if (Targets.IsSame(path, sources[0].Path) || Targets.IsSame(path, targets[0]))
            throw new CommandFailedException(ExitCodes.Usage, $"--rejected '{named}' is the input or the output: name another file.");
        return [path];
    }
}
