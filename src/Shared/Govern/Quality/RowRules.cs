using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>The rules of a dataset that a row can break by itself: believable ranges, and the comparisons of its quality gate.</summary>
public static class RowRules
{
    /// <summary>One check a rule, in the order of columns and rules.</summary>
    /// <exception cref="StepFailedException">A rule cannot be read; see <see cref="QualityRules.Validate"/>.</exception>
    public static IReadOnlyList<IRowCheck> Of(DatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (QualityRules.Validate(dataset) is { Count: > 0 } faults)
            throw new StepFailedException(new() { Code = "rules-unfit", Message = $"Dataset '{dataset.Dataset}': {string.Join(" ", faults)}" });

        var ranges = dataset.Columns.SelectMany(c => RangesOf(c.Key, c.Value));
        var rules = dataset.Quality.Rules.Select(text => (IRowCheck)new ComparisonCheck(QualityRule.Parse(text, dataset, out _)!));
        return [.. ranges, .. rules];
    }

    static IEnumerable<IRowCheck> RangesOf(string name, ColumnDefinition column)
    {
        if (column.Minimum is { } minimum)
            yield return new RangeCheck(name, $"{name} >= {minimum}", Cells.NumberOf(minimum), -1);
        if (column.Maximum is { } maximum)
            yield return new RangeCheck(name, $"{name} <= {maximum}", Cells.NumberOf(maximum), 1);
    }

    sealed class RangeCheck(string column, string expected, ColumnVector bound, int wrong) : IRowCheck
    {
        public string? Column => column;

        public string Expected => expected;

        public bool Passes(RecordBatch batch, int row)
        {
            var place = batch.Schema.IndexOf(column);
            return place < 0 || batch.Columns[place].IsNull(row) || Math.Sign(Cells.Compare(batch.Columns[place], row, bound, 0)) != wrong;
        }
    }

    sealed class ComparisonCheck(QualityRule rule) : IRowCheck
    {
        readonly ColumnVector? _left = NumberOf(rule.Left);
        readonly ColumnVector? _right = NumberOf(rule.Right);

        public string? Column => rule.Left.Column ?? rule.Right.Column;

        public string Expected => rule.Text;

        public bool Passes(RecordBatch batch, int row)
        {
            var (left, leftRow) = Side(_left, rule.Left, batch, row);
            var (right, rightRow) = Side(_right, rule.Right, batch, row);
            if (left is null || right is null || left.IsNull(leftRow) || right.IsNull(rightRow))
                return true;
            if (!Cells.AreComparable(left.Type, right.Type))
                throw new InvalidOperationException($"The rule '{rule.Text}' compares {left.Type} with {right.Type}.");
            return rule.Holds(Cells.Compare(left, leftRow, right, rightRow));
        }

        static (ColumnVector?, int) Side(ColumnVector? number, Operand operand, RecordBatch batch, int row)
        {
            if (number is not null)
                return (number, 0);
            var place = batch.Schema.IndexOf(operand.Column!);
            return (place < 0 ? null : batch.Columns[place], row);
        }

        static ColumnVector? NumberOf(Operand operand) => operand.Column is null ? Cells.NumberOf(operand.Number) : null;
    }
}
