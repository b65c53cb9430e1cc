using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Cli.Printing;
using DataIngestion.Contracts;
using DataIngestion.Govern;
using Spectre.Console;

namespace DataIngestion.Cli.Reading;

/// <summary>Some rows of a dataset or a file.</summary>
/// <param name="Columns">The columns in order.</param>
/// <param name="Rows">Values in the columns' order.</param>
/// <param name="HasMore">Whether there are more rows than were asked for.</param>
internal sealed record RowPage(IReadOnlyList<SnapshotColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows, bool HasMore)
{
    /// <summary>One JSON object a row.</summary>
    public void WriteJson(CommandEnvironment environment)
    {
        foreach (var row in Rows)
        {
            var record = new JsonObject();
            for (var i = 0; i < Columns.Count; i++)
                record[Columns[i].Name] = JsonSerializer.SerializeToNode(row[i], ContractJson.Options);
            environment.Output.WriteLine(record.ToJsonString(ContractJson.Options));
        }
    }

    /// <summary>A table; lineage columns only if wanted.</summary>
    public void Print(IAnsiConsole console, bool lineage)
    {
        var shown = Enumerable.Range(0, Columns.Count).Where(i => lineage || !Columns[i].Name.StartsWith('_')).ToArray();
        var table = Tables.Create([.. shown.Select(i => (IsNumber(Columns[i].Type) ? "#" : "") + Columns[i].Name)]);
        foreach (var row in Rows)
            table.Add([.. shown.Select(i => Cells.Text(row[i]))]);
        console.Write(table);
    }

    static bool IsNumber(string type) =>
        type.StartsWith("int", StringComparison.Ordinal) || type.StartsWith("decimal", StringComparison.Ordinal) || type is "double" or "float";
}
