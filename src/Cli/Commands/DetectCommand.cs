using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using DataIngestion.Cli.Converting;
using DataIngestion.Cli.Printing;
using DataIngestion.Contracts;
using DataIngestion.Conversion;
using Spectre.Console;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest detect FILE…</c>: what files are, by their bytes.</summary>
internal static class DetectCommand
{
    /// <summary>Every object has every field, so that a program need not ask whether one is there.</summary>
    static readonly JsonSerializerOptions AllFields = new(ContractJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var files = new Argument<string[]>("file") { Description = "Files to look at.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("detect", "Say what files are by their bytes: format, version, container, compression, encoding, dialect. 'unknown' is an answer.") { files };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var table = Tables.Create("file", "format", "version", "compression", "encoding", "dialect", "#confidence", "because");
            var isUnknown = false;
            using var list = new SourceList(environment);
            foreach (var name in parsed.GetRequiredValue(files))
            {
                foreach (var source in await list.FilesAsync([name], new ConversionLimits(), cancellationToken))
                {
                    var finding = await InputRecognition.DetectAsync(_ => new(source.Open()), new() { Name = source.Name }, cancellationToken);
                    isUnknown |= finding.Format == "unknown";
                    if (parsed.GetValue(options.Json))
                        environment.Output.WriteLine(JsonSerializer.Serialize(new { path = source.Shown, finding.Format, finding.Version, finding.Container, finding.Compression, finding.Encoding, finding.Dialect, finding.Confidence, finding.Evidence }, AllFields));
                    else
                        table.Add(source.Shown, finding.Format, finding.Version, finding.Compression ?? finding.Container, finding.Encoding, Describe(finding.Dialect), finding.Confidence.ToString("0.00"), string.Join("; ", finding.Evidence));
                }
            }

            if (!parsed.GetValue(options.Json))
                environment.CreateConsole().Write(table);
            return isUnknown ? ExitCodes.Unreadable : ExitCodes.Ok;
        });
        return command;
    }

    static string Describe(CsvDialect? dialect)
    {
        if (dialect is null)
            return "";
        var parts = new List<string> { dialect.Delimiter == "\t" ? "tab" : dialect.Delimiter };
        if (dialect.Quote is { } quote)
            parts.Add($"quoted by {quote}");
        if (dialect.Escape is { } escape)
            parts.Add($"escaped by {escape}");
        parts.Add(dialect.HeaderRows switch { 0 => "without header", 1 => "with header", var rows => $"with {rows} header rows" });
        if (dialect.SkipLines > 0)
            parts.Add($"after {dialect.SkipLines} lines");
        if (dialect.FooterLines > 0)
            parts.Add($"before {dialect.FooterLines} lines");
        if (dialect.Comment is { } comment)
            parts.Add($"comments after {comment}");
        return string.Join(' ', parts);
    }
}
