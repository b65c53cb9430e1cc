using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Inference;

/// <summary>The narrowest type of a column, how it spells its values, and why.</summary>
/// <param name="Evidence">A sentence without a full stop.</param>
/// <param name="IsOpen">Whether the column is text only because nothing decided: one more value could give it another type.</param>
internal sealed record ColumnFinding(DataType Type, ColumnFormat Format, string Evidence, bool IsOpen = false)
{
    public static ColumnFinding Text(string evidence) => new(DataType.String, ColumnFormat.Default, evidence);

    public static ColumnFinding Open(string evidence) => new(DataType.String, ColumnFormat.Default, evidence, IsOpen: true);
}
