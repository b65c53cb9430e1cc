namespace DataIngestion.Tabular;

/// <summary>Judges rows by their values. One check is one rule; a row that lacks a value that the rule is about meets it. Thread-safe.</summary>
public interface IRowCheck
{
    /// <summary>The column that a broken rule is reported for.</summary>
    string? Column { get; }

    /// <summary>What was expected, as a phrase: <c>low &lt;= high</c>.</summary>
    string Expected { get; }

    /// <summary>What a row that breaks it does, as a clause: <c>column 'low' is below 0</c>.</summary>
    string Breach { get; }

    /// <summary>Tells the rows that break the rule, in order.</summary>
    /// <exception cref="InvalidOperationException">The batch's types do not fit the rule.</exception>
    void FindBroken(RecordBatch batch, Action<int> broken);
}
