using BenchmarkDotNet.Attributes;
using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Stages;

/// <summary>Parsing, encoding and compressing one column of each type.</summary>
[MemoryDiagnoser]
public class ColumnBenchmarks
{
    const int Megabytes = 16;
    StageInput _input = null!;
    DataSchema _schema = null!;
    List<RecordBatch> _batches = [];

    [Params("time", "symbol", "price", "size", "trade_id", "late")] public string Column { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _input = StageFile.Open(Megabytes);
        _schema = new([_input.Schema[_input.Schema.IndexOf(Column)]]);
        _batches = [.. _input.Batches(_schema)];
    }

    [GlobalCleanup] public void Cleanup() => _batches.ForEach(b => b.Dispose());

    [Benchmark(Baseline = true)] public int FindFields() => _input.Tokenise();

    [Benchmark] public int FindAndParse() => _input.Parse(_schema);

    [Benchmark] public long Encode() => StageInput.Encode(_schema, _batches, ParquetCompression.None);

    [Benchmark] public long EncodeAndCompress() => StageInput.Encode(_schema, _batches, ParquetCompression.Zstd);
}
