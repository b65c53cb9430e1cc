using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>
/// Fills one column of the output from the cells of some records, in one loop. The loops are compiled fully at once: a short file is over before
/// the runtime would have replaced its first, slow code, and with vectors that is slower by far than row-wise parsing.
/// </summary>
internal abstract class ColumnFill
{
    /// <summary>Reads the column's cell of every row; may be called again with fewer rows.</summary>
    /// <param name="builder">Has the rows before these.</param>
    /// <returns>How many rows could be read before one that only the row reader knows what to do with.</returns>
    public abstract int Fill(ColumnBuilder builder, in BlockCells cells);

    /// <summary>Keeps the first rows that were read.</summary>
    public abstract void Commit(ColumnBuilder builder, int rows);

    /// <summary>How often each spelling of "no value" stood in the cells that were kept, since the last call.</summary>
    public virtual IReadOnlyDictionary<string, long> TakeNullSpellings() => None;

    static readonly Dictionary<string, long> None = new(StringComparer.Ordinal);
}
