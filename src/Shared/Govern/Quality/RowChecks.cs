using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Govern;

/// <summary>What every row must meet on its own: values where they must be, and the dataset's row rules.</summary>
internal sealed class RowChecks
{
    readonly DatasetDefinition _dataset;
    readonly (string Column, Finding Finding)[] _complete;
    readonly (IRowCheck Check, Finding Finding)[] _rules;

    /// <exception cref="StepFailedException">A rule of the dataset cannot be read.</exception>
    public RowChecks(DatasetDefinition dataset)
    {
        _dataset = dataset;
        _complete = [.. dataset.Columns
            .Where(c => !c.Value.Nullable || dataset.Keys.Contains(c.Key, StringComparer.Ordinal))
            .Select(c => (c.Key, new Finding($"column '{c.Key}' lacks a value")))];
        _rules = [.. RowRules.Of(dataset).Select(check => (check, new Finding(check.Breach)))];
    }

    /// <summary>Everything that is checked, in order.</summary>
    public IEnumerable<Finding> Findings => [.. _complete.Select(c => c.Finding), .. _rules.Select(r => r.Finding)];

    /// <summary>Checks all rows of a batch.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="file">The raw artefact that they come from, for messages.</param>
    public void Check(RecordBatch batch, string file)
    {
        var place = batch.Schema.IndexOf("_row");
        string? RowOf(int row) => place < 0 ? "?" : batch.Columns[place].GetText(row);
        foreach (var (name, finding) in _complete)
            CheckComplete(batch, name, finding, file, RowOf);
        foreach (var (check, finding) in _rules)
        {
            try
            {
                check.FindBroken(batch, row => finding.Add(file, () => RowOf(row)));
            }
            catch (InvalidOperationException unfit)
            {
                throw new StepFailedException(
                    new() { Code = "rules-unfit", Message = $"Dataset '{_dataset.Dataset}': {unfit.Message} in {file}: convert the run anew with the dataset as it is now." }, unfit);
            }
        }
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
}
