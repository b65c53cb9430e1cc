using System.CommandLine;
using DataIngestion.Cli.Converting;
using DataIngestion.Cli.Printing;
using DataIngestion.Conversion;
using DataIngestion.Tabular;
using Spectre.Console;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest schema FILE</c>: which columns and types a file has.</summary>
internal static class SchemaCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var file = new Argument<string>("file") { Description = "A Parquet file, or one that can be converted." };
        var format = new FormatOptions();
        var command = new Command("schema", "Say which columns and types a file has: as a Parquet file says, or as inferred from every value.") { file };
        format.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = environment.Resolve(parsed.GetRequiredValue(file));
            var json = parsed.GetValue(options.Json);
            if (await TryReadParquetAsync(path, cancellationToken) is { } known)
            {
                if (json)
                    environment.WriteJson(new { file = path, known.Rows, known.Schema });
                else
                    Print(environment.CreateConsole(), known.Schema.Select(c => (c.Name, c.Type.ToString(), c.Nullable ? "" : "not null", "")), $"{Tables.Count(known.Rows)} rows in {known.RowGroups.Count} row groups");
                return ExitCodes.Ok;
            }

            using var list = new SourceList(environment);
            var sources = await list.ReadAsync([parsed.GetRequiredValue(file)], new ConversionLimits(), cancellationToken);
            var source = sources.Count == 1 ? sources[0] : throw new CommandFailedException(ExitCodes.Usage, $"'{parsed.GetRequiredValue(file)}' stands for {sources.Count} files: name one.");
            var result = await new FileConversion(environment).InspectAsync(source, format.Request(parsed, source) with { ProfileFirst = true }, cancellationToken);
            if (json)
            {
                environment.WriteJson(new { file = path, result.Format, result.RowsIn, result.RowsRejected, result.Schema, result.Columns, result.Notes });
                return ExitCodes.Ok;
            }

            var nullable = result.Schema.ToDictionary(c => c.Name, c => c.Nullable, StringComparer.Ordinal);
            Print(
                environment.CreateConsole(),
                result.Columns.Select(c => (c.Name, c.Type.ToString(), nullable[c.Name] ? c.Nulls > 0 ? $"{Tables.Count(c.Nulls)} without a value" : "" : "not null", c.Evidence)),
                $"{result.Format.Format}, {Tables.Count(result.RowsIn)} rows, {Tables.Count(result.RowsRejected)} of them do not fit");
            foreach (var note in result.Notes)
                await environment.Output.WriteLineAsync(note);
            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task<ParquetReader?> TryReadParquetAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new CommandFailedException(ExitCodes.NotFound, $"There is no file '{path}'.");
        await using var content = File.OpenRead(path);
        var mark = new byte[4];
        if (await content.ReadAtLeastAsync(mark, mark.Length, throwOnEndOfStream: false, cancellationToken) < mark.Length || !mark.AsSpan().SequenceEqual("PAR1"u8))
            return null;
        try
        {
            return await ParquetReader.OpenAsync(content, cancellationToken);
        }
        catch (Exception fault) when (fault is InvalidDataException or NotSupportedException)
        {
            throw new CommandFailedException(ExitCodes.Unreadable, $"'{path}': {fault.Message}", fault);
        }
    }

    static void Print(IAnsiConsole console, IEnumerable<(string Name, string Type, string Nulls, string Evidence)> columns, string summary)
    {
        var table = Tables.Create("column", "type", "nulls", "because");
        foreach (var (name, type, nulls, evidence) in columns)
            table.Add(name, type, nulls, evidence);
        console.Write(table);
        console.WriteLine(summary);
    }
}
