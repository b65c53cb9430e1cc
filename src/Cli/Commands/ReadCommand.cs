using System.CommandLine;
using DataIngestion.Cli.Printing;
using DataIngestion.Cli.Reading;
using DataIngestion.Contracts;
using DataIngestion.Govern;

namespace DataIngestion.Cli.Commands;

/// <summary><c>ingest read DATASET|FILE.parquet</c>: rows of a published dataset, now or as it was known, or of a Parquet file.</summary>
internal static class ReadCommand
{
    /// <summary>Creates it.</summary>
    public static Command Create(CommandEnvironment environment, GlobalOptions options)
    {
        var what = new Argument<string>("what") { Description = "Id of a dataset, or a Parquet file.", HelpName = "DATASET|FILE.parquet" };
        var limit = NumberOption.Create("--limit", "N", "Most rows; 1 to 100000, default 20.", 20, 1, 100_000);
        var where = new Option<string[]>("--where") { Description = "Only rows with this value, such as symbol=AAPL; may be repeated.", HelpName = "column=value", DefaultValueFactory = _ => [] };
        var asOf = new Option<DateTimeOffset?>("--as-of") { Description = "The dataset as it was known at this moment (ISO 8601).", HelpName = "TIME" };
        var lineage = new Option<bool>("--lineage") { Description = "Show the columns that say where a row came from, too." };
        var command = new Command("read", "Print rows of a published dataset or of a Parquet file.") { what, limit, where, asOf, lineage };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(what);
            var filter = KeyValues.Parse(parsed.GetValue(where) ?? []);
            var isFile = !ConfigurationId.IsValid(name);
            var (page, remark) = isFile
                ? (await ParquetRows.ReadAsync(environment.Resolve(name), filter, parsed.GetValue(limit), cancellationToken), "")
                : await ReadDatasetAsync(
                    environment, parsed.GetValue(options.Data), name, new SnapshotQuery { Filter = filter, Limit = parsed.GetValue(limit), AsOf = parsed.GetValue(asOf) }, cancellationToken);

            if (parsed.GetValue(options.Json))
            {
                page.WriteJson(environment);
                return ExitCodes.Ok;
            }

            page.Print(environment.CreateConsole(), lineage: isFile || parsed.GetValue(lineage));
            await environment.Output.WriteLineAsync($"{Tables.Count(page.Rows.Count)} rows{(page.HasMore ? ", and there are more (--limit)" : "")}{remark}");
            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task<(RowPage Page, string Remark)> ReadDatasetAsync(
        CommandEnvironment environment, string? data, string dataset, SnapshotQuery query, CancellationToken cancellationToken)
    {
        await using var lake = await Lake.OpenAsync(environment, data, cancellationToken);
        var snapshots = new SnapshotReader(lake.Blobs);
        if (await snapshots.ReadAsync(dataset, query, cancellationToken) is { } page)
            return (new(page.Columns, page.Rows, page.HasMore), $" of {Tables.Count(page.SnapshotRows)} in {page.Snapshot}, known {Tables.Moment(page.KnownAt)}");

        var published = new List<string>();
        await foreach (var other in snapshots.ListAsync(cancellationToken))
            published.Add(other.Dataset);
        throw new CommandFailedException(ExitCodes.NotFound, published.Count == 0
            ? "No dataset has been published yet: ingest something first, for example with 'ingest demo'."
            : $"'{dataset}' has not been published{(query.AsOf is { } moment ? $" by {Tables.Moment(moment)}" : "")}: there are {string.Join(", ", published)}.");
    }
}
