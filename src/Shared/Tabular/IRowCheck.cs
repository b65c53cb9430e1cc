namespace DataIngestion.Tabular;

/// <summary>Judges rows by their values. One check is one rule.</summary>
public interface IRowCheck
{
    /// <summary>The column that a broken rule is reported for; null when it is about several.</summary>
    string? Column { get; }

    /// <summary>What was expected, as a phrase: <c>low &lt;= high</c>.</summary>
    string Expected { get; }

    /// <summary>Whether a row meets the rule. A row that lacks a value that the rule is about meets it.</summary>
    /// <exception cref="InvalidOperationException">The batch's types do not fit the rule.</exception>
    bool Passes(RecordBatch batch, int row);
}
