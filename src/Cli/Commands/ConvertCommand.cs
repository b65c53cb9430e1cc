using System.CommandLine;
using DataIngestion.Cli.Converting;
using DataIngestion.Cli.Printing;
using Spectre.Console;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest convert IN… -o OUT</c>: files to Parquet, without a platform.</summary>
internal static class ConvertCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var inputs = new Argument<string[]>("in") { Description = "Files to convert: CSV, JSON, NDJSON or XML, plain, gzip or zstd.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = "The Parquet file, or a folder for several.", HelpName = "OUT", Required = true };
        var format = new FormatOptions();
        var command = new Command("convert", "Convert files to typed Parquet. Rows that do not fit are written beside the output with their reason.") { inputs, output };
        format.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var conversion = new FileConversion(environment.Time);
            var files = parsed.GetRequiredValue(inputs);
            var targets = Targets(environment, files, parsed.GetRequiredValue(output));
            var converted = new List<ConvertedFile>();
            for (var i = 0; i < files.Length; i++)
            {
                var file = await conversion.ConvertAsync(environment.Resolve(files[i]), targets[i], format.Request(parsed, files[i]), cancellationToken);
                converted.Add(file);
                if (parsed.GetValue(options.Json))
                    environment.WriteJson(file);
            }

            if (!parsed.GetValue(options.Json))
                Print(environment.CreateConsole(), converted);
            return ExitCodes.Ok;
        });
        return command;
    }

    static string[] Targets(CommandEnvironment environment, string[] inputs, string output)
    {
        var target = environment.Resolve(output);
        if (inputs.Length == 1 && !Directory.Exists(target) && !Path.EndsInDirectorySeparator(output))
            return [target];
        if (File.Exists(target))
            throw new CommandFailedException(ExitCodes.Usage, $"'{output}' is a file, but {inputs.Length} files are to be converted: name a folder.");
        var targets = inputs.Select(i => Path.Combine(target, Path.GetFileNameWithoutExtension(i) + ".parquet")).ToArray();
        var twice = targets.GroupBy(t => t, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? targets : throw new CommandFailedException(ExitCodes.Usage, $"Two of the files would become '{twice.Key}': convert them into different folders.");
    }

    static void Print(IAnsiConsole console, IReadOnlyList<ConvertedFile> files)
    {
        var table = Tables.Create("file", "format", "#rows in", "#rows out", "#rejected", "#columns", "#seconds", "output");
        foreach (var file in files)
        {
            table.Add(
                Path.GetFileName(file.Input), file.Result.Format.Format, Tables.Count(file.Result.RowsIn), Tables.Count(file.Result.RowsOut), Tables.Count(file.Result.RowsRejected),
                Tables.Count(file.Result.Schema.Count), file.Seconds.ToString("0.00"), file.Output);
        }

        console.Write(table);
        foreach (var file in files)
        {
            foreach (var note in file.Result.Notes)
                console.WriteLine($"{Path.GetFileName(file.Input)}: {note}");
            if (file.Rejected is not null)
                console.WriteLine($"{Path.GetFileName(file.Input)}: rejected rows with their reasons are in {file.Rejected}");
        }
    }
}
