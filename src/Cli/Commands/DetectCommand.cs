using System.CommandLine;
using DataIngestion.Cli.Printing;
using DataIngestion.Conversion;
using Spectre.Console;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest detect FILE…</c>: what files are, by their bytes.</summary>
internal static class DetectCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var files = new Argument<string[]>("file") { Description = "Files to look at.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("detect", "Say what files are by their bytes: format, compression, encoding, dialect. 'unknown' is an answer.") { files };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var recognizer = new FormatRecognizer();
            var table = Tables.Create("file", "format", "compression", "encoding", "dialect", "#confidence", "because");
            var isUnknown = false;
            foreach (var name in parsed.GetRequiredValue(files))
            {
                var path = environment.Resolve(name);
                var finding = recognizer.Recognize(await HeadAsync(path, cancellationToken), Path.GetFileName(path));
                isUnknown |= finding.Format == "unknown";
                if (parsed.GetValue(options.Json))
                    environment.WriteJson(new { file = name, finding });
                else
                    table.Add(name, finding.Format, finding.Compression ?? finding.Container, finding.Encoding, Describe(finding.Dialect), finding.Confidence.ToString("0.00"), string.Join("; ", finding.Evidence));
            }

            if (!parsed.GetValue(options.Json))
                environment.CreateConsole().Write(table);
            return isUnknown ? ExitCodes.Unreadable : ExitCodes.Ok;
        });
        return command;
    }

    static async Task<byte[]> HeadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new CommandFailedException(ExitCodes.NotFound, $"There is no file '{path}'.");
        await using var file = File.OpenRead(path);
        var head = new byte[Math.Min(FormatRecognizer.HeadBytes, file.Length)];
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return head[..read];
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
