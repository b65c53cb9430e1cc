using DataIngestion.Benchmarks;
using DataIngestion.Benchmarks.Collect;
using DataIngestion.Benchmarks.Compression;
using DataIngestion.Benchmarks.ConformanceBoard;
using DataIngestion.Benchmarks.Connect;
using DataIngestion.Benchmarks.Convert;
using DataIngestion.Benchmarks.Json;
using DataIngestion.Benchmarks.Parquet;
using DataIngestion.Benchmarks.Pollock;
using DataIngestion.Benchmarks.Recognition;
using DataIngestion.Benchmarks.Recover;
using DataIngestion.Benchmarks.Runtime;
using DataIngestion.Benchmarks.Stages;

// Each benchmark of this project is listed here by hand, so that the list is also the order in which 'all' runs them.
IBenchmark[] benchmarks =
[
    new DurableBenchmark(),
    new TriggerBenchmark(),
    new ConvertBenchmark(),
    new JsonBenchmark(),
    new ParquetBenchmark(),
    new PollockBenchmark(),
    new StagesBenchmark(),
    new DecompressBenchmark(),
    new ConformanceBenchmark(),
    new RecognitionBenchmark(),
    new ConnectBenchmark(),
    new CollectBenchmark(),
    new RestoreBenchmark(),
];

var json = args.Contains("--json");
var words = args.Where(a => a != "--json").ToArray();
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

var chosen = words.FirstOrDefault() switch
{
    "all" => benchmarks,
    { } name => [.. benchmarks.Where(b => b.Name == name)],
    null => [],
};

if (chosen.Length == 0)
{
    Console.Error.WriteLine(words.Length == 0 ? "usage: ingest bench NAME [--json] [arguments]" : $"There is no benchmark '{words[0]}'.");
    Console.Error.WriteLine("Benchmarks: all, or one of");
    foreach (var benchmark in benchmarks)
        Console.Error.WriteLine($"  {benchmark.Name,-12} {benchmark.Description}");
    return 2;
}

foreach (var benchmark in chosen)
    await benchmark.RunAsync(new ConsoleReport(Console.Out, json), words[1..], stop.Token);
return 0;
