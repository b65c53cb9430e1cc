using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>What every row must meet on its own: values where they must be, ranges, rules.</summary>
internal sealed class RowChecks
{
    readonly DatasetDefinition _dataset;
    readonly (string Column, Finding Finding)[] _complete;
    readonly (string Column, ColumnVector Bound, int Wrong, Finding Finding)[] _ranges;
    readonly (QualityRule Rule, ColumnVector? Left, ColumnVector? Right, Finding Finding)[] _rules;

    public RowChecks(DatasetDefinition dataset, IReadOnlyList<QualityRule> rules)
    {
        _dataset = dataset;
        _complete = [.. dataset.Columns
            .Where(c => !c.Value.Nullable || dataset.Keys.Contains(c.Key, StringComparer.Ordinal))
            .Select(c => (c.Key, new Finding($"column '{c.Key}' lacks a value")))];
        _ranges = [.. dataset.Columns.SelectMany(c => RangesOf(c.Key, c.Value))];
        _rules = [.. rules.Select(r => (r, NumberOf(r.Left), NumberOf(r.Right), new Finding($"'{r.Text}' does not hold")))];
    }

    /// <summary>Everything that is checked, in order.</summary>
    public IEnumerable<Finding> Findings => [.. _complete.Select(c => c.Finding), .. _ranges.Select(r => r.Finding), .. _rules.Select(r => r.Finding)];

    /// <summary>Checks all rows of a batch.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="file">The raw artefact that they come from, for messages.</param>
    public void Check(RecordBatch batch, string file)
    {
        var place = batch.Schema.IndexOf("_row");
        string? RowOf(int row) => place < 0 ? "?" : batch.Columns[place].GetText(row);
        foreach (var (name, finding) in _complete)
            CheckComplete(batch, name, finding, file, RowOf);
        foreach (var (name, bound, wrong, finding) in _ranges)
        {
            if (Find(batch, name) is not { } column)
                continue;
            if (!Cells.IsNumber(column.Type))
                throw Unfit($"the column '{name}' has a minimum or maximum and is {column.Type} in {file}: convert the run anew with the dataset as it is now.");
            for (var row = 0; row < batch.Count; row++)
            {
                if (!column.IsNull(row) && Math.Sign(Cells.Compare(column, row, bound, 0)) == wrong)
                    AddRow(finding, row);
            }
        }

        foreach (var (rule, leftNumber, rightNumber, finding) in _rules)
        {
            var (left, right) = (leftNumber ?? Find(batch, rule.Left.Column!), rightNumber ?? Find(batch, rule.Right.Column!));
            if (left is null || right is null)
                continue;
            if (!Cells.AreComparable(left.Type, right.Type))
                throw Unfit($"the rule '{rule.Text}' compares {left.Type} with {right.Type} in {file}: convert the run anew with the dataset as it is now.");
            for (var row = 0; row < batch.Count; row++)
            {
                var (leftRow, rightRow) = (leftNumber is null ? row : 0, rightNumber is null ? row : 0);
                if (!left.IsNull(leftRow) && !right.IsNull(rightRow) && !rule.Holds(Cells.Compare(left, leftRow, right, rightRow)))
                    AddRow(finding, row);
            }
        }

        void AddRow(Finding finding, int row) => finding.Add(file, () => RowOf(row));
    }

    static void CheckComplete(RecordBatch batch, string name, Finding finding, string file, Func<int, string?> rowOf)
    {
        var place = batch.Schema.IndexOf(name);
        if (place < 0)
        {
            finding.Add(batch.Count, $"{file}, which has no such column");
            return;
        }

        var column = batch.Columns[place];
        for (var row = 0; column.NullCount > 0 && row < batch.Count; row++)
        {
            if (column.IsNull(row))
            {
                var broken = row;
                finding.Add(file, () => rowOf(broken));
            }
        }
    }

    static IEnumerable<(string, ColumnVector, int, Finding)> RangesOf(string name, ColumnDefinition column)
    {
        if (column.Minimum is { } minimum)
            yield return (name, Cells.NumberOf(minimum), -1, new($"column '{name}' is below {minimum}"));
        if (column.Maximum is { } maximum)
            yield return (name, Cells.NumberOf(maximum), 1, new($"column '{name}' is above {maximum}"));
    }

    static ColumnVector? Find(RecordBatch batch, string name)
    {
        var place = batch.Schema.IndexOf(name);
        return place < 0 ? null : batch.Columns[place];
    }

    static ColumnVector? NumberOf(Operand operand) => operand.Column is null ? Cells.NumberOf(operand.Number) : null;

    StepFailedException Unfit(string message) => new(new() { Code = "rules-unfit", Message = $"Dataset '{_dataset.Dataset}': {message}" });
}
