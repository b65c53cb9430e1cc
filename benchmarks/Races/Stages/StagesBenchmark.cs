using System.Globalization;
using DataIngestion.Benchmarks.Convert;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Stages;

/// <summary>
/// What each stage of a conversion costs, in processor time of one thread: the stages are run one by one over the whole file, in memory, and a
/// stage that cannot be run alone is the difference of two that can.
/// </summary>
internal sealed class StagesBenchmark : IBenchmark
{
    const int Rounds = 5;

    /// <summary>A column's cost is what so many copies of it add: the first one pays for the rest, too.</summary>
    const int Copies = 4;

    /// <summary>Megabytes a second of typed parsing that one core is meant to reach.</summary>
    const double ParseGoal = 450;

    /// <summary>A little more than DuckDB takes on the machine of the published figures.</summary>
    const double WholeGoal = 200;

    public string Name => "stages";

    public string Description => "What each stage of converting CSV costs on one core; arguments: megabytes (default 100), trades or bars";

    public Task RunAsync(IReport report, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var megabytes = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100;
        IRaceDataset dataset = arguments.Contains("bars") ? new Bars() : new Trades();
        var input = new StageInput(RaceFile.Create(dataset, RaceForm.Csv, megabytes, Path.Combine("artifacts", "bench")));
        report.Note($"{dataset.Name}, {input.Bytes / 1e6:0} MB, {input.Rows:N0} rows of {(double)input.Bytes / input.Rows:0.0} bytes; processor time of one thread, least of {Rounds} rounds\n");
        var stages = new StageClock(Rounds);
        stages.Add("read the file", () => input.Read());
        stages.Add("find fields", () => input.Tokenise());
        foreach (var column in input.Schema)
        {
            stages.Add($"parse {column.Name} once", () => input.Parse(new([column])));
            stages.Add($"parse {column.Name} often", () => input.Parse(new([column]), 1 + Copies));
        }

        stages.Add("parse", () => input.Parse(input.Schema));
        var encoded = input.Schema.Select(c => new EncodedColumn(input, c)).ToList();
        foreach (var column in encoded)
            column.AddTo(stages);
        stages.Add("whole", () => input.ConvertAsync(cancellationToken).GetAwaiter().GetResult()); // this thread has nothing else to do
        stages.Run();
        encoded.ForEach(c => c.Dispose());
        Print(report, Costs(input, stages), stages["whole"], input);
        report.Add(new BoardResult("stages", $"{dataset.Name} csv, typed parse, MB/s of one core", input.Bytes / 1e6 / stages["parse"], null, ParseGoal));
        report.Add(new BoardResult("stages", $"{dataset.Name} csv, whole conversion, MB/s of processor time", input.Bytes / 1e6 / stages["whole"], null, WholeGoal));
        return Task.CompletedTask;
    }

    static List<StageCost> Costs(StageInput input, StageClock stages)
    {
        var costs = new List<StageCost> { new("read the file", stages["read the file"]), new("find fields", stages["find fields"]) };
        foreach (var column in input.Schema)
            costs.Add(new($"parse {column.Name}, {column.Type}", (stages[$"parse {column.Name} often"] - stages[$"parse {column.Name} once"]) / Copies));
        costs.Add(new("check records, build batches", stages["parse"] - costs.Skip(1).Sum(c => c.Seconds)));
        costs.AddRange(input.Schema.Select(c => new StageCost($"encode {c.Name}", stages[$"encode {c.Name}"])));
        costs.AddRange(input.Schema.Select(c => new StageCost($"compress {c.Name}", Math.Max(0, stages[$"compress {c.Name}"] - stages[$"encode {c.Name}"]))));
        return costs;
    }

    static void Print(IReport report, List<StageCost> costs, double whole, StageInput input)
    {
        var sum = costs.Sum(c => c.Seconds);
        report.Note("| stage | ns/row | MB/s of input | share |\n|---|---|---|---|");
        foreach (var cost in costs.Append(new("**sum of the stages**", sum)).Append(new("**whole conversion**", whole)))
            report.Note($"| {cost.Stage} | {cost.Seconds * 1e9 / input.Rows:0.0} | {(cost.Seconds * 1e9 / input.Rows >= 0.05 ? (input.Bytes / 1e6 / cost.Seconds).ToString("N0") : "–")} | {cost.Seconds / sum:P0} |");
        report.Note("");
    }
}

/// <summary>Processor time of one stage over the whole input.</summary>
internal sealed record StageCost(string Stage, double Seconds);
