using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>Which rows have certain values.</summary>
internal sealed class RowFilter
{
    readonly (int Place, ColumnVector Value)[] _conditions;

    /// <exception cref="StepFailedException">A name is no column, or a value is not of its type.</exception>
    public RowFilter(DataSchema schema, IReadOnlyDictionary<string, string> values, string what)
    {
        _conditions = [.. values.Select(condition =>
        {
            var place = schema.IndexOf(condition.Key);
            if (place < 0)
                throw Wrong($"{what}: there is no column '{condition.Key}'; there are {string.Join(", ", schema.Select(c => c.Name))}.");
            var type = schema[place].Type;
            return (place, Cells.Parse(type, condition.Value) ?? throw Wrong($"{what}: '{condition.Value}' is no value of the column '{condition.Key}', which is {type}{ExampleOf(type)}."));
        })];
    }

    public bool Fits(RecordBatch batch, int row)
    {
        foreach (var (place, value) in _conditions)
        {
            var column = batch.Columns[place];
            if (column.IsNull(row) || column.Compare(row, value, 0) != 0)
                return false;
        }

        return true;
    }

    static string ExampleOf(DataType type) => type.Kind switch
    {
        DataKind.Date => ", such as 2026-01-31",
        DataKind.Timestamp => ", such as 2026-01-31T16:00:00Z",
        DataKind.Boolean => ", true or false",
        _ => "",
    };

    static StepFailedException Wrong(string message) => new(new() { Code = "filter-wrong", Message = message });
}
