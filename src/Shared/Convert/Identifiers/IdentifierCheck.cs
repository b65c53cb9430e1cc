using System.Globalization;
using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Identifiers;

/// <summary>The rule that a column declared to hold identifiers holds valid ones.</summary>
internal sealed class IdentifierCheck(string column, IdentifierKind kind) : IRowCheck
{
    public string? Column => column;

    public string Expected => $"a valid {Identifier.NameOf(kind)}";

    public string Breach => $"column '{column}' holds no valid {Identifier.NameOf(kind)}";

    /// <summary>The rules of a schema: for what was declared, not for what was found in another file.</summary>
    public static IEnumerable<IRowCheck> Of(DataSchema schema)
    {
        foreach (var column in schema)
        {
            if (column.Semantic is { Score: null } semantic && Identifier.KindOf(semantic.Name) is { } kind)
                yield return new IdentifierCheck(column.Name, kind);
        }
    }

    public void FindBroken(RecordBatch batch, Action<int> broken)
    {
        var values = batch[column];
        for (var row = 0; row < values.Count; row++)
        {
            if (!values.IsNull(row) && !Identifier.IsValid(kind, Text(values, row)))
                broken(row);
        }
    }

    static ReadOnlySpan<byte> Text(ColumnVector values, int row) => values switch
    {
        BytesColumn texts => texts[row].Trim((byte)' '),
        _ => Encoding.UTF8.GetBytes(Convert.ToString(values.GetValue(row), CultureInfo.InvariantCulture)!),
    };
}
