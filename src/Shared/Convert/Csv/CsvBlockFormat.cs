using DataIngestion.Conversion.Csv.Blocks;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Csv;

/// <summary>Delimited text of a plain dialect.</summary>
internal sealed class CsvBlockFormat(CsvDialect dialect, ConversionLimits limits) : IBlockFormat
{
    public bool NamesAtStart => true;

    /// <summary>
    /// A line's end outside of quotes ends a record, and it is outside if an even number of quotes comes before it. Text with a quote
    /// inside an unquoted field breaks this rule; if no line's end obeys it, the last one is as good a guess.
    /// </summary>
    public int FindEnd(ReadOnlySpan<byte> content)
    {
        var last = content.LastIndexOf((byte)'\n');
        if (last < 0 || dialect.Quote is not { } quote)
            return last + 1;
        var quotes = content[..last].Count((byte)quote);
        for (var at = last; at >= 0;)
        {
            if ((quotes & 1) == 0)
                return at + 1;
            var before = content[..at].LastIndexOf((byte)'\n');
            quotes -= content[(before + 1)..at].Count((byte)quote);
            at = before;
        }

        return last + 1;
    }

    public IBlockReader CreateReader() => new CsvRecords(dialect, limits);

    public IBlockParser? CreateParser(BlockPlan plan) => CsvBlockParser.Create(dialect, plan);
}
