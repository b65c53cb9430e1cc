using DataIngestion.Govern;
using Spectre.Console;

namespace DataIngestion.Cli.Printing;

/// <summary>Prints where a row came from and what other sources said.</summary>
internal static class WhyPrinter
{
    /// <summary>The sources side by side, then each one's way back to the bytes.</summary>
    public static void Print(IAnsiConsole console, WhyAnswer answer)
    {
        Statement[] statements = [answer.Standing, .. answer.Others];
        var table = Tables.Create(["", .. statements.Select(s => "#" + s.Source)]);
        foreach (var column in answer.Standing.Values.Keys)
        {
            table.AddRow([
                new Text(column),
                .. statements.Select(s => new Text(Mark(s, column), s.Differs.Contains(column) ? new Style(Color.Yellow, decoration: Decoration.Bold) : Style.Plain)),
            ]);
        }

        console.Write(table);
        foreach (var statement in statements)
            Print(console, statement);
        console.WriteLine($"snapshot {answer.Snapshot}, known {Tables.Moment(answer.SnapshotKnownAt)}");
    }

    static void Print(IAnsiConsole console, Statement statement)
    {
        console.WriteLine($"{statement.Source}: {statement.Verdict}{(statement.Differs.Count > 0 ? $"; differs in {string.Join(", ", statement.Differs)}" : "")}");
        var origin = statement.Origin;
        (string Name, string? Value)[] facts =
        [
            ("known since", Tables.Moment(statement.KnownAt)),
            ("run", origin.Run),
            ("asked for", origin.Request),
            ("raw bytes", origin.Artefact is { } artefact ? $"{artefact}, row {origin.Row}" : null),
            ("sha-256", origin.Sha256),
            ("raw record", origin.RawRecord),
            ("parquet", origin.Curated?.ToString()),
        ];
        foreach (var (name, value) in facts.Where(f => !string.IsNullOrEmpty(f.Value)))
            console.WriteLine($"    {name,-12} {value}");
    }

    static string Mark(Statement statement, string column)
    {
        var text = Cells.Text(statement.Values.GetValueOrDefault(column));
        return statement.Differs.Contains(column) ? $"* {text}" : text;
    }
}
