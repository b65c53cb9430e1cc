using DataIngestion.Tabular;

namespace DataIngestion.Benchmarks.Stages;

/// <summary>One column of the input, parsed and kept, to be written as Parquet with and without compression.</summary>
internal sealed class EncodedColumn : IDisposable
{
    readonly DataSchema _schema;
    readonly List<RecordBatch> _batches;

    public EncodedColumn(StageInput input, DataColumn column)
    {
        _schema = new([column]);
        _batches = [.. input.Batches(_schema)];
    }

    public void AddTo(StageClock stages)
    {
        stages.Add($"encode {_schema[0].Name}", () => StageInput.Encode(_schema, _batches, ParquetCompression.None));
        stages.Add($"compress {_schema[0].Name}", () => StageInput.Encode(_schema, _batches, ParquetCompression.Zstd));
    }

    public void Dispose() => _batches.ForEach(b => b.Dispose());
}
