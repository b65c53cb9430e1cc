using System.Text.Json;
using DataIngestion.Cli.Printing;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Converting;

/// <summary>Says what conversions did.</summary>
/// <param name="environment">Where to.</param>
/// <param name="json">One JSON object a file instead of a table.</param>
/// <param name="toError">Whether standard output holds data.</param>
internal sealed class ConversionPrinter(CommandEnvironment environment, bool json, bool toError)
{
    const int ShownCharacters = 120;

    readonly TextWriter _writer = toError ? environment.Error : environment.Output;

    /// <summary>One file as it is done.</summary>
    public void Json(ConvertedFile file)
    {
        if (json)
            _writer.WriteLine(JsonSerializer.Serialize(file, ContractJson.Options));
    }

    /// <summary>All files, for people.</summary>
    public void Summary(IReadOnlyList<ConvertedFile> files)
    {
        if (json)
            return;
        var table = Tables.Create("file", "format", "#rows in", "#rows out", "#rejected", "#columns", "#seconds", "#MB/s", "output");
        foreach (var file in files)
        {
            var result = file.Result;
            table.Add(
                file.Input, string.Join(" in ", new[] { result.Format.Format, result.Format.Compression, result.Format.Container }.OfType<string>()), Tables.Count(result.RowsIn), Tables.Count(result.RowsOut),
                Tables.Count(result.RowsRejected), Tables.Count(result.Schema.Count), file.Seconds.ToString("0.00"), file.MegabytesPerSecond.ToString("0.0"), file.Output);
        }

        (toError ? environment.CreateErrorConsole() : environment.CreateConsole()).Write(table);
        foreach (var file in files)
            Details(file);
    }

    void Details(ConvertedFile file)
    {
        _writer.WriteLine($"{file.Input}: {string.Join(", ", file.Result.Schema.Select(c => $"{c.Name} {c.Type}{(c.Nullable ? "" : " not null")}"))}");
        foreach (var note in file.Result.Notes)
            _writer.WriteLine($"{file.Input}: {note}");
        foreach (var row in file.FirstRejected)
            _writer.WriteLine($"{file.Input}: line {row.Line}: {(row.IsValueOnly ? "value" : "row")} rejected ({row.Rule}{(row.Column is null ? "" : $", column '{row.Column}'")}): expected {row.Expected}: {Cut(row.Raw)}");
        if (file.Rejected is not null)
            _writer.WriteLine($"{file.Input}: all that was rejected is in {file.Rejected}");
        else if (file.FirstRejected.Count > 0)
            _writer.WriteLine($"{file.Input}: rejected rows were not written anywhere: name a file with --rejected");
    }

    static string Cut(string raw)
    {
        var line = raw.ReplaceLineEndings("⏎");
        return line.Length <= ShownCharacters ? line : line[..ShownCharacters] + "…";
    }
}
