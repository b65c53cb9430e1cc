namespace DataIngestion.Conversion;

/// <summary>Where a column of the output comes from. Exactly one of <paramref name="From"/> and <paramref name="Constant"/>.</summary>
/// <param name="Name">The column in <see cref="ConversionRequest.Schema"/>.</param>
/// <param name="From">The column's name in the input. Several columns may come from one.</param>
/// <param name="Constant">The same value in every row.</param>
/// <param name="Format">Pattern of dates and timestamps that are not ISO 8601, as in .NET: <c>MM/dd/yyyy</c>. Times without an offset are UTC.</param>
public sealed record MappedColumn(string Name, string? From, string? Constant = null, string? Format = null)
{
    /// <summary>The value where the input has none, written as the column's values are.</summary>
    public string? Default { get; init; }

    /// <summary>What values of the input become; others stay.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}
