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
            yield return new RangeCheck(name, $"{name} >= {minimum}", $"column '{name}' is below {minimum}", Cells.NumberOf(minimum), -1);
        if (column.Maximum is { } maximum)
            yield return new RangeCheck(name, $"{name} <= {maximum}", $"column '{name}' is above {maximum}", Cells.NumberOf(maximum), 1);
    }

    static ColumnVector? Find(RecordBatch batch, string name)
    {
        var place = batch.Schema.IndexOf(name);
        return place < 0 ? null : batch.Columns[place];
    }

    sealed class RangeCheck(string name, string expected, string breach, ColumnVector bound, int wrong) : IRowCheck
    {
        public string? Column => name;

        public string Expected => expected;

        public string Breach => breach;

        public void FindBroken(RecordBatch batch, Action<int> broken)
        {
            if (Find(batch, name) is not { } column)
                return;
            if (!Cells.IsNumber(column.Type))
                throw new InvalidOperationException($"the column '{name}' has a minimum or maximum and is {column.Type}");
            for (var row = 0; row < batch.Count; row++)
            {
                if (!column.IsNull(row) && Math.Sign(Cells.Compare(column, row, bound, 0)) == wrong)
                    broken(row);
            }
        }
    }

    sealed class ComparisonCheck(QualityRule rule) : IRowCheck
    {
        readonly ColumnVector? _leftNumber = NumberOf(rule.Left);
        readonly ColumnVector? _rightNumber = NumberOf(rule.Right);

        public string? Column => rule.Left.Column ?? rule.Right.Column;

        public string Expected => rule.Text;

        public string Breach => $"'{rule.Text}' does not hold";

        public void FindBroken(RecordBatch batch, Action<int> broken)
        {
            var (left, right) = (_leftNumber ?? Find(batch, rule.Left.Column!), _rightNumber ?? Find(batch, rule.Right.Column!));
            if (left is null || right is null)
                return;
            if (!Cells.AreComparable(left.Type, right.Type))
                throw new InvalidOperationException($"the rule '{rule.Text}' compares {left.Type} with {right.Type}");
            for (var row = 0; row < batch.Count; row++)
            {
                var (leftRow, rightRow) = (_leftNumber is null ? row : 0, _rightNumber is null ? row : 0);
                if (!left.IsNull(leftRow) && !right.IsNull(rightRow) && !rule.Holds(Cells.Compare(left, leftRow, right, rightRow)))
                    broken(row);
            }
        }

        static ColumnVector? NumberOf(Operand operand) => operand.Column is null ? Cells.NumberOf(operand.Number) : null;
    }
}
