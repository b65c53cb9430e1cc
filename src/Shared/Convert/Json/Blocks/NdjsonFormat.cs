using DataIngestion.Conversion.Pipeline;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Json.Blocks;

/// <summary>JSON texts, one a line: a line feed ends a record, whatever stands before it.</summary>
internal sealed class NdjsonFormat(JsonPath path, IReadOnlyList<string> inherit, bool keepsObjects, ConversionLimits limits) : IBlockFormat
{
    public int FindEnd(ReadOnlySpan<byte> content) => content.LastIndexOf((byte)'\n') + 1;

    public IBlockReader CreateReader() => new NdjsonBlockReader(path, inherit, keepsObjects, limits);

    /// <summary>Only records that are whole lines have a fast parser.</summary>
    public IBlockParser? CreateParser(BlockPlan plan) => path.IsRoot ? new NdjsonBlockParser(plan, keepsObjects) : null;
}
