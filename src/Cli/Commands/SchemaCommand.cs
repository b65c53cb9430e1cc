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
            var specifications = FormatOptions.Specifications(environment);
            var request = format.Request(parsed, environment, specifications);
            using var list = new SourceList(environment);
            var found = await list.ReadAsync([parsed.GetRequiredValue(file)], new ConversionLimits(), cancellationToken);
            if (found.Select(s => s.Path).Distinct(StringComparer.Ordinal).Count() is > 1 and var count)
                throw new CommandFailedException(ExitCodes.Usage, $"'{parsed.GetRequiredValue(file)}' stands for {count} files: name one.");
            var files = new FileConversion(environment, specifications);
            foreach (var source in await SourceList.TablesAsync(found, request, specifications, cancellationToken))
                await ShowAsync(environment, files, source, request with { ProfileFirst = true }, parsed.GetValue(options.Json), cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task ShowAsync(CommandEnvironment environment, FileConversion files, ConversionSource source, ConversionRequest request, bool json, CancellationToken cancellationToken)
    {
        var isPart = source.Member is not null || source.Table is not null;
        if (!isPart && await TryReadParquetAsync(source.Path, cancellationToken) is { } known)
        {
            if (json)
                environment.WriteJson(new { file = source.Path, known.Rows, known.Schema });
            else
                Print(environment, known);
            return;
        }

        var result = await files.InspectAsync(source, request, cancellationToken);
        if (json)
        {
            environment.WriteJson(new { file = isPart ? source.Shown : source.Path, result.Format, result.RowsIn, result.RowsRejected, result.Schema, result.Columns, result.Notes });
            return;
        }

        if (isPart)
            environment.Output.WriteLine(source.Shown);
        Print(environment, result);
    }

    static async Task<ParquetReader?> TryReadParquetAsync(string path, CancellationToken cancellationToken)
    {
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

    static void Print(CommandEnvironment environment, ParquetReader file)
    {
        var table = Tables.Create("column", "type", "nulls");
        foreach (var column in file.Schema)
            table.Add(column.Name, column.Type.ToString(), column.Nullable ? "" : "not null");
        environment.CreateConsole().Write(table);
        environment.Output.WriteLine($"{Tables.Count(file.Rows)} rows in {file.RowGroups.Count} row groups");
    }

    static void Print(CommandEnvironment environment, ConversionResult result)
    {
        var table = Tables.Create("column", "type", "#values", "nulls", "identifies", "written", "range", "because");
        foreach (var column in result.Columns)
        {
            var nullable = result.Schema[result.Schema.IndexOf(column.Name)].Nullable;
            table.Add(
                column.Name, column.Type.ToString(), Tables.Count(column.Values), ColumnEvidence.Nulls(column, nullable), ColumnEvidence.Identifies(column), ColumnEvidence.Writing(column), ColumnEvidence.Range(column),
                ColumnEvidence.Because(column));
        }

        environment.CreateConsole().Write(table);
        environment.Output.WriteLine($"{result.Format.Format}, {Tables.Count(result.RowsIn)} rows, {Tables.Count(result.RowsRejected)} of them do not fit");
        foreach (var note in result.Notes)
            environment.Output.WriteLine(note);
    }
}
