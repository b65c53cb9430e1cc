using BenchmarkDotNet.Attributes;
using DataIngestion.Benchmarks.Convert;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Stages;

/// <summary>Each stage of a conversion by itself: <c>dotnet run -c Release --project benchmarks/Stages -- --filter '*'</c>.</summary>
[MemoryDiagnoser]
public class StageBenchmarks
{
    StageInput _input = null!;

    [Params(16)] public int Megabytes { get; set; }

    [GlobalSetup] public void Setup() => _input = StageFile.Open(Megabytes);

    [Benchmark(Baseline = true)] public long ReadFile() => _input.Read();

    [Benchmark] public int FindFields() => _input.Tokenise();

    [Benchmark] public int ParseAllColumns() => _input.Parse(_input.Schema);

    [Benchmark] public Task<long> WholeConversion() => _input.ConvertAsync(CancellationToken.None);
}
