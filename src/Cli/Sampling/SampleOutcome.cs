namespace DataIngestion.Cli.Sampling;

/// <summary>What became of one sample.</summary>
/// <param name="Sample">Its file.</param>
/// <param name="Source">Source id.</param>
/// <param name="Dataset">Dataset id.</param>
/// <param name="Runs">Runs that were made.</param>
/// <param name="Rows">Rows that they published together.</param>
/// <param name="Problems">Everything that is not as the sample says, with file and line; empty when all is.</param>
internal sealed record SampleOutcome(string Sample, string Source, string Dataset, int Runs, long Rows, IReadOnlyList<string> Problems)
{
    /// <summary>Whether all is as the sample says.</summary>
    public bool IsOk => Problems.Count == 0;
}

/// <summary>What one run made.</summary>
internal sealed record SampleRunResult
{
    /// <summary>Rows published.</summary>
    public long Rows { get; init; }

    /// <summary>Rows set aside.</summary>
    public long Quarantined { get; init; }

    /// <summary>The cursor after it.</summary>
    public string? Cursor { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Why rows were set aside and what the quality gate found.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The rows published, as text; null for no value.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string?>> Values { get; init; } = [];
}
