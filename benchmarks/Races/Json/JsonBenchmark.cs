using DataIngestion.Conversion;

namespace DataIngestion.Benchmarks.Json;

/// <summary>github.com/nst/JSONTestSuite through the converter: what must be accepted, what must be refused, and what may be either.</summary>
internal sealed class JsonBenchmark : IBenchmark
{
    public string Name => "json";

    public string Description => "JSONTestSuite through the converter; argument: the folder of its test_parsing (default: ../shared/data/json)";

    public async Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var folder = arguments.Count > 0 ? arguments[0] : SharedFolder.Find("json/JSONTestSuite_test_parsing");
        if (folder is null || !Directory.Exists(folder))
        {
            report.Note("There is no folder with the files (../shared/data/json); give it as an argument.");
            return;
        }

        var outcomes = new List<(char Kind, string Name, Outcome Outcome)>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            outcomes.Add((Path.GetFileName(path)[0], Path.GetFileName(path), await TryAsync(path, cancellationToken)));
        Add(report, "y_ accepted", outcomes, 'y', o => o.IsAccepted);
        Add(report, "n_ refused with line and column", outcomes, 'n', o => o.HasPlace);
        Add(report, "i_ accepted, or refused with line and column", outcomes, 'i', o => o.IsAccepted || o.HasPlace);
        foreach (var (_, name, outcome) in outcomes.Where(o => o.Kind == 'i'))
            report.Note($"  {name}: {(outcome.IsAccepted ? "accepted" : outcome.Text)}");
    }

    static void Add(IReport report, string name, List<(char Kind, string Name, Outcome Outcome)> outcomes, char kind, Func<Outcome, bool> isRight)
    {
        var files = outcomes.Where(o => o.Kind == kind).ToList();
        report.Add(new BoardResult("json", $"JSONTestSuite {name}", files.Count(f => isRight(f.Outcome)), files.Count, files.Count));
        foreach (var (_, file, outcome) in files.Where(f => !isRight(f.Outcome)))
            report.Note($"  wrong: {file}: {outcome.Text}");
    }

    sealed record Outcome(bool IsAccepted, bool HasPlace, string Text);

    static async Task<Outcome> TryAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var result = await new Converter().ConvertAsync(
                _ => new(File.OpenRead(path)), Stream.Null, (_, _) => ValueTask.CompletedTask, new() { Hint = new() { Format = "json" } }, null, cancellationToken);
            return new(true, false, $"accepted, {result.RowsOut} rows, {result.RowsRejected} rejected");
        }
        catch (ConversionException refused)
        {
            return new(false, refused is { Line: not null, Column: not null }, refused.Message);
        }
    }
}
