using DataIngestion.Conversion.Arrow.Writing;
using DataIngestion.Conversion.Avro;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Writing;

/// <summary>The writer for each output format.</summary>
internal static class BatchWriters
{
    /// <summary>Begins an output. The stream is left open.</summary>
    public static IBatchWriter Create(Stream output, DataSchema schema, ConversionRequest request) => request.Output switch
    {
        OutputFormat.Csv => new TextBatchWriter(output, schema, new CsvRowText(schema), request.Threads),
        OutputFormat.Ndjson => new TextBatchWriter(output, schema, new JsonRowText(schema), request.Threads),
        OutputFormat.Avro => new AvroBatchWriter(output, schema, request.Avro, request.Threads),
        OutputFormat.Arrow => new ArrowBatchWriter(output, schema, request.Arrow),
        _ => ParquetBatchWriter.Create(output, schema, request.Parquet),
    };
}
